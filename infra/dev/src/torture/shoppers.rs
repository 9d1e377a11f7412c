//! A fleet of shoppers, each with one thing on their mind after the other: order, perhaps twice, pay, perhaps
//! take it back.
//!
//! They behave as a good client does: one key for each intent, the same key for every attempt, another instance when one
//! does not answer, a pause after a refusal for load. After a while each goes home, and somebody else comes in their place.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use super::Ordeal;
use super::payer::{Payer, Tills};
use super::record::{Key, Promise, Record};
use super::stalls::Stalls;

/// How long an answer may take, and how long one goes on asking.
const ANSWER: Duration = Duration::from_secs(10);
const PERSISTENCE: Duration = Duration::from_secs(45);
/// After how long to ask again.
const AGAIN: Duration = Duration::from_millis(150);
/// How many orders of its own a shopper remembers, to take one of them back.
const REMEMBERED: usize = 5;
/// How many things one person orders: fewer than one address may within a minute.
const ORDERS_OF_ONE: u32 = 10;

/// Everything that the shoppers share.
#[derive(Debug, Clone)]
pub struct Shoppers {
    /// What is asked for.
    pub ordeal: Ordeal,
    /// The order services, and the payment provider.
    pub tills: Tills,
    /// What everybody wants.
    pub stalls: Stalls,
    /// Where they write down what they are told.
    pub record: Record,
}

/// What they did and were told, counted.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Tally {
    /// Orders asked for.
    pub intents: u64,
    /// Requests sent in all, repeats included.
    pub requests: u64,
    /// 201: held, or waiting for a turn.
    pub placed: u64,
    /// 200: a repeat.
    pub replayed: u64,
    /// 202: noted, not placed yet.
    pub noted: u64,
    /// 409: refused.
    pub refused: u64,
    /// Requests that came to nothing: nobody answered, or it was an answer that promises nothing.
    pub unanswered: u64,
    /// Those of them that were refused for load: 429, 503.
    pub turned_away: u64,
    /// Intents given up in the end.
    pub given_up: u64,
    /// Orders taken back.
    pub cancelled: u64,
    /// How often somebody got as far as the provider's page.
    pub paying: u64,
}

impl Shoppers {
    /// Lets them all shop until `end`.
    pub async fn run(&self, end: Instant) -> Result<Tally> {
        let mut fleet = JoinSet::new();
        for number in 0..self.ordeal.shoppers {
            let client = Client::builder().timeout(ANSWER).redirect(redirect::Policy::none()).build()?;
            let shopper = Shopper {
                payer: Payer::new(self.tills.clone(), client.clone()),
                shared: self.clone(),
                number,
                intents: 0,
                choice: StdRng::seed_from_u64(self.ordeal.seed ^ (u64::from(number) << 32)),
                client,
                mine: Vec::new(),
                tally: Tally::default(),
            };
            fleet.spawn(shopper.shop(end));
        }
        let mut all = Tally::default();
        while let Some(tally) = fleet.join_next().await {
            all.add(&tally.context("a shopper panicked")?);
        }
        Ok(all)
    }
}

struct Shopper {
    shared: Shoppers,
    number: u32,
    /// How many things were ordered.
    intents: u32,
    choice: StdRng,
    client: Client,
    payer: Payer,
    /// Keys and names of orders of late.
    mine: Vec<(Key, Uuid)>,
    tally: Tally,
}

impl Shopper {
    async fn shop(mut self, end: Instant) -> Tally {
        while Instant::now() < end {
            match self.choice.random_range(0..10) {
                0 | 1 if !self.mine.is_empty() => self.cancel().await,
                2 | 3 if !self.mine.is_empty() => self.pay().await,
                _ => self.order().await,
            }
        }
        self.tally
    }

    async fn order(&mut self) {
        if self.intents.is_multiple_of(ORDERS_OF_ONE) {
            self.payer.come_from(&self.address());
        }
        let key = Key { seed: self.shared.ordeal.seed, shopper: self.number, intent: self.intents };
        let body = self.body();
        self.intents += 1;
        self.tally.intents += 1;
        self.shared.record.begin(key);
        let Some(id) = self.ask(key, &body).await else {
            self.tally.given_up += 1;
            return;
        };
        // A double click, or a browser's back button.
        if self.choice.random_range(0..6) == 0 {
            self.ask(key, &body).await;
        }
        self.mine.push((key, id));
        if self.mine.len() > REMEMBERED {
            self.mine.remove(0);
        }
    }

    fn body(&mut self) -> Value {
        let mut lines = vec![self.shared.stalls.choose(&mut self.choice)];
        if self.choice.random_range(0..5) == 0 {
            let other = self.shared.stalls.choose(&mut self.choice);
            lines.extend((other != lines[0]).then_some(other));
        }
        let lines: Vec<Value> = lines
            .into_iter()
            .map(|listing| {
                let wish = (self.choice.random_range(0..5) == 0).then_some("Pour Zoé");
                json!({ "listing_id": listing, "quantity": self.choice.random_range(1..=3), "personalisation": wish })
            })
            .collect();
        let contact = json!({
            "name": "Camille Durand", "email": format!("shopper-{}-{}@example.org", self.number, self.person()),
            "street": "12 rue des Halles", "postcode": "75001", "town": "Paris", "country": "FR",
        });
        let (may_wait, what_there_is) = (self.choice.random_range(0..2) == 0, self.choice.random_range(0..4) == 0);
        json!({ "contact": contact, "lines": lines, "may_wait": may_wait, "what_there_is": what_there_is })
    }

    /// Which person it is that shops at present.
    fn person(&self) -> u32 {
        self.intents / ORDERS_OF_ONE
    }

    /// Where that person comes from: each from somewhere else, as behind a load balancer.
    fn address(&self) -> String {
        let [.., second, third, fourth] = (self.person() * self.shared.ordeal.shoppers + self.number).to_be_bytes();
        format!("10.{second}.{third}.{fourth}")
    }

    /// Asks until somebody promises something. Returns the order's name.
    async fn ask(&mut self, key: Key, body: &Value) -> Option<Uuid> {
        let began = Instant::now();
        while began.elapsed() < PERSISTENCE {
            self.tally.requests += 1;
            let request = self.post("/api/v1/orders").header("Idempotency-Key", key.to_string()).json(body);
            if let Some((status, answer)) = read(request).await {
                let (order, promise) = match status {
                    StatusCode::OK if answer["state"] == "refused" => (&answer, Promise::Refused),
                    StatusCode::CREATED | StatusCode::OK => (&answer, Promise::Placed),
                    StatusCode::ACCEPTED => (&answer, Promise::Noted),
                    StatusCode::CONFLICT => (&answer["order"], Promise::Refused),
                    _ => (&Value::Null, Promise::Noted),
                };
                if let Some(id) = order["id"].as_str().and_then(|id| id.parse().ok()) {
                    self.shared.record.promised(key, id, promise);
                    self.tally.count(status);
                    return Some(id);
                }
                self.tally.turned_away += u64::from(is_for_load(status));
            }
            self.tally.unanswered += 1;
            sleep(AGAIN).await;
        }
        None
    }

    async fn cancel(&mut self) {
        let (key, id) = self.mine.swap_remove(self.choice.random_range(0..self.mine.len()));
        self.tally.requests += 1;
        self.shared.record.cancelled(key, false);
        let answer = self.post(&format!("/orders/{id}/cancel")).send().await;
        let location = answer.ok().and_then(|answer| {
            let location = answer.headers().get("location")?.to_str().ok()?.to_owned();
            (answer.status() == StatusCode::SEE_OTHER).then_some(location)
        });
        match location {
            Some(location) if location.ends_with("after=cancelled") => {
                self.shared.record.cancelled(key, true);
                self.tally.cancelled += 1;
            }
            Some(_) => {}
            None => self.tally.unanswered += 1,
        }
    }

    /// One of the latest orders, which may be paid twice, and taken back afterwards.
    async fn pay(&mut self) {
        let (_, id) = self.mine[self.choice.random_range(0..self.mine.len())];
        self.tally.requests += 1;
        if self.payer.pay(id, &self.shared.record, &mut self.choice).await {
            self.tally.paying += 1;
        }
    }

    /// To one instance or the other.
    fn post(&mut self, path: &str) -> RequestBuilder {
        let shops = &self.shared.tills.shops;
        let port = shops[self.choice.random_range(0..shops.len())];
        self.client.post(format!("http://127.0.0.1:{port}{path}")).header("X-Forwarded-For", self.address())
    }
}

fn is_for_load(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

async fn read(request: RequestBuilder) -> Option<(StatusCode, Value)> {
    let answer = request.send().await.ok()?;
    Some((answer.status(), answer.json().await.ok()?))
}

impl Tally {
    fn count(&mut self, status: StatusCode) {
        match status {
            StatusCode::CREATED => self.placed += 1,
            StatusCode::OK => self.replayed += 1,
            StatusCode::ACCEPTED => self.noted += 1,
            _ => self.refused += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        self.intents += other.intents;
        self.requests += other.requests;
        self.placed += other.placed;
        self.replayed += other.replayed;
        self.noted += other.noted;
        self.refused += other.refused;
        self.unanswered += other.unanswered;
        self.turned_away += other.turned_away;
        self.given_up += other.given_up;
        self.cancelled += other.cancelled;
        self.paying += other.paying;
    }
}
