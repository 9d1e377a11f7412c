//! What has to happen in one step on the server. The Lua files say what their keys and arguments are.

use redis::Script;

/// Looks up cache entries, and asks for the leases of those that will not do; see `scripts/look_up.lua`.
pub fn look_up() -> Script {
    Script::new(include_str!("scripts/look_up.lua"))
}

/// Writes cache entries, each only if what is there is not newer; see `scripts/put_newer.lua`.
pub fn put_newer() -> Script {
    Script::new(include_str!("scripts/put_newer.lua"))
}

/// Raises the mark up to which no cache entry is believed; see `scripts/distrust.lua`.
pub fn distrust() -> Script {
    Script::new(include_str!("scripts/distrust.lua"))
}

/// Keeps the book of the waiting room; see `scripts/room.lua`.
pub fn room() -> Script {
    Script::new(include_str!("scripts/room.lua"))
}

/// Gives back leases; see `scripts/release.lua`.
pub fn release() -> Script {
    Script::new(include_str!("scripts/release.lua"))
}
