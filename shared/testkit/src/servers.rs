//! Where the test servers are.

use url::Url;

/// The address in the environment variable `name`.
pub(crate) fn address(name: &str) -> Url {
    let Ok(text) = std::env::var(name) else {
        panic!("{name} is not set: these tests need real servers, run them with `cargo dev test`");
    };
    text.parse().unwrap_or_else(|error| panic!("{name} is no address: {error}"))
}

/// The same server's `database`, for `role` (or the role that `server` names).
pub(crate) fn database(server: &Url, database: &str, role: Option<&str>) -> Url {
    let mut url = server.clone();
    url.set_path(database);
    if let Some(role) = role {
        url.set_username(role).expect("the address of a server takes a role");
    }
    url
}
