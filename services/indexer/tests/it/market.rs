//! A catalogue whose changes are relayed, indexers for it, and a reader of their index.

use std::time::{Duration, Instant};

use halles_domain::{
    Attributes, Category, CategoryId, CategoryTree, Currency, Description, Language, ListingStatus, Money, Seller,
    Slug, Title,
};
use halles_http::Shutdown;
use halles_indexer::{Indexer, IndexerSettings, StatusWatch};
use halles_queue::changes::{ChangesSettings, Relay};
use halles_search_index::{LocalFiles, Manifest, SearchQuery, SearchText, Snapshots, WriterSettings};
use halles_store::{ListingContent, NewListing, NewSeller, StoreSettings, Writer};
use halles_testkit::{TestDatabase, TestRedis, eventually};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::bucket::{Bucket, Door};

/// Long enough for a busy machine; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The catalogue, and an empty bucket.
pub struct Market {
    pub bucket: Bucket,
    /// The door that readers use.
    door: Door,
    database: TestDatabase,
    redis: TestRedis,
    writer: Writer,
    seller: Seller,
    pub directory: TempDir,
    relay: JoinHandle<()>,
}

/// An indexer at work; killed without a word when it is dropped.
pub struct RunningIndexer {
    pub status: StatusWatch,
    work: JoinHandle<()>,
}

impl Market {
    pub async fn open() -> Self {
        let (database, redis, bucket) = (TestDatabase::create().await, TestRedis::cache(), Bucket::new());
        let writer = Writer::new(&store(&database)).expect("a writer");
        writer.replace_categories(&tree()).await.expect("categories");
        let slug = Slug::from_text("atelier-zoe").expect("a slug");
        let new = NewSeller { slug, name: "L'atelier de Zoé".into(), description: String::new(), place: None };
        let seller = writer.insert_seller(&new).await.expect("a shop");
        let relay = Relay::connect(writer.clone(), &changes(&redis)).await.expect("a relay");
        let relay = tokio::spawn(async move {
            relay.run().await;
        });
        database.wait_for_replica().await;
        let door = bucket.door().await;
        let directory = tempfile::tempdir().expect("a temporary directory");
        Self { bucket, door, database, redis, writer, seller, directory, relay }
    }

    /// An indexer that reaches the bucket through `door`, with settings of its own.
    pub fn start_indexer(&self, name: &str, door: &Door, change: impl FnOnce(&mut IndexerSettings)) -> RunningIndexer {
        let mut settings = IndexerSettings {
            store: store(&self.database),
            changes: changes(&self.redis),
            index: door.settings(self.directory.path().join(name)),
            writer: WriterSettings { threads: 1, memory_bytes: 16 << 20 },
            ..IndexerSettings::default()
        };
        settings.indexing.commit_interval_ms = 50;
        settings.indexing.heartbeat_ms = 200;
        settings.indexing.takeover_after_ms = 2_000;
        change(&mut settings);
        let indexer = Indexer::new(settings).expect("an indexer");
        let status = indexer.status();
        RunningIndexer { status, work: tokio::spawn(indexer.run(Shutdown::new())) }
    }

    /// Publishes a listing with this title.
    pub async fn publish(&self, title: &str) -> i64 {
        let content = ListingContent {
            category_id: CategoryId::new(1),
            status: ListingStatus::Published,
            language: Language::Fr,
            title: Title::new(title).expect("a title"),
            description: Description::default(),
            attributes: Attributes::default(),
            price: Some(Money::new(2_000, Currency::Eur).expect("a price")),
            place: None,
            photos: Vec::new(),
            on_hand: 3,
        };
        let new = NewListing { seller_id: self.seller.id, source: None, published_at: None, content };
        self.writer.insert_listing(&new).await.expect("a listing").id.get()
    }

    pub fn snapshots(&self) -> Snapshots {
        Snapshots::open(&self.door.settings(self.directory.path().join("reader"))).expect("a store")
    }

    /// Every generation that can be read, oldest first. One that is cleared away between two looks is left out.
    pub async fn manifests(&self) -> Vec<Manifest> {
        let snapshots = self.snapshots();
        let mut manifests = Vec::new();
        for generation in snapshots.list_generations_after(None).await.expect("a list") {
            match snapshots.fetch_manifest(generation).await {
                Ok(manifest) => manifests.push(manifest),
                Err(error) => assert!(error.is_absent(), "{error}"),
            }
        }
        manifests
    }

    /// The newest generation's manifest, if there is one.
    pub async fn newest(&self) -> Option<Manifest> {
        let snapshots = self.snapshots();
        let newest = snapshots.list_generations_after(None).await.expect("a list").pop()?;
        Some(snapshots.fetch_manifest(newest).await.expect("a manifest"))
    }

    /// Waits until the newest generation has so many listings.
    pub async fn wait_for_documents(&self, count: u64) {
        let what = format!("{count} listings in the index");
        eventually(&what, PATIENCE, async || self.newest().await.is_some_and(|newest| newest.documents == count)).await;
    }

    /// The listings that the newest generation finds, fetched as a search instance fetches it.
    pub async fn find(&self, text: &str) -> Vec<i64> {
        let newest = self.newest().await.expect("a generation");
        let mut local = LocalFiles::open(&self.directory.path().join("reader")).await.expect("local files");
        let index = local.open_generation(&self.snapshots(), &newest).await.expect("an index");
        let query = SearchQuery { text: SearchText::new(text).expect("a text"), limit: 100, ..SearchQuery::default() };
        let hits = index.search(&query, Instant::now() + PATIENCE).expect("an answer");
        let mut ids: Vec<i64> = hits.ids.iter().map(|id| id.get()).collect();
        ids.sort_unstable();
        ids
    }
}

impl Drop for Market {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

impl RunningIndexer {
    /// Waits until it leads or stands by.
    pub async fn wait_until_ready(&self) {
        let ready = tokio::time::timeout(PATIENCE, self.status.wait_for(|status| status.is_ready()));
        ready.await.expect("the indexer leads or stands by");
    }

    /// Ends it in the middle of whatever it does, as a kill would, and waits until it is gone.
    pub async fn kill(mut self) {
        self.work.abort();
        let _ = (&mut self.work).await;
    }
}

impl Drop for RunningIndexer {
    fn drop(&mut self) {
        self.work.abort();
    }
}

fn store(database: &TestDatabase) -> StoreSettings {
    StoreSettings {
        replica_url: database.replica_url.as_str().into(),
        primary_url: database.primary_url.as_str().into(),
        replica_max_connections: 4,
        primary_max_connections: 2,
        acquire_timeout_ms: 5_000,
        ..StoreSettings::default()
    }
}

fn changes(redis: &TestRedis) -> ChangesSettings {
    ChangesSettings {
        redis_url: redis.url.as_str().into(),
        key_prefix: redis.prefix.clone(),
        ..ChangesSettings::default()
    }
}

fn tree() -> CategoryTree {
    CategoryTree::new(vec![Category {
        id: CategoryId::new(1),
        parent_id: None,
        slug: Slug::from_text("vaisselle").expect("a slug"),
        name_fr: "Vaisselle".into(),
        name_en: "Tableware".into(),
        position: 1,
    }])
    .expect("a tree")
}
