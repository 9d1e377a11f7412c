//! A small market of its own for each test: a database, a Redis prefix, a relay, an indexer and the service.

use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use flate2::read::GzDecoder;
use halles_api::search::SearchPage;
use halles_domain::{
    Attributes, Category, CategoryId, CategoryTree, Currency, Description, Language, Listing, ListingStatus, Money,
    Seller, Slug, Title,
};
use halles_http::{RunningServer, Shutdown};
use halles_indexer::{Indexer, IndexerSettings, StatusWatch};
use halles_queue::changes::{ChangesSettings, Relay};
use halles_search::{App, Settings};
use halles_search_index::{SCHEMA_VERSION, WriterSettings};
use halles_store::{ListingContent, NewListing, NewSeller, StoreSettings, Writer};
use halles_telemetry::{Telemetry, TelemetrySettings};
use halles_testkit::{TestDatabase, TestRedis, eventually};
use reqwest::header::HeaderMap;
use reqwest::{Client, StatusCode};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// Long enough for a busy machine; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What the services sign with.
pub const SECRET: &str = "a secret for tests, and for nothing else";

pub const CERAMICS: CategoryId = CategoryId::new(1);
pub const BOWLS: CategoryId = CategoryId::new(2);
pub const JEWELLERY: CategoryId = CategoryId::new(3);

/// A market whose index nobody builds or searches yet.
pub struct Market {
    pub database: TestDatabase,
    pub redis: TestRedis,
    pub writer: Writer,
    pub seller: Seller,
    pub directory: TempDir,
    relay: JoinHandle<()>,
}

/// An indexer at work; killed without a word when it is dropped.
pub struct RunningIndexer {
    pub status: StatusWatch,
    shutdown: Shutdown,
    work: Option<JoinHandle<()>>,
}

/// A search service that answers.
pub struct RunningSearch {
    pub server: RunningServer,
    client: Client,
    _beside: Box<dyn Send + Sync>,
}

/// An answer that was read to its end; its body is decoded.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header; nothing for one that is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }
}

impl Market {
    pub async fn open() -> Self {
        let database = TestDatabase::create().await;
        let redis = TestRedis::cache();
        let writer = Writer::new(&store(&database)).expect("a writer");
        writer.replace_categories(&tree()).await.expect("categories");
        let slug = Slug::from_text("atelier-zoe").expect("a slug");
        let new = NewSeller { slug, name: "L'atelier de Zoé".into(), description: String::new(), place: None };
        let seller = writer.insert_seller(&new).await.expect("a shop");
        let relay = Relay::connect(writer.clone(), &changes(&redis)).await.expect("a relay");
        let relay = tokio::spawn(async move {
            relay.run().await;
        });
        let directory = tempfile::tempdir().expect("a temporary directory");
        database.wait_for_replica().await;
        Self { database, redis, writer, seller, directory, relay }
    }

    /// A market with an indexer at work and a service that has its index.
    pub async fn open_with_search() -> (Self, RunningIndexer, RunningSearch) {
        let market = Self::open().await;
        let indexer = market.start_indexer("indexer").await;
        let search = market.start_search("search").await;
        search.wait_until_ready().await;
        (market, indexer, search)
    }

    pub fn indexer_settings(&self, name: &str) -> IndexerSettings {
        let mut settings = IndexerSettings {
            store: store(&self.database),
            changes: changes(&self.redis),
            writer: WriterSettings { threads: 1, memory_bytes: 16 << 20 },
            ..IndexerSettings::default()
        };
        settings.index.store_url = self.store_url();
        settings.index.work_dir = self.directory.path().join(name);
        settings.indexing.commit_interval_ms = 50;
        settings.indexing.heartbeat_ms = 200;
        settings.indexing.takeover_after_ms = 1_000;
        settings
    }

    /// An indexer that leads.
    pub async fn start_indexer(&self, name: &str) -> RunningIndexer {
        let running = self.start_indexer_with(self.indexer_settings(name));
        running.wait_until_ready().await;
        running
    }

    pub fn start_indexer_with(&self, settings: IndexerSettings) -> RunningIndexer {
        let indexer = Indexer::new(settings).expect("an indexer");
        let status = indexer.status();
        let shutdown = Shutdown::new();
        let work = tokio::spawn(indexer.run(shutdown.clone()));
        RunningIndexer { status, shutdown, work: Some(work) }
    }

    pub async fn start_search(&self, name: &str) -> RunningSearch {
        self.start_search_with(name, |_| {}).await
    }

    pub async fn start_search_with(&self, name: &str, change: impl FnOnce(&mut Settings)) -> RunningSearch {
        let mut settings =
            Settings { store: store(&self.database), changes: changes(&self.redis), ..Settings::default() };
        settings.http.port = 0;
        settings.http.admin_port = 0;
        settings.http.drain_delay_ms = 0;
        settings.http.admission.rung_token = SECRET.into();
        settings.http.probe_interval_ms = 50;
        settings.signing.secret = SECRET.into();
        settings.cache.redis_url = self.redis.url.as_str().into();
        settings.cache.key_prefix = self.redis.prefix.clone();
        settings.index.store_url = self.store_url();
        settings.index.work_dir = self.directory.path().join(name);
        settings.search.poll_interval_ms = 50;
        // Tests that are about the warm-up set it themselves; the others must not find what it left.
        settings.search.warm_up.limit_ms = 0;
        change(&mut settings);
        let quiet = TelemetrySettings { log: "error".to_owned(), ..TelemetrySettings::default() };
        let telemetry = Telemetry::start("halles-search", &quiet).expect("telemetry");
        let app = App::build(settings).await.expect("the app is built");
        let (server, beside) = app.start(telemetry).expect("the service starts");
        // What goes over the wire is what the tests look at.
        let client = Client::builder().no_gzip().no_brotli().build().expect("a client");
        RunningSearch { server, client, _beside: Box::new(beside) }
    }

    fn store_url(&self) -> String {
        format!("file://{}", self.directory.path().join("store").display())
    }

    /// The files of one kind in the object store, oldest name first.
    pub fn objects(&self, kind: &str) -> Vec<PathBuf> {
        let entries =
            std::fs::read_dir(self.directory.path().join("store").join(format!("schema-{SCHEMA_VERSION}")).join(kind));
        let mut paths: Vec<PathBuf> =
            entries.into_iter().flatten().map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths
    }

    pub async fn publish(&self, title: &str) -> Listing {
        self.publish_as(content(title)).await
    }

    pub async fn publish_as(&self, content: ListingContent) -> Listing {
        let new = NewListing { seller_id: self.seller.id, source: None, published_at: None, content };
        self.writer.insert_listing(&new).await.expect("a listing")
    }

    pub async fn change(&self, listing: &Listing, content: ListingContent) -> Listing {
        self.writer.update_listing(listing.id, listing.version, &content).await.expect("a change")
    }
}

impl Drop for Market {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

impl RunningIndexer {
    pub async fn wait_until_ready(&self) {
        let waiting = tokio::time::timeout(PATIENCE, self.status.wait_for(|status| status.is_ready()));
        waiting.await.expect("the indexer leads or stands by");
    }

    /// Ends it in the middle of whatever it does, as a kill would, and waits until it is gone.
    pub async fn kill(mut self) {
        if let Some(work) = self.work.take() {
            work.abort();
            let _ = work.await;
        }
    }

    /// Ends it in an orderly way.
    pub async fn stop(mut self) {
        self.shutdown.request();
        if let Some(work) = self.work.take() {
            work.await.expect("no panic");
        }
    }
}

impl Drop for RunningIndexer {
    fn drop(&mut self) {
        if let Some(work) = &self.work {
            work.abort();
        }
    }
}

impl RunningSearch {
    pub async fn get(&self, path: &str) -> Answer {
        read(self.client.get(self.server.url(path))).await
    }

    /// The page in English.
    pub async fn get_en(&self, path: &str) -> Answer {
        read(self.client.get(self.server.url(path)).header("accept-language", "en")).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.client.get(self.server.url(path));
        read(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }

    pub async fn admin(&self, path: &str) -> Answer {
        read(self.client.get(self.server.admin_url(path))).await
    }

    /// Sets a rung of the ladder by hand.
    pub async fn set_rung(&self, rung: u8) {
        let order = format!(r#"{{"rung": {rung}, "seconds": 60, "why": "a test", "by": "a test"}}"#);
        let request = self.client.put(self.server.admin_url("/rung")).bearer_auth(SECRET);
        let answer = read(request.header("content-type", "application/json").body(order)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }

    pub async fn wait_until_ready(&self) {
        eventually("the service is ready", PATIENCE, async || self.admin("/readyz").await.status == StatusCode::OK)
            .await;
    }

    /// What the API finds, with parameters as they stand in an address.
    pub async fn find(&self, parameters: &str) -> SearchPage {
        let answer = self.get(&format!("/api/v1/search?{parameters}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{parameters}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("a page of results")
    }

    /// The numbers of the listings that the API finds, in order.
    pub async fn ids(&self, parameters: &str) -> Vec<i64> {
        self.find(parameters).await.listings.iter().map(|listing| listing.id).collect()
    }

    /// Waits until a search finds exactly these.
    pub async fn wait_for(&self, parameters: &str, expected: &[i64]) {
        let what = format!("{parameters} finds {expected:?}");
        eventually(&what, PATIENCE, async || self.ids(parameters).await == expected).await;
    }
}

async fn read(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.bytes().await.expect("a body");
    let mut body = String::new();
    match headers.get("content-encoding").map(|value| value.as_bytes()) {
        Some(b"gzip") => GzDecoder::new(&bytes[..]).read_to_string(&mut body),
        Some(b"br") => brotli::Decompressor::new(&bytes[..], 4_096).read_to_string(&mut body),
        _ => (&bytes[..]).read_to_string(&mut body),
    }
    .expect("a body that can be decoded");
    Answer { status, headers, body }
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

pub fn tree() -> CategoryTree {
    let category = |id: CategoryId, parent_id, slug: &str, name_fr: &str, name_en: &str| Category {
        id,
        parent_id,
        slug: Slug::from_text(slug).expect("a slug"),
        name_fr: name_fr.into(),
        name_en: name_en.into(),
        position: id.get(),
    };
    CategoryTree::new(vec![
        category(CERAMICS, None, "ceramique", "Céramique", "Ceramics"),
        category(BOWLS, Some(CERAMICS), "vaisselle", "Vaisselle", "Tableware"),
        category(JEWELLERY, None, "bijoux", "Bijoux", "Jewellery"),
    ])
    .expect("a tree")
}

/// A French piece of tableware for 20 euros; tests change what matters to them.
pub fn content(title: &str) -> ListingContent {
    ListingContent {
        category_id: BOWLS,
        status: ListingStatus::Published,
        language: Language::Fr,
        title: Title::new(title).expect("a title"),
        description: Description::default(),
        attributes: Attributes::default(),
        price: Some(euros(20)),
        place: None,
        photos: Vec::new(),
        on_hand: 3,
    }
}

pub fn euros(units: i64) -> Money {
    Money::new(units * 100, Currency::Eur).expect("a price")
}
