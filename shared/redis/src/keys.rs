//! The name of every key that we keep in Redis. Nobody else puts one together.

use std::fmt::Display;

/// Builds keys under one prefix. The prefix carries a version: code that lays keys out differently uses another one,
/// so that old and new instances can run side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    prefix: String,
}

impl Keys {
    /// The prefix of this layout.
    pub const PREFIX: &str = "h1:";

    /// Keys under `prefix`; two marketplaces, or two tests, may share a server under two prefixes.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// A cache entry. What stands in braces decides about the slot in a cluster, so an entry and its lease lie together.
    pub fn cache_entry(&self, name: impl Display) -> String {
        format!("{}cache:{{{name}}}", self.prefix)
    }

    /// Who is loading a cache entry.
    pub fn cache_lease(&self, name: impl Display) -> String {
        format!("{}lease:{{{name}}}", self.prefix)
    }

    /// The moment up to which no cache entry is believed. Like the stream, it has no TTL.
    pub fn cache_distrusted(&self) -> String {
        format!("{}cache:distrusted", self.prefix)
    }

    /// The stream of changes, in cache Redis. It has no TTL, and `volatile-lfu` evicts only what has one.
    pub fn change_stream(&self) -> String {
        format!("{}changes", self.prefix)
    }

    /// How far the changes have been heard, and their cache entries dropped, by somebody who missed none of them.
    pub fn changes_heard(&self) -> String {
        format!("{}changes:heard", self.prefix)
    }

    /// The book of the waiting room, in cache Redis.
    pub fn waiting_room(&self) -> String {
        format!("{}waiting-room", self.prefix)
    }

    /// The log of requests to buy. It and what belongs to it are used together in scripts, so they share a slot.
    pub fn order_log(&self) -> String {
        format!("{}{{orders}}", self.prefix)
    }

    /// Requests to buy that could not be placed, for people to look at.
    pub fn order_log_dead(&self) -> String {
        format!("{}{{orders}}:dead", self.prefix)
    }

    /// The stream that tells what became of requests to buy.
    pub fn order_outcomes(&self) -> String {
        format!("{}{{orders}}:outcomes", self.prefix)
    }

    /// How fast the order log is being emptied.
    pub fn order_log_drain_rate(&self) -> String {
        format!("{}{{orders}}:drain-rate", self.prefix)
    }

    /// Who takes the order log at the moment.
    pub fn order_log_leader(&self) -> String {
        format!("{}{{orders}}:leader", self.prefix)
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new(Self::PREFIX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_keys_are_the_same() {
        let keys = Keys::default();
        let all = [
            keys.cache_entry("listing:1"),
            keys.cache_entry("listing:11"),
            keys.cache_lease("listing:1"),
            keys.cache_distrusted(),
            keys.change_stream(),
            keys.changes_heard(),
            keys.waiting_room(),
            keys.order_log(),
            keys.order_log_dead(),
            keys.order_outcomes(),
            keys.order_log_drain_rate(),
            keys.order_log_leader(),
        ];
        assert!(all.iter().all(|key| key.starts_with("h1:")));
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }
}
