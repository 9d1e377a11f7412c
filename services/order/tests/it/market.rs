//! A small market of its own for each test: a database, logs and caches, the order service, and a worker when wanted.

use std::time::Duration;

use halles_domain::{
    Attributes, Category, CategoryId, CategoryTree, Currency, Description, Language, Listing, ListingId, ListingStatus,
    Money, Stock, Title,
};
use halles_http::{RunningServer, Shutdown};
use halles_order::{App, Settings};
use halles_order_worker::{OrderWorkerSettings, Work};
use halles_queue::order_log::OrderLogSettings;
use halles_store::{ListingContent, NewListing, NewSeller, Reader, StoreSettings, Writer};
use halles_telemetry::{Telemetry, TelemetrySettings};
use halles_testkit::{TestDatabase, TestRedis, eventually};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde_json::{Value, json};
use tokio::task::{JoinHandle, JoinSet};
use url::form_urlencoded;

/// Long enough for a busy machine; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Whoever shows this may set rungs.
pub const RUNG_TOKEN: &str = "a token for tests, and for nothing else";

pub struct Market {
    pub writer: Writer,
    pub reader: Reader,
    pub settings: Settings,
    pub client: Client,
    seller: halles_domain::SellerId,
    service: RunningServer,
    worker: Option<Worker>,
    /// Where the worker sends mails; nowhere when empty.
    pub smtp_url: String,
    _followers: JoinSet<()>,
    pub database: TestDatabase,
    pub log: TestRedis,
    cache: TestRedis,
}

pub struct Worker {
    pub shutdown: Shutdown,
    pub task: JoinHandle<anyhow::Result<()>>,
}

/// An answer that was read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Market {
    /// A market where orders are taken and placed.
    pub async fn open() -> Self {
        let mut market = Self::open_without_worker(|_| {}).await;
        market.start_worker().await;
        market
    }

    /// A market where orders are taken, with changed settings, and nobody places them yet.
    pub async fn open_without_worker(change: impl FnOnce(&mut Settings)) -> Self {
        let (database, log, cache) = (TestDatabase::create().await, TestRedis::log(), TestRedis::cache());
        let store = StoreSettings {
            primary_url: database.primary_url.as_str().into(),
            replica_url: database.replica_url.as_str().into(),
            ..StoreSettings::default()
        };
        let writer = Writer::new(&store).expect("a writer");
        let reader = Reader::new(&store).expect("a reader");
        writer.replace_categories(&tree()).await.expect("categories");
        let seller = writer.insert_seller(&new_seller()).await.expect("a shop").id;
        let mut settings = settings(store, &log, &cache);
        change(&mut settings);
        let quiet = TelemetrySettings { log: "error".to_owned(), ..TelemetrySettings::default() };
        let telemetry = Telemetry::start("halles-order", &quiet).expect("telemetry");
        let app = App::build(settings.clone()).await.expect("the app is built");
        let (service, followers) = app.start(telemetry).expect("the service starts");
        let client = Client::builder().redirect(redirect::Policy::none()).cookie_store(true).build().expect("a client");
        let (worker, smtp_url) = (None, String::new());
        Self {
            writer,
            reader,
            settings,
            client,
            seller,
            service,
            worker,
            smtp_url,
            _followers: followers,
            database,
            log,
            cache,
        }
    }

    /// Starts the worker, on the log and database themselves, whatever stands before the service's.
    pub async fn start_worker(&mut self) {
        self.worker = Some(self.spawn_worker(|_| {}).await);
    }

    /// One more worker, with changed settings.
    pub async fn spawn_worker(&self, change: impl FnOnce(&mut OrderWorkerSettings)) -> Worker {
        let store = StoreSettings {
            primary_url: self.database.primary_url.as_str().into(),
            replica_url: self.database.replica_url.as_str().into(),
            ..StoreSettings::default()
        };
        let order_log = log_settings(&self.log);
        let mut settings = OrderWorkerSettings { store, order_log, ..OrderWorkerSettings::default() };
        settings.changes.redis_url = self.cache.url.as_str().into();
        settings.changes.key_prefix.clone_from(&self.cache.prefix);
        settings.orders.hold_ms = self.settings.orders.hold_ms;
        settings.payment = self.settings.payment.clone();
        settings.money.refund_interval_ms = 50;
        settings.money.sweep_interval_ms = 50;
        settings.mail.smtp_url = self.smtp_url.as_str().into();
        settings.mails.interval_ms = 50;
        settings.links = self.settings.links.clone();
        settings.signing = self.settings.signing.clone();
        settings.orders.expiry_interval_ms = 50;
        settings.orders.standby_pause_ms = 20;
        settings.orders.longest_pause_ms = 200;
        settings.orders.max_pieces_per_person = self.settings.orders.max_pieces_per_person;
        change(&mut settings);
        let work = Work::prepare(settings).await.expect("the worker is ready");
        let shutdown = Shutdown::new();
        let task = tokio::spawn(work.run(shutdown.clone()));
        Worker { shutdown, task }
    }

    /// The same with nobody who sends mails.
    pub async fn start_worker_without_mails(&mut self) {
        let smtp_url = std::mem::take(&mut self.smtp_url);
        self.start_worker().await;
        self.smtp_url = smtp_url;
    }

    /// Lets the worker finish what it has in hand.
    pub async fn stop_worker(&mut self) {
        let worker = self.worker.take().expect("a worker");
        worker.shutdown.request();
        worker.task.await.expect("no panic").expect("a clean end");
    }

    /// Ends the worker wherever it is.
    pub async fn kill_worker(&mut self) {
        let worker = self.worker.take().expect("a worker");
        worker.task.abort();
        assert!(worker.task.await.expect_err("aborted").is_cancelled());
    }

    /// A published listing of 10.00 € with so many pieces, known to the replica.
    pub async fn listing(&self, on_hand: u32) -> Listing {
        self.publish(Some(eur(1_000)), on_hand).await
    }

    pub async fn publish(&self, price: Option<Money>, on_hand: u32) -> Listing {
        let new =
            NewListing { seller_id: self.seller, source: None, published_at: None, content: bowl(price, on_hand) };
        let listing = self.writer.insert_listing(&new).await.expect("a listing");
        self.database.wait_for_replica().await;
        listing
    }

    /// The listing's stock, as the replica has it once it has caught up with this moment.
    pub async fn stock(&self, id: ListingId) -> Stock {
        self.database.wait_for_replica().await;
        self.reader.find_listing(id).await.expect("readable").expect("still there").stock
    }

    /// Stops the service as a release does.
    pub async fn close(self) {
        self.service.stop().await;
    }

    pub fn url(&self, path: &str) -> String {
        self.service.url(path)
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.client.get(self.url(path))).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        send(self.form(path, form)).await
    }

    /// A form as a browser sends it.
    pub fn form(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(self.url(path)).header("content-type", "application/x-www-form-urlencoded");
        request.body(body)
    }

    /// Asks to buy through the API.
    pub async fn order(&self, key: &str, body: &Value) -> Answer {
        send(self.client.post(self.url("/api/v1/orders")).header("Idempotency-Key", key).json(body)).await
    }

    pub async fn admin(&self, path: &str) -> Answer {
        send(self.client.get(self.service.admin_url(path))).await
    }

    /// Sets a rung of the ladder by hand.
    pub async fn set_rung(&self, rung: u8) {
        let order = json!({ "rung": rung, "seconds": 60, "why": "a test", "by": "a test" });
        let request = self.client.put(self.service.admin_url("/rung")).bearer_auth(RUNG_TOKEN).json(&order);
        let answer = send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }

    /// Waits until the API says that the order is in `state`.
    pub async fn wait_for_state(&self, id: &str, state: &str) -> Value {
        let path = format!("/api/v1/orders/{id}");
        eventually(&format!("order {id} is {state}"), PATIENCE, async || {
            self.get(&path).await.json()["state"] == state
        })
        .await;
        self.get(&path).await.json()
    }
}

pub async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    Answer { status, headers, body: answer.text().await.expect("a body") }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.body))
    }

    /// The value of a form's hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        rest.split('"').next().expect("a value").to_owned()
    }
}

/// A request for so many pieces of one listing.
pub fn request_for(id: ListingId, pieces: u32) -> Value {
    json!({ "contact": contact(), "lines": [{ "listing_id": id.get(), "quantity": pieces }], "language": "en" })
}

pub fn contact() -> Value {
    json!({
        "name": "Camille Durand", "email": "camille@example.org", "street": "12 rue des Halles",
        "postcode": "75001", "town": "Paris", "country": "FR"
    })
}

pub fn log_settings(log: &TestRedis) -> OrderLogSettings {
    OrderLogSettings {
        redis_url: log.url.as_str().into(),
        key_prefix: log.prefix.clone(),
        block_ms: 50,
        leader_ttl_ms: 1_000,
        ..OrderLogSettings::default()
    }
}

fn settings(store: StoreSettings, log: &TestRedis, cache: &TestRedis) -> Settings {
    let mut settings = Settings { store, order_log: log_settings(log), ..Settings::default() };
    settings.http.port = 0;
    settings.http.admin_port = 0;
    settings.http.workers = 2;
    settings.http.drain_delay_ms = 0;
    // A busy test machine is no reason to answer "pending".
    settings.http.request_deadline_ms = 60_000;
    settings.http.drain_timeout_ms = 60_000;
    settings.orders.outcome_wait_ms = 50_000;
    // All shoppers of these tests have one address; whoever tests the bound sets it.
    settings.orders.max_pieces_per_person = 0;
    settings.signing.secret = "a secret for tests, long enough".repeat(2).into();
    settings.cache.redis_url = cache.url.as_str().into();
    settings.cache.key_prefix.clone_from(&cache.prefix);
    settings.changes.redis_url = cache.url.as_str().into();
    settings.changes.key_prefix.clone_from(&cache.prefix);
    settings
}

pub fn eur(cents: i64) -> Money {
    Money::new(cents, Currency::Eur).expect("a price")
}

pub fn bowl(price: Option<Money>, on_hand: u32) -> ListingContent {
    ListingContent {
        category_id: CategoryId::new(1),
        status: ListingStatus::Published,
        language: Language::Fr,
        title: Title::new("Bol en grès bleu").expect("a title"),
        description: Description::new("Tourné à la main.").expect("a text"),
        attributes: Attributes::default(),
        price,
        place: None,
        photos: vec![],
        on_hand,
    }
}

fn new_seller() -> NewSeller {
    NewSeller {
        slug: "l-atelier-du-port".parse().expect("a slug"),
        name: "L'atelier du port".into(),
        description: String::new(),
        place: None,
    }
}

fn tree() -> CategoryTree {
    let category = Category {
        id: CategoryId::new(1),
        parent_id: None,
        slug: "ceramique".parse().expect("a slug"),
        name_fr: "Céramique".into(),
        name_en: "Ceramics".into(),
        position: 1,
    };
    CategoryTree::new(vec![category]).expect("a tree")
}
