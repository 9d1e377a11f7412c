//! L2: what all instances share, in the cache Redis.
//!
//! Every entry has a TTL, and its first bytes carry its format and version, so that a script on the server can refuse
//! to put an older one in its place. A dropped entry leaves a tombstone: nothing but the version that the next entry
//! must have at least. Whatever goes wrong here is a miss.

mod debts;
mod envelope;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use halles_domain::Version;
use halles_redis::{Connection, Keys, RedisError, scripts};
use redis::Script;

use debts::Debts;
pub(crate) use envelope::{Content, Envelope, unix_ms};

use crate::CacheSettings;

/// The most entries that go into one command: beyond it, one command would hold up everybody else's for milliseconds.
const MAX_ENTRIES_AT_ONCE: usize = 500;

/// The shared tier. Cheap to clone; all kinds share one.
#[derive(Clone)]
pub struct SharedTier {
    inner: Arc<Inner>,
}

struct Inner {
    connection: Connection,
    keys: Keys,
    put_newer: Script,
    /// How long a tombstone stands.
    tombstone_life: Duration,
    /// Entries whose data was read up to this moment (in Unix milliseconds) are not trusted.
    trusted_since_ms: AtomicU64,
    debts: Debts,
}

/// An entry to write.
pub(crate) struct Put {
    pub(crate) key: String,
    pub(crate) envelope: Vec<u8>,
    pub(crate) life: Duration,
}

impl SharedTier {
    /// Connects to the cache Redis, if the settings name one. That it is away is no error.
    pub async fn connect(settings: &CacheSettings) -> Result<Option<Self>, RedisError> {
        if settings.redis_url.is_empty() {
            return Ok(None);
        }
        let connection = Connection::connect("cache", &settings.redis_url, &settings.redis).await?;
        let remembered = Duration::from_millis(settings.remember_versions_ms);
        let inner = Inner {
            connection,
            keys: settings.keys(),
            put_newer: scripts::put_newer(),
            tombstone_life: remembered,
            trusted_since_ms: AtomicU64::new(0),
            // Half of the time for which this process itself knows the versions: it is covered until then.
            debts: Debts::new(remembered / 2),
        };
        Ok(Some(Self { inner: Arc::new(inner) }))
    }

    /// Whether the cache Redis answers.
    pub(crate) fn is_up(&self) -> bool {
        self.inner.connection.is_up()
    }

    pub(crate) fn key(&self, kind: &str, key: &impl std::fmt::Display) -> String {
        self.inner.keys.cache_entry(kind, key)
    }

    /// What is there under `keys`, in their order and unread; all missing when Redis does not answer.
    pub(crate) async fn get(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, RedisError> {
        let mut found = Vec::with_capacity(keys.len());
        for some_keys in keys.chunks(MAX_ENTRIES_AT_ONCE) {
            let values: Vec<Option<Vec<u8>>> = self.inner.connection.query(redis::cmd("MGET").arg(some_keys)).await?;
            found.extend(values);
        }
        Ok(found)
    }

    /// Whether an entry whose data was read at this moment can be believed.
    pub(crate) fn trusts(&self, read_at_ms: u64) -> bool {
        // Within one millisecond nobody knows which came first.
        read_at_ms > self.inner.trusted_since_ms.load(Ordering::Acquire)
    }

    /// From now on, entries are believed only if their data was read after `moment_ms`.
    pub(crate) fn distrust_up_to(&self, moment_ms: u64) {
        self.inner.trusted_since_ms.fetch_max(moment_ms, Ordering::AcqRel);
    }

    /// Writes entries, except where there is a newer one already.
    pub(crate) async fn put(&self, puts: Vec<Put>) -> Result<(), RedisError> {
        self.write(&puts, true).await
    }

    /// Leaves tombstones: from now on only an entry of at least this version is written under these keys. What cannot
    /// be written now is owed, and written as soon as Redis is back.
    pub(crate) async fn bury(&self, format: u8, graves: HashMap<String, Version>) {
        if graves.is_empty() || self.try_bury(format, &graves).await.is_ok() {
            return;
        }
        if self.inner.debts.owe(format, graves) {
            tokio::spawn(debts::pay(Arc::downgrade(&self.inner)));
        }
    }

    async fn try_bury(&self, format: u8, graves: &HashMap<String, Version>) -> Result<(), RedisError> {
        let puts: Vec<Put> = graves
            .iter()
            .map(|(key, version)| Put {
                key: key.clone(),
                envelope: Envelope { format, version: *version, read_at_ms: 0, content: Content::Tombstone }.encode(),
                life: self.inner.tombstone_life,
            })
            .collect();
        self.write(&puts, false).await
    }

    async fn write(&self, puts: &[Put], replace_same: bool) -> Result<(), RedisError> {
        for some_puts in puts.chunks(MAX_ENTRIES_AT_ONCE) {
            let mut call = self.inner.put_newer.prepare_invoke();
            call.arg(i32::from(replace_same));
            for put in some_puts {
                // Redis refuses a life of nothing.
                let life_ms = u64::try_from(put.life.as_millis()).unwrap_or(u64::MAX).max(1);
                call.key(&put.key).arg(life_ms).arg(&put.envelope[..]);
            }
            self.inner.connection.invoke::<u64>(&call).await?;
        }
        Ok(())
    }
}
