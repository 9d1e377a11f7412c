//! What has to happen in one step on the server. The Lua files say what their keys and arguments are.

use redis::Script;

/// Writes cache entries, each only if what is there is not newer; see `scripts/put_newer.lua`.
pub fn put_newer() -> Script {
    Script::new(include_str!("scripts/put_newer.lua"))
}
