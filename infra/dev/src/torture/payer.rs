//! Whoever pays: goes from the order's page to the provider's, chooses the weather there, and comes back, or does not.

use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use uuid::Uuid;

use super::record::Record;

/// How late a notice or the money may be: up to twice as long as pieces are held, so that some come for nothing.
const LATEST_MS: u64 = 8_000;

/// Where paying leads.
#[derive(Debug, Clone)]
pub struct Tills {
    /// The order services.
    pub shops: Vec<u16>,
    /// The provider.
    pub provider: u16,
}

/// One person with a browser of their own.
#[derive(Debug)]
pub struct Payer {
    client: Client,
    tills: Tills,
    /// What the balancer would say about where this person comes from.
    address: String,
}

impl Payer {
    /// A payer with this browser, which follows no redirect by itself.
    pub fn new(tills: Tills, client: Client) -> Self {
        Self { client, tills, address: String::new() }
    }

    /// From now on it is somebody else, from `address`.
    pub fn come_from(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// Presses "pay" and does on the provider's page whatever comes to mind. Returns whether that page was reached.
    pub async fn pay(&self, order: Uuid, record: &Record, choice: &mut StdRng) -> bool {
        let shop = self.a_shop(choice);
        let Some(page) = led_to(self.post(&format!("{shop}/orders/{order}/pay"))).await else { return false };
        let payment = page.rsplit_once("/sandbox/payments/").and_then(|(_, payment)| payment.parse().ok());
        let Some(payment) = payment else { return false };
        record.paying(payment);
        // Some look at the page and think better of it.
        if choice.random_range(0..10) == 0 {
            return true;
        }
        let page = format!("http://127.0.0.1:{}/sandbox/payments/{payment}", self.tills.provider);
        let form = weather(choice);
        let back = led_to(self.form(&page, &form)).await;
        if choice.random_range(0..6) == 0 {
            // A double click.
            led_to(self.form(&page, &form)).await;
        }
        if let Some(back) = back
            && choice.random_range(0..2) == 0
        {
            let way = path_of(&back);
            let _lost = self.with_address(self.client.get(format!("{}{way}", self.a_shop(choice)))).send().await;
        }
        true
    }

    fn a_shop(&self, choice: &mut StdRng) -> String {
        format!("http://127.0.0.1:{}", self.tills.shops[choice.random_range(0..self.tills.shops.len())])
    }

    fn post(&self, url: &str) -> RequestBuilder {
        self.with_address(self.client.post(url))
    }

    fn form(&self, url: &str, form: &str) -> RequestBuilder {
        self.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.to_owned())
    }

    fn with_address(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("X-Forwarded-For", &self.address)
    }
}

/// What is filled in on the provider's page.
fn weather(choice: &mut StdRng) -> String {
    let outcome = ["paid", "paid", "paid", "slow", "declined"][choice.random_range(0..5)];
    let notice = ["at_once", "twice", "late", "never"][choice.random_range(0..4)];
    format!("outcome={outcome}&notice={notice}&delay_ms={}", choice.random_range(0..LATEST_MS))
}

/// Where an answer leads, if it leads anywhere.
async fn led_to(request: RequestBuilder) -> Option<String> {
    let answer: Response = request.send().await.ok()?;
    let location = answer.headers().get("location")?.to_str().ok()?;
    (answer.status() == StatusCode::SEE_OTHER).then(|| location.to_owned())
}

/// The address without its origin: the way through the balancer is not taken here.
fn path_of(url: &str) -> &str {
    let behind_scheme = url.find("://").map_or(0, |at| at + 3);
    url[behind_scheme..].find('/').map_or("/", |at| &url[behind_scheme + at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_its_origin_is_a_path() {
        assert_eq!(path_of("http://127.0.0.1:8080/orders/1/payments/2?x=y"), "/orders/1/payments/2?x=y");
        assert_eq!(path_of("/orders/1"), "/orders/1");
        assert_eq!(path_of("http://127.0.0.1:8080"), "/");
    }
}
