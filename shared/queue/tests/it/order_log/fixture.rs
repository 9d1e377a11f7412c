//! A log of each test's own, requests for it, and whoever takes them.

use std::time::Duration;

use halles_domain::{
    BasketLine, ContactForm, Language, ListingId, OrderId, Quantity, RequestFingerprint, RequestToBuy,
};
use halles_queue::order_log::{Consumer, Logged, OrderLog, OrderLogSettings, Outcome, Verdict};
use halles_testkit::{TestRedis, eventually};
use jiff::Timestamp;
use uuid::Uuid;

pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn settings(redis: &TestRedis) -> OrderLogSettings {
    OrderLogSettings {
        redis_url: redis.url.as_str().into(),
        key_prefix: redis.prefix.clone(),
        block_ms: 20,
        leader_ttl_ms: 500,
        ..OrderLogSettings::default()
    }
}

pub fn request(number: u128) -> RequestToBuy {
    let form = ContactForm {
        name: "Zoé".into(),
        email: "zoe@example.org".into(),
        street: "1 rue des Halles".into(),
        postcode: "69001".into(),
        town: "Lyon".into(),
        country: "FR".into(),
    };
    RequestToBuy {
        order_id: OrderId::new(Uuid::from_u128(number)),
        idempotency_key: format!("key-number-{number}").parse().expect("a key"),
        fingerprint: RequestFingerprint([7; 32]),
        language: Language::Fr,
        contact: form.parse().expect("a contact"),
        lines: vec![BasketLine { listing_id: ListingId::new(1), quantity: Quantity::new(1).expect("a quantity") }],
        may_wait: false,
        what_there_is: false,
        personalisations: Vec::new(),
        accepted_at: Timestamp::UNIX_EPOCH,
    }
}

pub fn outcome(logged: &Logged) -> Outcome {
    let (order_id, entry) = (logged.request.order_id, logged.position);
    Outcome { order_id, entry, replayed: false, verdict: Verdict::KeyReused }
}

pub async fn take(consumer: &mut Consumer) -> Vec<Logged> {
    let mut taken = Vec::new();
    eventually("something is taken", PATIENCE, async || {
        taken = consumer.take().await.expect("the log answers");
        !taken.is_empty()
    })
    .await;
    taken
}

pub async fn log_and_consumer(settings: &OrderLogSettings) -> (OrderLog, Consumer) {
    let log = OrderLog::connect(settings).await.expect("the log");
    let consumer = Consumer::connect(settings).await.expect("a consumer");
    (log, consumer)
}

pub fn numbers(batch: &[Logged]) -> Vec<u128> {
    batch.iter().map(|logged| logged.request.order_id.get().as_u128()).collect()
}

/// A session with the log's Redis for looking behind the curtain, and the key of the log.
pub fn behind_the_curtain(redis: &TestRedis) -> (redis::Connection, String) {
    let client = redis::Client::open(redis.url.as_str()).expect("an address");
    (client.get_connection().expect("Redis"), format!("{}{{orders}}", redis.prefix))
}
