//! The origin of the model: reads the replica, in whatever mood it is in.

use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};

use halles_cache::{Loaded, Origin, OriginError};
use halles_domain::Version;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::sleep;

use super::ledger::Ledger;
use super::steps::Mood;

/// The ledger as everybody holds it.
#[derive(Clone)]
pub struct Books(Arc<Mutex<Ledger>>);

impl Books {
    pub fn new(ledger: Ledger) -> Self {
        Self(Arc::new(Mutex::new(ledger)))
    }

    pub fn open(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().expect("nobody panics over the books")
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Thing {
    pub version: i64,
}

/// The way of one instance to the replica.
pub struct ModelOrigin {
    pub books: Books,
    pub instance: usize,
    pub life: usize,
    pub mood: watch::Receiver<Mood>,
}

impl ModelOrigin {
    /// A process that was killed gets no further.
    async fn live_on(&self) {
        if self.books.open().life(self.instance) != self.life {
            pending().await
        }
    }
}

impl Origin for ModelOrigin {
    type Key = usize;
    type Value = Thing;
    const KIND: &'static str = "thing";
    const FORMAT: u8 = 1;
    const VERSION: Option<fn(&Thing) -> Version> = Some(|thing| Version::new(thing.version));

    async fn load(&self, keys: Vec<usize>) -> Loaded<Self> {
        let begin = |key: &usize| self.books.open().load_begins(self.instance, self.life, *key);
        let loads: Vec<usize> = keys.iter().map(begin).collect();
        let mood = *self.mood.borrow();
        sleep(mood.takes() / 2).await;
        match mood {
            Mood::Away => return Err(OriginError::Unavailable("it is dark".to_owned())),
            Mood::Hanging => pending().await,
            Mood::Willing | Mood::Slow => {}
        }
        self.live_on().await;
        let versions: Vec<i64> = loads.iter().map(|load| self.books.open().load_sees(*load)).collect();
        sleep(mood.takes() / 2).await;
        self.live_on().await;
        loads.iter().for_each(|load| self.books.open().load_ends(*load));
        let found = keys.into_iter().zip(versions).filter(|(_, version)| *version > 0);
        Ok(found.map(|(key, version)| (key, Thing { version })).collect())
    }
}
