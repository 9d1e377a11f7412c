//! A small market of its own for each test: a database, a Redis prefix, and the service on a free port.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::read::GzDecoder;
use halles_domain::{
    Attributes, Category, CategoryId, CategoryTree, Currency, Description, Language, Listing, ListingId, ListingStatus,
    Money, Photo, Place, Seller, Title,
};
use halles_http::{RunningServer, Signer};
use halles_listing::{App, Settings};
use halles_queue::changes::Relay;
use halles_store::{ListingContent, NewListing, NewSeller, Reader, StoreSettings, Writer};
use halles_telemetry::{Telemetry, TelemetrySettings};
use halles_testkit::{TestDatabase, TestRedis, eventually};
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{Client, StatusCode, redirect};
use tokio::task::JoinHandle;

/// Long enough for a busy machine; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Whoever shows this may set rungs.
const RUNG_TOKEN: &str = "a token for tests, and for nothing else";

pub struct Market {
    pub database: Arc<TestDatabase>,
    pub redis: TestRedis,
    pub writer: Writer,
    pub seller: Seller,
    pub settings: Settings,
    pub service: Instance,
}

/// One instance of the service.
pub struct Instance {
    server: RunningServer,
    client: Client,
    _follower: Box<dyn Send>,
}

/// An answer that was read to its end; its body is decoded.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Market {
    /// A market with a category tree and one shop, served with the usual settings.
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// The same, with changed settings.
    pub async fn open_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::open_on(&Arc::new(TestDatabase::create().await), change).await
    }

    /// The same, on a database that the test already knows the way to.
    pub async fn open_on(database: &Arc<TestDatabase>, change: impl FnOnce(&mut Settings)) -> Self {
        let database = Arc::clone(database);
        let redis = TestRedis::cache();
        let writer = writer(&database);
        writer.replace_categories(&tree()).await.expect("categories");
        let seller = writer.insert_seller(&new_seller("l-atelier-du-port", "L'atelier du port")).await.expect("a shop");
        database.wait_for_replica().await;
        let mut settings = settings(&database, &redis);
        change(&mut settings);
        let service = Instance::start(settings.clone()).await;
        Self { database, redis, writer, seller, settings, service }
    }

    /// Another instance of the same service.
    pub async fn another_instance(&self) -> Instance {
        self.another_instance_with(self.settings.clone()).await
    }

    /// The same, with settings of its own.
    pub async fn another_instance_with(&self, settings: Settings) -> Instance {
        Instance::start(settings).await
    }

    /// The `Cookie` of somebody with so many pieces in their basket.
    pub fn basket_cookie(&self, pieces: u32) -> String {
        let sealed = Signer::new(&self.settings.signing).seal("basket v1", &format!("1x{pieces}"), Timestamp::now());
        format!("basket={sealed}")
    }

    /// Carries changes from the outbox to the change stream, as the order-worker does.
    pub async fn start_relay(&self) -> Relaying {
        let relay = Relay::connect(self.writer.clone(), &self.settings.changes).await.expect("a relay");
        Relaying(tokio::spawn(async move {
            relay.run().await;
        }))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    /// The page in English.
    pub async fn get_en(&self, path: &str) -> Answer {
        self.get_with(path, &[("accept-language", "en")]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.service.get_with(path, headers).await
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }

    /// A JSON answer that must be there.
    pub async fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.page(path).await).expect("JSON")
    }

    pub async fn admin(&self, path: &str) -> Answer {
        read(self.service.client.get(self.service.server.admin_url(path)).send().await.expect("an answer")).await
    }

    /// Sets a rung of the ladder by hand.
    pub async fn set_rung(&self, rung: u8) {
        self.set_rung_with(&serde_json::json!({ "rung": rung, "seconds": 60, "why": "a test", "by": "a test" })).await;
    }

    /// The same with more to say.
    pub async fn set_rung_with(&self, order: &serde_json::Value) {
        let order = order.to_string();
        let request = self.service.client.put(self.service.server.admin_url("/rung")).bearer_auth(RUNG_TOKEN);
        let answer =
            read(request.header("content-type", "application/json").body(order).send().await.expect("sent")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }

    /// Publishes a listing and waits until readers can see it.
    pub async fn publish(&self, content: ListingContent) -> Listing {
        let listing = self.publish_unseen(content).await;
        self.database.wait_for_replica().await;
        listing
    }

    /// Publishes a listing; readers may see it later.
    pub async fn publish_unseen(&self, content: ListingContent) -> Listing {
        let published_at = Some("2026-05-01T10:00:00Z".parse::<Timestamp>().expect("a time"));
        let new = NewListing { seller_id: self.seller.id, source: None, published_at, content };
        self.writer.insert_listing(&new).await.expect("a listing")
    }

    /// A listing as the store has it.
    pub async fn listing(&self, id: i64) -> Listing {
        let found = Reader::new(&self.settings.store).expect("a reader").find_listing(ListingId::new(id)).await;
        found.expect("readable").expect("still there")
    }

    /// Publishes a listing; returns the address of its page.
    pub async fn address_of(&self, content: ListingContent) -> String {
        halles_pages::address::listing(&self.publish(content).await)
    }

    /// Publishes a listing and looks at its page once, so that it is in memory; returns its address.
    pub async fn page_of(&self, content: ListingContent) -> String {
        let address = self.address_of(content).await;
        self.page(&address).await;
        address
    }

    /// Waits until a page contains `text`.
    pub async fn wait_for(&self, path: &str, text: &str) {
        eventually(&format!("{path} shows {text}"), PATIENCE, async || self.get(path).await.body.contains(text)).await;
    }
}

impl Instance {
    async fn start(settings: Settings) -> Self {
        let quiet = TelemetrySettings { log: "error".to_owned(), ..TelemetrySettings::default() };
        let telemetry = Telemetry::start("halles-listing", &quiet).expect("telemetry");
        let app = App::build(settings).await.expect("the app is built");
        let (server, follower) = app.start(telemetry).expect("the service starts");
        // What goes over the wire is what the tests look at.
        let client =
            Client::builder().no_gzip().no_brotli().redirect(redirect::Policy::none()).build().expect("a client");
        Self { server, client, _follower: Box::new(follower) }
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.get(self.server.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.send().await.expect("an answer")).await
    }

    /// Whether it is ready, and what it says about that.
    pub async fn readiness(&self) -> (StatusCode, String) {
        let answer = read(self.client.get(self.server.admin_url("/readyz")).send().await.expect("an answer")).await;
        (answer.status, answer.body)
    }

    /// What is told about a page without the page.
    pub async fn head(&self, path: &str) -> Answer {
        read(self.client.head(self.server.url(path)).send().await.expect("an answer")).await
    }
}

/// A relay at work; it stops when this is dropped.
pub struct Relaying(JoinHandle<()>);

impl Drop for Relaying {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn read(answer: reqwest::Response) -> Answer {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.bytes().await.expect("a body");
    let encoding = headers.get("content-encoding").map_or("", |value| value.to_str().expect("a readable header"));
    let mut body = String::new();
    match encoding {
        "gzip" if !bytes.is_empty() => GzDecoder::new(&bytes[..]).read_to_string(&mut body),
        "br" if !bytes.is_empty() => brotli::Decompressor::new(&bytes[..], 4_096).read_to_string(&mut body),
        _ => (&bytes[..]).read_to_string(&mut body),
    }
    .expect("a body that can be decoded");
    Answer { status, headers, body }
}

impl Answer {
    /// A header; nothing for one that is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }
}

pub fn writer(database: &TestDatabase) -> Writer {
    let settings = StoreSettings { primary_url: database.primary_url.as_str().into(), ..StoreSettings::default() };
    Writer::new(&settings).expect("a writer")
}

fn settings(database: &TestDatabase, redis: &TestRedis) -> Settings {
    let mut settings = Settings::default();
    settings.http.port = 0;
    settings.http.admin_port = 0;
    settings.http.workers = 2;
    settings.http.drain_delay_ms = 0;
    settings.http.admission.rung_token = RUNG_TOKEN.into();
    settings.signing.secret = "a secret for tests, long enough".repeat(2).into();
    settings.store.replica_url = database.replica_url.as_str().into();
    settings.store.primary_url = database.primary_url.as_str().into();
    settings.cache.redis_url = redis.url.as_str().into();
    settings.cache.key_prefix.clone_from(&redis.prefix);
    // Tests that are about the warm-up set it themselves; the others must not find what it left.
    settings.listing.warm_up.limit_ms = 0;
    settings.changes.redis_url = redis.url.as_str().into();
    settings.changes.key_prefix.clone_from(&redis.prefix);
    settings
}

pub const CERAMICS: i32 = 1;
pub const BOWLS: i32 = 2;
pub const VASES: i32 = 3;
pub const TOYS: i32 = 4;

pub fn tree() -> CategoryTree {
    let category = |id, parent: Option<i32>, slug: &str, fr: &str, en: &str| Category {
        id: CategoryId::new(id),
        parent_id: parent.map(CategoryId::new),
        slug: slug.parse().expect("a slug"),
        name_fr: fr.into(),
        name_en: en.into(),
        position: id,
    };
    CategoryTree::new(vec![
        category(CERAMICS, None, "ceramique", "Céramique", "Ceramics"),
        category(BOWLS, Some(CERAMICS), "bols", "Bols", "Bowls"),
        category(VASES, Some(CERAMICS), "vases", "Vases", "Vases"),
        category(TOYS, None, "jouets", "Jouets", "Toys"),
    ])
    .expect("a tree")
}

pub fn new_seller(slug: &str, name: &str) -> NewSeller {
    NewSeller {
        slug: slug.parse().expect("a slug"),
        name: name.into(),
        description: "Grès tourné face à la mer.".into(),
        place: Some(Place { town: "Vallauris".into(), postcode: Some("06220".into()), coordinates: None }),
    }
}

/// A bowl for 24.50 € of which there are ten.
pub fn bowl() -> ListingContent {
    let attributes = BTreeMap::from([("couleur".to_owned(), "bleu".to_owned()), ("matière".into(), "grès".into())]);
    ListingContent {
        category_id: CategoryId::new(BOWLS),
        status: ListingStatus::Published,
        language: Language::Fr,
        title: Title::new("Bol à soupe en grès").expect("a title"),
        description: Description::new("Tourné à la main.\n\nPasse au four.").expect("a text"),
        attributes: Attributes::try_from(attributes).expect("attributes"),
        price: Some(eur(2_450)),
        place: Some(Place { town: "Vallauris".into(), postcode: Some("06220".into()), coordinates: None }),
        photos: Vec::new(),
        on_hand: 10,
    }
}

pub fn titled(title: &str) -> ListingContent {
    ListingContent { title: Title::new(title).expect("a title"), ..bowl() }
}

pub fn priced(cents: i64) -> ListingContent {
    ListingContent { price: Some(eur(cents)), ..titled(&format!("Bol à {cents} centimes")) }
}

pub fn eur(cents: i64) -> Money {
    Money::new(cents, Currency::Eur).expect("a price")
}

pub fn photo(address: &str) -> Photo {
    Photo::new(address).expect("a photo")
}
