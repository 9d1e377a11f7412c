//! L2: what all instances share, in the cache Redis.
//!
//! Every entry has a TTL and a version, and an older one never takes a newer one's place. A dropped entry leaves a
//! tombstone: nothing but the version that the next entry must have at least. Whoever is to load a missing entry gets a
//! lease, so that the fleet loads it once. When changes could not be told to it, nobody believes what is from before: see
//! [`doubts`]. Whatever goes wrong here is a miss.

mod debts;
mod doubts;
mod entries;
mod envelope;
mod redis_entries;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use halles_domain::Version;
use halles_redis::{Connection, RedisError};

use debts::Debts;
use doubts::Doubts;
pub use entries::{
    Answer, Answers, Asker, Content, Lease, Owner, Put, Question, Seen, SharedEntries, Sighting, StoredEntry,
};
use redis_entries::RedisEntries;

use crate::{CacheSettings, WallClock};

/// The shared tier. Cheap to clone; all kinds share one.
#[derive(Clone)]
pub struct SharedTier {
    inner: Arc<Inner>,
}

struct Inner {
    entries: Arc<dyn SharedEntries>,
    clock: WallClock,
    /// How long a tombstone stands.
    tombstone_life: Duration,
    lease_life: Duration,
    /// How long it takes until what happens now is seen wherever somebody reads.
    settle: Duration,
    doubts: Doubts,
    debts: Debts,
}

impl SharedTier {
    /// Connects to the cache Redis, if the settings name one. That it is away is no error.
    pub async fn connect(settings: &CacheSettings) -> Result<Option<Self>, RedisError> {
        if settings.redis_url.is_empty() {
            return Ok(None);
        }
        let connection = Connection::connect("cache", &settings.redis_url, &settings.redis).await?;
        let entries = RedisEntries::new(connection, settings.keys());
        let tier = Self::over(Arc::new(entries), WallClock::new(), settings);
        // Whoever starts while Redis is there believes what it has from the first request on.
        tier.share_doubts().await;
        Ok(Some(tier))
    }

    /// A tier over shared entries, wherever they are. To be called in a runtime, where it looks after itself.
    pub fn over(entries: Arc<dyn SharedEntries>, clock: WallClock, settings: &CacheSettings) -> Self {
        let remembered = Duration::from_millis(settings.remember_versions_ms);
        let inner = Inner {
            entries,
            clock,
            tombstone_life: remembered,
            lease_life: Duration::from_millis(settings.lease_ms),
            settle: Duration::from_millis(settings.settle_ms),
            doubts: Doubts::new(),
            // Half of the time for which this process itself knows the versions: it is covered until then.
            debts: Debts::new(remembered / 2),
        };
        let inner = Arc::new(inner);
        tokio::spawn(doubts::keep_sharing(Arc::downgrade(&inner)));
        Self { inner }
    }

    /// The entries and leases themselves.
    pub fn entries(&self) -> Arc<dyn SharedEntries> {
        Arc::clone(&self.inner.entries)
    }

    pub(crate) fn clock(&self) -> &WallClock {
        &self.inner.clock
    }

    /// Somebody who asks for entries of this format, and has no leases yet.
    pub(crate) fn asker(&self, format: u8) -> Asker {
        Asker { owner: Owner(rand::random()), lease_life: self.inner.lease_life, format }
    }

    /// See [`SharedEntries::look_up`]; what is not trusted will not do.
    pub(crate) async fn look_up(
        &self,
        asker: Asker,
        mut questions: Vec<Question>,
    ) -> Vec<Result<Sighting, RedisError>> {
        let doubted_up_to_ms = self.inner.doubts.up_to_ms();
        for question in &mut questions {
            question.read_after_ms = question.read_after_ms.max(doubted_up_to_ms);
        }
        self.inner.entries.look_up(asker, &questions).await
    }

    /// Whether an entry whose data was read at this moment can be believed.
    pub(crate) fn trusts(&self, read_at_ms: u64) -> bool {
        // Within one millisecond nobody knows which came first.
        read_at_ms > self.inner.doubts.up_to_ms()
    }

    /// From now on, this process believes entries only if their data was read after `moment_ms`.
    pub(crate) fn distrust_up_to(&self, moment_ms: u64) {
        self.inner.doubts.note_own(moment_ms);
    }

    /// Tells somebody, whenever it turns out, up to which moment (Unix milliseconds) nobody believes anything any more.
    pub(crate) fn when_doubted(&self, listener: impl Fn(u64) + Send + Sync + 'static) {
        self.inner.doubts.listen(Box::new(listener));
    }

    /// Writes entries, except where there is a newer one already, and gives back their leases. How many failed.
    pub(crate) async fn put(&self, owner: Owner, puts: &[Put]) -> usize {
        self.inner.entries.put(owner, puts).await.iter().filter(|put| put.is_err()).count()
    }

    /// Gives back leases. When that does not work, they end by themselves.
    pub(crate) async fn release(&self, owner: Owner, names: &[String]) {
        self.inner.entries.release(owner, names).await;
    }

    /// Leaves tombstones: from now on only an entry of at least this version is written under these names. What cannot
    /// be written now is owed, and written as soon as Redis is back.
    pub(crate) async fn bury(&self, format: u8, graves: HashMap<String, Version>) {
        if graves.is_empty() {
            return;
        }
        let life = self.inner.tombstone_life;
        let tombstone = |(name, version)| Put { name, entry: StoredEntry::tombstone(format, version), life };
        let failed = self.try_bury(graves.into_iter().map(tombstone).collect()).await;
        if !failed.is_empty() && self.inner.debts.owe(failed) {
            tokio::spawn(debts::pay(Arc::downgrade(&self.inner)));
        }
    }

    /// What could not be written.
    async fn try_bury(&self, tombstones: Vec<Put>) -> Vec<Put> {
        let buried = self.inner.entries.bury(&tombstones).await;
        let failed = tombstones.into_iter().zip(buried).filter(|(_, buried)| buried.is_err());
        failed.map(|(tombstone, _)| tombstone).collect()
    }
}
