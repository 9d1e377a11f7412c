//! Notices that the provider did not send: with a clock that is wrong, under a secret that is wrong, or once more.
//!
//! What must be refused and is taken is a broken promise. What is a repeat must change nothing, which the books show in
//! the end.

use std::time::{Duration, Instant};

use halles_payment::{NOTICE_SEAL_HEADER, NoticeSeal};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Client, StatusCode};
use serde::Serialize;
use serde_json::json;
use tokio::time::sleep;

use super::books::{Account, Books, Stage};
use super::record::Record;

/// How often something is forged.
const EVERY: Duration = Duration::from_millis(400);
/// Much further than a notice's time may be from ours.
const SKEW: SignedDuration = SignedDuration::from_hours(1);
/// A clock that is a little wrong is no forgery.
const DRIFT: SignedDuration = SignedDuration::from_secs(60);

/// Somebody who knows the address that notices go to.
pub struct Forger {
    /// What the provider knows.
    pub books: Books,
    /// Which payments there are.
    pub record: Record,
    /// The way to them.
    pub client: Client,
    /// The order services.
    pub ports: Vec<u16>,
    /// The provider's own secret, which somebody may have got hold of.
    pub secret: String,
    /// What is chosen is chosen from this.
    pub seed: u64,
}

/// What was sent, counted.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Forged {
    /// Notices with a time that is far off.
    pub skewed: u64,
    /// Notices under another secret.
    pub unsealed: u64,
    /// True notices once more, with a clock that is a little off.
    pub repeated: u64,
}

impl Forger {
    /// Forges until `end`. Returns what was sent, and what was wrongly taken.
    pub async fn run(self, end: Instant) -> (Forged, Vec<String>) {
        let mut choice = StdRng::seed_from_u64(self.seed ^ 0x0F02_6E0D);
        let (mut forged, mut wrong) = (Forged::default(), Vec::new());
        while Instant::now() < end {
            sleep(EVERY).await;
            let port = self.ports[choice.random_range(0..self.ports.len())];
            let (kind, status) = match choice.random_range(0..3) {
                0 => {
                    let Some(account) = self.a_captured_one(&mut choice) else { continue };
                    forged.repeated += 1;
                    let drift = if choice.random_range(0..2) == 0 { DRIFT } else { -DRIFT };
                    self.send(port, &account, &self.secret, drift).await;
                    continue;
                }
                1 => {
                    let Some(account) = self.an_unpaid_one(&mut choice) else { continue };
                    forged.skewed += 1;
                    let skew = if choice.random_range(0..2) == 0 { SKEW } else { -SKEW };
                    ("an hour off", self.send(port, &account, &self.secret, skew).await)
                }
                _ => {
                    let Some(account) = self.an_unpaid_one(&mut choice) else { continue };
                    forged.unsealed += 1;
                    let secret = "another secret, as long as one has to be";
                    ("under another secret", self.send(port, &account, secret, SignedDuration::ZERO).await)
                }
            };
            if status.is_some_and(|status| status.is_success()) {
                wrong.push(format!("a notice {kind} was taken"));
            }
        }
        (forged, wrong)
    }

    /// Any payment that shoppers were led to, as if it had been paid.
    fn an_unpaid_one(&self, choice: &mut StdRng) -> Option<Account> {
        let id = self.record.any_payment(choice)?;
        Some(Account { id, stage: Stage::Captured, amount_cents: 1_000, refunded_cents: 0 })
    }

    fn a_captured_one(&self, choice: &mut StdRng) -> Option<Account> {
        self.books.catch_up().ok()?;
        self.books.any_captured(choice)
    }

    async fn send(&self, port: u16, account: &Account, secret: &str, skew: SignedDuration) -> Option<StatusCode> {
        let body = json!({
            "id": account.id, "state": "captured", "amount_cents": account.amount_cents, "currency": "EUR",
            "page_url": "", "refunded_cents": account.refunded_cents,
        })
        .to_string();
        let seal = NoticeSeal::new(&secret.into(), Duration::ZERO).seal(body.as_bytes(), Timestamp::now() + skew);
        let request = self
            .client
            .post(format!("http://127.0.0.1:{port}/api/v1/payments/notices"))
            .header(NOTICE_SEAL_HEADER, seal)
            .header("content-type", "application/json")
            .timeout(Duration::from_secs(5));
        Some(request.body(body).send().await.ok()?.status())
    }
}
