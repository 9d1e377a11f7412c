//! Shoppers who order, and remember what they were told.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::scene::Scene;

/// How many order at once while something happens.
const BUYERS: usize = 2;
/// Between two orders of one of them.
const PAUSE: Duration = Duration::from_millis(100);

/// One shopper, who follows no redirect without being asked.
#[derive(Clone)]
pub struct Shopper {
    client: Client,
    url: String,
}

impl Shopper {
    /// Somebody in front of the shop.
    pub fn of(scene: &Scene) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(10)).redirect(Policy::none());
        Self { client: client.build().expect("a plain client"), url: scene.stack.url() }
    }

    /// A request that asks for an order.
    pub fn order(&self, key: &str, listing: u64) -> RequestBuilder {
        let contact = json!({
            "name": "Camille Durand", "email": "camille@example.org",
            "street": "12 rue des Halles", "postcode": "75001", "town": "Paris", "country": "FR",
        });
        let lines = json!([{ "listing_id": listing, "quantity": 1 }]);
        // Each order comes from somebody else, as far as the bound on pieces of one person is concerned.
        let mut body = json!({ "contact": contact, "lines": lines, "may_wait": false });
        body["contact"]["email"] = json!(format!("{key}@example.org"));
        self.client.post(format!("{}/api/v1/orders", self.url)).header("Idempotency-Key", key).json(&body)
    }

    /// The name of an order that was promised.
    pub async fn promised(request: RequestBuilder) -> Result<String, String> {
        let answer = request.send().await.map_err(|error| format!("{error:?}"))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| format!("broken off: {error:?}"))?;
        let order: Value = serde_json::from_str(&text).unwrap_or_default();
        let is_promise = [StatusCode::OK, StatusCode::CREATED, StatusCode::ACCEPTED].contains(&status);
        match order["id"].as_str() {
            Some(id) if is_promise => Ok(id.to_owned()),
            _ => Err(format!("{status} {text}")),
        }
    }

    /// Pays an order: on its page, then on the provider's, then back again.
    pub async fn pay(&self, order: &str) {
        let to_provider = self.post(&format!("{}/orders/{order}/pay", self.url), &[]).await;
        let page = location(&to_provider);
        let back = self.post(&page, &[("outcome", "paid"), ("notice", "at_once")]).await;
        self.client.get(location(&back)).send().await.expect("the shop answers");
    }

    /// Cancels an order, on its page.
    pub async fn cancel(&self, order: &str) {
        self.post(&format!("{}/orders/{order}/cancel", self.url), &[]).await;
    }

    /// Asks for a page.
    pub async fn look_at(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"))
    }

    async fn post(&self, url: &str, form: &[(&str, &str)]) -> Response {
        let body = form.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let request = self.client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        assert!(answer.status().is_redirection(), "{url}: {}", answer.status());
        answer
    }
}

fn location(answer: &Response) -> String {
    let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).expect("it leads somewhere");
    answer.url().join(location).expect("an address").to_string()
}

/// Several shoppers who go on ordering. Dropped, they go home.
pub struct Buyers {
    tasks: JoinSet<()>,
    promised: Arc<Mutex<Vec<String>>>,
    failures: Arc<Mutex<Vec<String>>>,
}

impl Buyers {
    /// Sends them in; `what` makes their keys their own.
    pub fn start(scene: &Scene, what: &'static str) -> Self {
        let mut buyers = Self { tasks: JoinSet::new(), promised: Arc::default(), failures: Arc::default() };
        let number = Arc::new(AtomicU64::new(0));
        for _ in 0..BUYERS {
            let (shopper, number) = (Shopper::of(scene), Arc::clone(&number));
            let (promised, failures) = (Arc::clone(&buyers.promised), Arc::clone(&buyers.failures));
            buyers.tasks.spawn(async move {
                loop {
                    let number = number.fetch_add(1, Ordering::Relaxed);
                    let request = shopper.order(&format!("{what}-order-{number}"), 1 + number % 40);
                    match Shopper::promised(request).await {
                        Ok(id) => promised.lock().unwrap_or_else(PoisonError::into_inner).push(id),
                        Err(why) => failures.lock().unwrap_or_else(PoisonError::into_inner).push(why),
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            });
        }
        buyers
    }

    /// Sends them home; nobody may have been refused. Returns the orders that they were promised.
    pub async fn stop(mut self, what_happened: &str) -> Vec<String> {
        self.tasks.shutdown().await;
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(failures.is_empty(), "{what_happened}: {} orders failed: {failures:#?}", failures.len());
        std::mem::take(&mut *self.promised.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
