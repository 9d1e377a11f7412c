//! The versions that are known to exist, remembered for a while after a change.
//!
//! Two generations of a map: what is noted goes into the young one; when that has lived its time (or is full), it
//! becomes the old one and the old one is forgotten. So everything is remembered for at least one lifetime and at most
//! two, at the price of two look-ups, and the memory is bounded.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use halles_domain::Version;
use tokio::time::Instant;

pub(crate) struct KnownVersions<K> {
    remembered_for: Duration,
    most: usize,
    generations: Mutex<Generations<K>>,
}

struct Generations<K> {
    young: HashMap<K, Version>,
    old: HashMap<K, Version>,
    young_since: Instant,
}

impl<K: Eq + Hash + Clone> KnownVersions<K> {
    pub(crate) fn new(remembered_for: Duration, most: usize) -> Self {
        let generations = Generations { young: HashMap::new(), old: HashMap::new(), young_since: Instant::now() };
        Self { remembered_for, most, generations: Mutex::new(generations) }
    }

    /// Notes that this version exists; false when as much was known.
    pub(crate) fn note(&self, key: &K, version: Version) -> bool {
        let mut generations = self.lock();
        self.grow_old(&mut generations);
        let highest = generations.old.get(key).copied().unwrap_or_default();
        let known = generations.young.entry(key.clone()).or_insert(highest);
        let is_news = version > *known;
        *known = version.max(*known);
        is_news
    }

    /// The highest version of `key` that is known to exist; the lowest there is when nothing is known.
    pub(crate) fn get(&self, key: &K) -> Version {
        let mut generations = self.lock();
        self.grow_old(&mut generations);
        let in_generation = |generation: &HashMap<K, Version>| generation.get(key).copied().unwrap_or_default();
        in_generation(&generations.young).max(in_generation(&generations.old))
    }

    fn grow_old(&self, generations: &mut Generations<K>) {
        let age = generations.young_since.elapsed();
        if age < self.remembered_for && generations.young.len() < self.most / 2 {
            return;
        }
        generations.old = std::mem::take(&mut generations.young);
        if age >= 2 * self.remembered_for {
            generations.old.clear();
        }
        generations.young_since = Instant::now();
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K>> {
        // Nothing panics while holding the lock.
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn the_highest_version_is_remembered_for_its_time_and_then_forgotten() {
        let known = KnownVersions::new(LIFE, 100);
        assert!(known.note(&"bowl", Version::new(7)));
        assert!(!known.note(&"bowl", Version::new(5)) && !known.note(&"bowl", Version::new(7)));
        assert_eq!(known.get(&"bowl"), Version::new(7));
        assert_eq!(known.get(&"vase"), Version::default());
        tokio::time::advance(LIFE).await;
        assert_eq!(known.get(&"bowl"), Version::new(7));
        tokio::time::advance(LIFE).await;
        assert_eq!(known.get(&"bowl"), Version::default());
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded() {
        let known = KnownVersions::new(LIFE, 100);
        for key in 0..1_000 {
            known.note(&key, Version::new(1));
        }
        let remembered = (0..1_000).filter(|key| known.get(key) > Version::default()).count();
        assert!((50..=100).contains(&remembered), "{remembered}");
        assert_eq!(known.get(&999), Version::new(1), "the latest are the ones remembered");
    }
}
