//! What a look into the cache found, and where.

use std::fmt;

use crate::freshness::Freshness;

/// A tier of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// This process's memory.
    L1,
    /// The cache Redis that all instances share.
    L2,
}

/// Which way an answer came. The order is from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CacheStatus {
    /// A tier had it, fresh.
    Hit(Tier),
    /// It was loaded from the store for this request, or for another one at the same time.
    Miss,
    /// A tier had it, a little too old and not known to have changed; it is being loaded afresh in the background.
    Revalidating(Tier),
    /// It was loaded from a replica that has not caught up with a change, or may not have, a moment ago at most.
    Lagging,
    /// The store could not be asked, so this is an expired entry.
    Stale,
}

impl CacheStatus {
    /// The status of an answer that was put together from two: the worse of them.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// As a member of the `Cache-Status` header (RFC 9211).
impl fmt::Display for CacheStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hit(Tier::L1) => "halles; hit; detail=l1",
            Self::Hit(Tier::L2) => "halles; hit; detail=l2",
            Self::Miss => "halles; fwd=miss",
            Self::Revalidating(Tier::L1) => "halles; hit; detail=l1-revalidating",
            Self::Revalidating(Tier::L2) => "halles; hit; detail=l2-revalidating",
            Self::Lagging => "halles; fwd=miss; detail=replica-may-lag",
            Self::Stale => "halles; fwd=stale; detail=origin-unavailable",
        })
    }
}

/// An answer, which way it came, and how long it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup<T> {
    /// The answer.
    pub value: T,
    /// Which way it came.
    pub status: CacheStatus,
    /// How long it holds.
    pub freshness: Freshness,
}

impl<T> Lookup<T> {
    /// An answer that needs no look at all.
    pub fn certain(value: T) -> Self {
        Self { value, status: CacheStatus::Hit(Tier::L1), freshness: Freshness::certain() }
    }

    /// The same way, with another answer made from this one.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Lookup<U> {
        Lookup { value: make(self.value), status: self.status, freshness: self.freshness }
    }

    /// The same way, with another answer made from this one, if it can be made.
    pub fn try_map<U, E>(self, make: impl FnOnce(T) -> Result<U, E>) -> Result<Lookup<U>, E> {
        let Self { value, status, freshness } = self;
        make(value).map(|value| Lookup { value, status, freshness })
    }

    /// This answer and another one: as good as the worse of them, for as long as both hold.
    pub fn and<U>(self, other: Lookup<U>) -> Lookup<(T, U)> {
        Lookup {
            value: (self.value, other.value),
            status: self.status.and(other.status),
            freshness: self.freshness.and(other.freshness),
        }
    }
}

impl<T> Lookup<Option<T>> {
    /// The answer if there is one, on the same way.
    pub fn transpose(self) -> Option<Lookup<T>> {
        let Self { value, status, freshness } = self;
        value.map(|value| Lookup { value, status, freshness })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_from_two_parts_is_as_good_as_the_worse_one() {
        let from_memory = CacheStatus::Hit(Tier::L1);
        assert_eq!(from_memory.and(CacheStatus::Hit(Tier::L2)), CacheStatus::Hit(Tier::L2));
        assert_eq!(CacheStatus::Stale.and(from_memory), CacheStatus::Stale);
        assert_eq!(CacheStatus::Miss.and(from_memory), CacheStatus::Miss);
    }

    #[test]
    fn is_written_as_a_header_member() {
        assert_eq!(CacheStatus::Hit(Tier::L1).to_string(), "halles; hit; detail=l1");
        assert_eq!(CacheStatus::Miss.to_string(), "halles; fwd=miss");
    }
}
