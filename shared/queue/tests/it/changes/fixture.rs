//! A marketplace in which things change, and somebody who listens.

use std::collections::BTreeSet;
use std::time::Duration;

use halles_domain::{Change, ChangeSubject, FeedEvent, SellerId};
use halles_queue::changes::{ChangeFeed, ChangesSettings, Relay};
use halles_redis::RedisSettings;
use halles_settings::Secret;
use halles_store::{NewSeller, Reader, StoreSettings, Writer};
use halles_testkit::{TestDatabase, TestRedis, eventually};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Long enough for a busy machine; nobody waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A database, its outbox, and a stream.
pub struct Marketplace {
    pub writer: Writer,
    pub reader: Reader,
    pub settings: ChangesSettings,
    pub redis: TestRedis,
    store: StoreSettings,
    _database: TestDatabase,
}

impl Marketplace {
    pub async fn open() -> Self {
        let database = TestDatabase::create().await;
        let redis = TestRedis::cache();
        let store = StoreSettings {
            primary_url: Secret::new(database.primary_url.as_str()),
            replica_url: Secret::new(database.replica_url.as_str()),
            ..StoreSettings::default()
        };
        let settings = ChangesSettings {
            redis_url: Secret::new(redis.url.as_str()),
            key_prefix: redis.prefix.clone(),
            redis: RedisSettings { reconnect_pause_ms: 50, response_timeout_ms: 300, ..RedisSettings::for_log() },
            relay_takeover_ms: 50,
            feed_block_ms: 100,
            fall_back_after_ms: 200,
            poll_every_ms: 20,
            ..ChangesSettings::default()
        };
        Self {
            writer: Writer::new(&store).expect("a writer"),
            reader: reader(&store),
            settings,
            redis,
            store,
            _database: database,
        }
    }

    /// The same stream, reached through another address.
    pub fn settings_through(&self, redis_url: &str) -> ChangesSettings {
        ChangesSettings { redis_url: Secret::new(redis_url), ..self.settings.clone() }
    }

    /// A reader whose replica is reached through another address, with no way to the primary.
    pub fn reader_through(&self, replica_url: &str) -> Reader {
        let store = StoreSettings {
            primary_url: Secret::default(),
            replica_url: Secret::new(replica_url),
            outage_probe_ms: 20,
            ..self.store.clone()
        };
        reader(&store)
    }

    pub fn replica_url(&self) -> &str {
        self.store.replica_url.expose()
    }

    /// Opens shops, each of which is a change.
    pub async fn open_shops(&self, count: usize) -> BTreeSet<SellerId> {
        let mut ids = BTreeSet::new();
        for _ in 0..count {
            let slug = format!("shop-{}", uuid::Uuid::new_v4().simple()).parse().expect("a slug");
            let shop = NewSeller { slug, name: "Atelier".to_owned(), description: String::new(), place: None };
            ids.insert(self.writer.insert_seller(&shop).await.expect("a shop").id);
        }
        ids
    }

    /// A relay at work until it is aborted.
    pub async fn start_relay(&self, settings: &ChangesSettings) -> JoinHandle<()> {
        let relay = Relay::connect(self.writer.clone(), settings).await.expect("a relay");
        tokio::spawn(async move {
            relay.run().await;
        })
    }

    pub async fn feed_from_now(&self) -> Listener {
        Listener::new(ChangeFeed::from_now(&self.settings, self.reader.clone()).await.expect("a feed"))
    }

    /// Sends a command to the stream's Redis behind everybody's back.
    pub async fn meddle<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> T {
        let client = redis::Client::open(self.redis.url.as_str()).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
        command.query_async(&mut connection).await.expect("the command works")
    }

    /// Waits until the relay has brought so many entries into the stream.
    pub async fn wait_for_entries(&self, count: usize) {
        let has_them = async || self.meddle::<usize>(redis::cmd("XLEN").arg(self.stream_key())).await >= count;
        eventually("the relay publishes", PATIENCE, has_them).await;
    }

    pub fn stream_key(&self) -> String {
        format!("{}changes", self.redis.prefix)
    }
}

fn reader(store: &StoreSettings) -> Reader {
    Reader::new(store).expect("a reader")
}

/// Notes down everything that a feed says.
pub struct Listener {
    feed: ChangeFeed,
    pub heard: Vec<Change>,
    pub losses: usize,
}

impl Listener {
    pub const fn new(feed: ChangeFeed) -> Self {
        Self { feed, heard: Vec::new(), losses: 0 }
    }

    /// Waits for the next event and notes it down.
    pub async fn listen_once(&mut self) -> FeedEvent {
        let event = timeout(PATIENCE, self.feed.next()).await.expect("the feed says something");
        match &event {
            FeedEvent::Changes(changes) => self.heard.extend(changes),
            FeedEvent::Lost => self.losses += 1,
        }
        event
    }

    /// Listens until every one of these shops was heard of.
    pub async fn listen_for(&mut self, shops: &BTreeSet<SellerId>) {
        while !self.shops().is_superset(shops) {
            self.listen_once().await;
        }
    }

    /// Listens until the feed says that it has lost something.
    pub async fn listen_for_loss(&mut self) {
        while self.listen_once().await != FeedEvent::Lost {}
    }

    pub fn shops(&self) -> BTreeSet<SellerId> {
        self.heard.iter().filter_map(shop).collect()
    }
}

pub fn shop(change: &Change) -> Option<SellerId> {
    match change.subject {
        ChangeSubject::Seller { id } => Some(id),
        _ => None,
    }
}
