//! The short way to a thing that is asked for all the time.

use std::cell::{Cell, RefCell};
use std::hash::Hash;
use std::sync::{Arc, Weak};

use tokio::time::Instant;

use super::{DerivedCache, DerivedStatus, Entry, Inner};
use crate::meters::{Level, Outcome};

/// Where moka stops counting how often a thing was asked for (TinyLFU has four bits for it). So this many questions are
/// asked through moka itself, and then, since it forgets by halves, one in as many: what is popular stays known as popular.
const COUNTED: u32 = 16;

/// Leads one thread to one thing, for most questions without looking it up. It keeps nothing alive: what the cache has
/// let go is not found here either.
pub struct ShortWay<K: Eq + Hash, V, E> {
    inner: Arc<Inner<K, V, E>>,
    key: K,
    entry: RefCell<Weak<Entry<V>>>,
    asked: Cell<u32>,
}

impl<K, V, E> DerivedCache<K, V, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// The short way to the thing under `key`.
    pub fn short_way_to(&self, key: K) -> ShortWay<K, V, E> {
        ShortWay { inner: Arc::clone(&self.inner), key, entry: RefCell::new(Weak::new()), asked: Cell::new(0) }
    }
}

impl<K, V, E> ShortWay<K, V, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// The thing if it is ready, and so far from its end that nobody has to think of making it anew.
    pub fn find(&self) -> Option<(Arc<V>, DerivedStatus)> {
        let now = Instant::now();
        let entry = self.known(now).or_else(|| self.look_up(now))?;
        if self.inner.time_to_renew(&entry, now).is_some() {
            return None;
        }
        self.inner.meters.count(Level::Page, Outcome::Hit, 1);
        Some((Arc::clone(&entry.value), entry.came_ready(now)))
    }

    fn known(&self, now: Instant) -> Option<Arc<Entry<V>>> {
        let asked = self.asked.get();
        self.asked.set(asked.wrapping_add(1));
        let is_counted = asked < COUNTED || asked.is_multiple_of(COUNTED);
        let entry = (!is_counted).then(|| self.entry.borrow().upgrade())??;
        self.inner.is_good(&entry, now).then_some(entry)
    }

    fn look_up(&self, now: Instant) -> Option<Arc<Entry<V>>> {
        let entry = self.inner.find_good(&self.key, now)?;
        *self.entry.borrow_mut() = Arc::downgrade(&entry);
        Some(entry)
    }
}
