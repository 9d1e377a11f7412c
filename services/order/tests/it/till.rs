//! A market with a payment provider beside it, each on ports of their own, and a payer with a browser.

use std::net::TcpListener;

use halles_http::RunningServer;
use halles_mailbox::Running as Mailbox;
use halles_order::Settings;
use halles_payments::{App, Settings as ProviderSettings};
use halles_telemetry::{Telemetry, TelemetrySettings};
use halles_testkit::ChaosProxy;
use reqwest::{Client, StatusCode, redirect};
use serde_json::Value;
use url::form_urlencoded;

use crate::market::{Answer, Market, request_for, send};

const API_KEY: &str = "the key of a shop in a test";
pub const NOTICE_SECRET: &str = "the secret under which a test's notices are sealed";

pub struct Till {
    pub market: Market,
    provider: RunningServer,
    /// Between the market and its provider.
    pub wire: ChaosProxy,
    mailbox: Mailbox,
    /// Between the worker and its mail server.
    pub mail_wire: ChaosProxy,
    /// The payer's browser: it holds no cookie of the market.
    pub payer: Client,
}

impl Till {
    /// A market whose orders can be paid, and placed.
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// The same with changed settings.
    pub async fn open_with(change: impl FnOnce(&mut Settings)) -> Self {
        let provider = start_provider();
        let (wire, provider_url) = ChaosProxy::before(&provider.url("")).await;
        let mut market = Market::open_without_worker(|settings| {
            settings.http.port = free_port();
            settings.links.public_url = format!("http://127.0.0.1:{}", settings.http.port);
            settings.payment.provider_url = provider_url;
            settings.payment.api_key = API_KEY.into();
            settings.payment.notice_secret = NOTICE_SECRET.into();
            change(settings);
        })
        .await;
        let mailbox = open_mailbox();
        let mail_wire = ChaosProxy::start(&mailbox.smtp_addr.to_string()).await;
        market.smtp_url = format!("smtp://{}", mail_wire.addr);
        market.start_worker().await;
        let payer = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        Self { market, provider, wire, mailbox, mail_wire, payer }
    }

    /// A held order for so many pieces of a new listing that has five.
    pub async fn held_order(&self, key: &str, pieces: u32) -> (halles_domain::ListingId, Value) {
        let listing = self.market.listing(5).await.id;
        let order = self.market.order(key, &request_for(listing, pieces)).await;
        assert_eq!(order.status, StatusCode::CREATED, "{}", order.body);
        (listing, order.json())
    }

    /// Presses "pay" on the order's page, and gives the address of the provider's.
    pub async fn press_pay(&self, order: &Value) -> String {
        let answer = self.market.post(&format!("{}/pay", status_url(order)), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.header("location").to_owned()
    }

    /// Fills in the provider's page, and gives the address that it leads back to.
    pub async fn pay(&self, page_url: &str, form: &[(&str, &str)]) -> String {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.payer.post(page_url).header("content-type", "application/x-www-form-urlencoded");
        let answer = send(request.body(body)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.header("location").to_owned()
    }

    /// Looks at an address of the market or the provider, with an empty cookie jar.
    pub async fn look(&self, url: &str) -> Answer {
        send(self.payer.get(url)).await
    }

    /// The mails that came so far, the first one first.
    pub async fn mails(&self) -> Vec<Value> {
        let mails = send(self.payer.get(self.mailbox.server.url("/mailbox/mails.json"))).await.json();
        mails.as_array().expect("a list").iter().rev().cloned().collect()
    }

    /// How the provider's books have a payment.
    pub async fn books(&self, page_url: &str) -> Value {
        let id = page_url.rsplit('/').next().expect("a name");
        let url = self.provider.url(&format!("/v1/payments/{id}"));
        send(self.payer.get(url).bearer_auth(API_KEY)).await.json()
    }
}

pub fn status_url(order: &Value) -> &str {
    order["status_url"].as_str().expect("an address")
}

pub fn id_of(order: &Value) -> &str {
    order["id"].as_str().expect("a name")
}

fn start_provider() -> RunningServer {
    let mut settings = ProviderSettings::default();
    settings.http.port = 0;
    settings.http.admin_port = 0;
    settings.http.drain_delay_ms = 0;
    settings.sandbox.api_key = API_KEY.into();
    settings.sandbox.notice_secret = NOTICE_SECRET.into();
    settings.sandbox.first_pause_ms = 50;
    settings.sandbox.longest_pause_ms = 200;
    settings.sandbox.notice_attempts = 1_000;
    let quiet = TelemetrySettings { log: "error".to_owned(), ..TelemetrySettings::default() };
    let telemetry = Telemetry::start("halles-payments", &quiet).expect("telemetry");
    App::build(settings).expect("the provider is built").start(telemetry).expect("the provider starts")
}

fn open_mailbox() -> Mailbox {
    let mut settings = halles_mailbox::Settings::default();
    settings.http.port = 0;
    settings.http.admin_port = 0;
    settings.http.drain_delay_ms = 0;
    settings.mailbox.smtp_port = 0;
    let quiet = TelemetrySettings { log: "error".to_owned(), ..TelemetrySettings::default() };
    let telemetry = Telemetry::start("halles-mailbox", &quiet).expect("telemetry");
    let mailbox = halles_mailbox::App::new(settings).expect("no register to open");
    mailbox.start(telemetry).expect("the mailbox opens")
}

/// The market must know its own address before it has it, because it tells the provider.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
