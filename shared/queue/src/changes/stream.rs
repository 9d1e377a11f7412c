//! The change stream in Redis.

use halles_domain::{Change, ChangePosition};
use halles_redis::{Connection, RedisError};
use redis::streams::{StreamId, StreamRangeReply, StreamReadReply};

use super::entry::{self, EntryId, Link};
use super::settings::ChangesSettings;

/// The change stream. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ChangeStream {
    connection: Connection,
    key: String,
    heard_key: String,
    max_entries: u64,
}

/// An entry of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: EntryId,
    /// What it tells; none when it could not be read.
    pub(super) link: Option<Link>,
}

impl ChangeStream {
    /// Connects to publish, if the settings name a Redis. That it is away is no error.
    pub async fn connect(settings: &ChangesSettings) -> Result<Option<Self>, RedisError> {
        Self::open("changes", settings, settings.redis.clone()).await
    }

    /// A connection of its own, for reads that wait on the server.
    pub(super) async fn connect_to_follow(settings: &ChangesSettings) -> Result<Option<Self>, RedisError> {
        Self::open("change_feed", settings, settings.redis.blocking_for(settings.feed_block())).await
    }

    async fn open(
        name: &'static str,
        settings: &ChangesSettings,
        redis: halles_redis::RedisSettings,
    ) -> Result<Option<Self>, RedisError> {
        if settings.redis_url.is_empty() {
            return Ok(None);
        }
        let connection = Connection::connect(name, &settings.redis_url, &redis).await?;
        let keys = settings.keys();
        let (key, heard_key) = (keys.change_stream(), keys.changes_heard());
        Ok(Some(Self { connection, key, heard_key, max_entries: settings.max_stream_entries }))
    }

    /// Whether Redis is there.
    pub fn is_up(&self) -> bool {
        self.connection.is_up()
    }

    /// Appends changes, the first of which came right after `after`, in one round trip. After an error some of them may
    /// be there.
    pub async fn publish(&self, after: ChangePosition, changes: &[Change]) -> Result<(), RedisError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut pipeline = redis::pipe();
        let mut after = after;
        for change in changes {
            let mut command = redis::cmd("XADD");
            command.arg(&self.key).arg("MAXLEN").arg("~").arg(self.max_entries).arg("*");
            entry::write(&mut command, &Link { after, change: *change });
            pipeline.add_command(command).ignore();
            after = change.position;
        }
        self.connection.query_pipeline(&pipeline).await
    }

    pub(super) async fn wait_until_up(&self) {
        self.connection.wait_until_up().await;
    }

    /// The newest entry.
    pub(super) async fn tail(&self) -> Result<Option<Entry>, RedisError> {
        let range: StreamRangeReply =
            self.connection.query(redis::cmd("XREVRANGE").arg(&self.key).arg("+").arg("-").arg("COUNT").arg(1)).await?;
        range.ids.first().map(entry_of).transpose()
    }

    /// How far the changes have been heard by somebody; none when nobody has said so.
    pub(super) async fn fetch_heard(&self) -> Result<Option<ChangePosition>, RedisError> {
        let heard: Option<String> = self.connection.query(redis::cmd("GET").arg(&self.heard_key)).await?;
        Ok(heard.and_then(|position| position.parse().ok()))
    }

    /// Says how far the changes have been heard. That another one has heard more, and is overwritten, is harmless.
    pub(super) async fn save_heard(&self, position: ChangePosition) -> Result<(), RedisError> {
        self.connection.query(redis::cmd("SET").arg(&self.heard_key).arg(position.to_string())).await
    }

    /// The entries after `place`; waits for some, and comes back without any when the time for it is up.
    pub(super) async fn read_after(
        &self,
        place: EntryId,
        settings: &ChangesSettings,
    ) -> Result<Vec<Entry>, RedisError> {
        let mut command = redis::cmd("XREAD");
        command.arg("COUNT").arg(settings.batch_size).arg("BLOCK").arg(settings.feed_block_ms);
        command.arg("STREAMS").arg(&self.key).arg(place.to_string());
        let reply: Option<StreamReadReply> = self.connection.query(&command).await?;
        let ids = reply.into_iter().flat_map(|reply| reply.keys).flat_map(|stream| stream.ids);
        ids.map(|entry| entry_of(&entry)).collect()
    }
}

fn entry_of(entry: &StreamId) -> Result<Entry, RedisError> {
    let unexpected = |()| RedisError::Unexpected(format!("a stream entry called {}", entry.id));
    Ok(Entry { id: entry.id.parse().map_err(unexpected)?, link: entry::read(&entry.map) })
}
