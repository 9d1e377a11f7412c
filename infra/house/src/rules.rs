//! The rules.

/// A library or tool of ours, and what it may be built on. Arrows point down only: a crate may use those above it in
/// this list, and of them only the named ones.
pub struct Layer {
    /// The crate.
    pub name: &'static str,
    /// The crates of ours that it may depend on.
    pub may_use: &'static [&'static str],
}

/// Every crate of ours, bottom first.
pub const LAYERS: [Layer; 29] = [
    Layer { name: "halles-domain", may_use: &[] },
    Layer { name: "halles-settings", may_use: &[] },
    Layer { name: "halles-resilience", may_use: &[] },
    Layer { name: "halles-telemetry", may_use: &["halles-settings"] },
    Layer { name: "halles-api", may_use: &["halles-domain"] },
    Layer { name: "halles-redis", may_use: &["halles-domain", "halles-settings", "halles-resilience"] },
    Layer { name: "halles-store", may_use: &["halles-domain", "halles-settings", "halles-resilience"] },
    Layer { name: "halles-search-index", may_use: &["halles-domain", "halles-settings", "halles-resilience"] },
    Layer { name: "halles-queue", may_use: &DATA },
    Layer { name: "halles-cache", may_use: &DATA },
    Layer { name: "halles-pages", may_use: &["halles-domain", "halles-api"] },
    Layer {
        name: "halles-http",
        may_use: &["halles-domain", "halles-api", "halles-settings", "halles-resilience", "halles-telemetry"],
    },
    Layer { name: "halles-mail", may_use: &["halles-domain", "halles-settings", "halles-resilience"] },
    Layer { name: "halles-payment", may_use: &["halles-domain", "halles-settings", "halles-resilience"] },
    Layer { name: "halles-testkit", may_use: &["halles-domain", "halles-store"] },
    Layer { name: "halles-listing", may_use: &SHARED },
    Layer { name: "halles-search", may_use: &SHARED },
    Layer { name: "halles-order", may_use: &SHARED },
    Layer { name: "halles-order-worker", may_use: &SHARED },
    Layer { name: "halles-indexer", may_use: &SHARED },
    Layer {
        name: "halles-migrate",
        may_use: &["halles-settings", "halles-resilience", "halles-telemetry", "halles-store"],
    },
    Layer {
        name: "halles-catalogue",
        may_use: &["halles-domain", "halles-settings", "halles-resilience", "halles-store"],
    },
    Layer {
        name: "halles-dev",
        may_use: &[
            "halles-domain",
            "halles-settings",
            "halles-telemetry",
            "halles-store",
            "halles-queue",
            "halles-payment",
            "halles-catalogue",
        ],
    },
    Layer { name: "halles-mailbox", may_use: &["halles-settings", "halles-telemetry", "halles-http"] },
    Layer {
        name: "halles-payments",
        may_use: &[
            "halles-domain",
            "halles-settings",
            "halles-resilience",
            "halles-telemetry",
            "halles-http",
            "halles-payment",
        ],
    },
    Layer { name: "halles-relevance", may_use: &["halles-domain", "halles-search-index"] },
    Layer { name: "halles-yardstick", may_use: &["halles-domain", "halles-store", "halles-search-index"] },
    Layer { name: "halles-loadtest", may_use: &["halles-domain", "halles-api"] },
    Layer { name: "halles-house", may_use: &[] },
];

/// What the two crates between the data stores and the services are built on.
const DATA: [&str; 5] = ["halles-domain", "halles-settings", "halles-resilience", "halles-redis", "halles-store"];

/// What a service may be built on: any library but the test kit, and no other service. How Redis is spoken to is for
/// the cache and the queue to know.
const SHARED: [&str; 13] = [
    "halles-domain",
    "halles-settings",
    "halles-resilience",
    "halles-telemetry",
    "halles-api",
    "halles-store",
    "halles-search-index",
    "halles-queue",
    "halles-cache",
    "halles-pages",
    "halles-http",
    "halles-mail",
    "halles-payment",
];

/// A crate of outside that only some of ours may touch, so that the rest does not get to know it.
pub struct Guarded {
    /// The crate of outside.
    pub name: &'static str,
    /// Ours that may depend on it.
    pub users: &'static [&'static str],
}

/// The technologies, each behind the crates that hide it. `deny.toml` says the same about everything that is built.
pub const GUARDED: [Guarded; 10] = [
    Guarded {
        name: "actix-web",
        users: &[
            "halles-http",
            "halles-listing",
            "halles-search",
            "halles-order",
            "halles-dev",
            "halles-mailbox",
            "halles-payments",
        ],
    },
    Guarded { name: "deadpool-postgres", users: &["halles-store"] },
    Guarded { name: "goose", users: &["halles-loadtest"] },
    Guarded { name: "lettre", users: &["halles-mail"] },
    Guarded { name: "moka", users: &["halles-cache"] },
    Guarded { name: "object_store", users: &["halles-search-index"] },
    Guarded { name: "redis", users: &["halles-redis", "halles-cache", "halles-queue", "halles-testkit"] },
    Guarded { name: "refinery", users: &["halles-store"] },
    Guarded { name: "tantivy", users: &["halles-search-index", "halles-relevance"] },
    Guarded { name: "tokio-postgres", users: &["halles-store", "halles-relevance", "halles-testkit"] },
];

/// Nothing that is shipped may need it. What tests depend on is otherwise free.
pub const ONLY_IN_TESTS: &str = "halles-testkit";

/// Integration test programs beside `it`, by crate. Each is linked again, so there is a reason: what operators rely on needs a
/// whole stack of its own, which must not share its minutes with the walk through the shop.
pub const MORE_TEST_PROGRAMS: [(&str, &str); 1] = [("halles-dev", "operations")];

/// The most lines of a source file, without its tests. (Aim at 300.)
pub const MAX_LINES: usize = 500;

/// Names that say nothing about what is inside.
pub const EMPTY_NAMES: [&str; 7] = ["common", "core", "helper", "helpers", "manager", "util", "utils"];

/// Where our sources are.
pub const SOURCE_FOLDERS: [&str; 4] = ["services", "shared", "infra", "loadtest"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layers_are_listed_bottom_first() {
        for (height, layer) in LAYERS.iter().enumerate() {
            for used in layer.may_use {
                let is_below = LAYERS[..height].iter().any(|lower| lower.name == *used);
                assert!(is_below, "{used} stands above {}", layer.name);
            }
        }
    }
}
