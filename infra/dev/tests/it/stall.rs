//! What the chapters of the storm need: goods that can be bought, a checkout filled in, the mails that came, processes to
//! break and to mend.

use std::time::Duration;

use halles_dev::stack::postgres::DATABASE;
use halles_dev::stack::supervisor::{Stage, Supervised};
use halles_testkit::eventually;
use serde_json::{Value, json};

use crate::browser::{Browser, Screen};
use crate::chapter::chapter;
use crate::scene::Scene;

/// How long a server that was killed may take to come back and to be found again, and a page to learn of it, beside
/// whatever else keeps the machine busy.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// How many chapters need goods of their own.
const CHAPTERS: usize = 6;

/// The market as these chapters need it.
pub struct Stall<'a> {
    scene: &'a Scene,
    /// The address of the shop, without a slash at its end.
    pub shop: String,
    /// What can be bought: each chapter takes another one.
    pub goods: Vec<Goods>,
}

/// A listing with some pieces in stock.
pub struct Goods {
    id: i64,
    path: String,
}

impl<'a> Stall<'a> {
    /// Looks for goods of which there are some.
    pub async fn open(scene: &'a Scene) -> Self {
        let shop = scene.stack.url().trim_end_matches('/').to_owned();
        let answer = reqwest::get(format!("{shop}/api/v1/listings")).await.expect("the shop answers");
        let page: Value = serde_json::from_str(&answer.text().await.expect("text")).expect("a page of listings");
        let is_orderable =
            |listing: &&Value| listing["available"].as_u64() > Some(3) && listing["price_cents"].is_u64();
        let listings = page["listings"].as_array().expect("listings").iter().filter(is_orderable);
        let goods: Vec<Goods> = listings
            .map(|listing| Goods {
                id: listing["id"].as_i64().expect("a number"),
                path: listing["url"].as_str().expect("a path").to_owned(),
            })
            .collect();
        assert!(goods.len() >= CHAPTERS, "too few listings can be bought: {page}");
        Self { scene, shop, goods }
    }

    /// Tells one chapter of the storm.
    pub async fn tell(&self, name: &str, screen: Screen, story: impl AsyncFnOnce(&Self, &Browser)) {
        chapter(self.scene, name, screen, async |browser| story(self, browser).await).await;
    }

    /// From the listing's page to a checkout with every field filled in.
    pub async fn fill_in_checkout(&self, browser: &Browser, goods: &Goods, email: &str) {
        browser.go(&format!("{}{}", self.shop, goods.path)).await;
        browser.press("form.basket-form button").await;
        browser.press("a[href='/checkout']").await;
        let fields =
            [("#name", "Camille Dupuis"), ("#email", email), ("#street", "3 rue des Tanneurs"), ("#postcode", "37000")];
        for (field, text) in fields {
            browser.write(field, text).await;
        }
        browser.write("#town", "Tours").await;
    }

    /// Somebody else orders one piece, without a browser.
    pub async fn order(&self, goods: &Goods, key: &str, email: &str) {
        let order = json!({
            "contact": {
                "name": "Dominique Vite", "email": email, "street": "1 rue Courte", "postcode": "75001", "town": "Paris",
                "country": "FR",
            },
            "lines": [{ "listing_id": goods.id, "quantity": 1 }],
            "language": "fr",
        });
        let request = reqwest::Client::new().post(format!("{}/api/v1/orders", self.shop));
        let answer = request.header("idempotency-key", key).json(&order).send().await.expect("an answer");
        assert_eq!(answer.status(), 202, "nobody places it yet");
    }

    /// Waits for the mail that says this shopper's pieces are held, and takes its payment link.
    pub async fn payment_link(&self, email: &str) -> String {
        let start = format!("{}/pay/", self.shop);
        let mut link = String::new();
        eventually("the mail with the link has come", PATIENCE, async || {
            let found = self
                .mails(email)
                .await
                .iter()
                .find_map(|text| text.split_whitespace().find(|word| word.starts_with(&start)).map(str::to_owned));
            link = found.unwrap_or_default();
            !link.is_empty()
        })
        .await;
        link
    }

    /// One order was held for this shopper and told by mail, and there is no other.
    pub async fn holds_one_order_of(&self, email: &str) {
        self.payment_link(email).await;
        let count = format!("(SELECT count(*) FROM orders WHERE contact ->> 'email' = '{email}')");
        let script = format!("DO $$ BEGIN ASSERT {count} = 1, {count} || ' orders of {email}'; END $$;");
        self.run_sql(&script).await;
    }

    /// Sells all pieces of a listing but one.
    pub async fn leave_one_piece(&self, goods: &Goods) {
        self.run_sql(&format!("UPDATE listing SET on_hand = allocated + held + 1 WHERE id = {};", goods.id)).await;
    }

    async fn run_sql(&self, script: &str) {
        let outcome = self.scene.stack.postgres().run_sql(DATABASE, script).await;
        outcome.unwrap_or_else(|error| panic!("{script}: {error}"));
    }

    async fn mails(&self, email: &str) -> Vec<String> {
        let Ok(answer) = reqwest::get(format!("{}/mailbox/mails.json?to={email}", self.shop)).await else {
            return Vec::new();
        };
        let mails: Value = serde_json::from_str(&answer.text().await.unwrap_or_default()).unwrap_or_default();
        let texts = mails.as_array().into_iter().flatten().filter_map(|mail| mail["text"].as_str());
        texts.map(str::to_owned).collect()
    }

    /// A process of the stack.
    pub fn process(&self, name: &str) -> &Supervised {
        self.scene.stack.process(name).expect("the stack has it")
    }

    /// Starts again what was held down, and waits until it is ready, however often that has to be tried: a database that
    /// was killed is refused its memory until the last of its children has noticed.
    pub async fn revive(&self, process: &Supervised) {
        process.resume().await;
        let name = &process.spec().name;
        eventually(&format!("{name} is back"), PATIENCE, async || process.stage() == Stage::Ready).await;
    }

    /// Keeps a picture of what the shopper sees.
    pub async fn keep(&self, browser: &Browser, name: &str) {
        browser.picture(&self.scene.screenshots, name).await;
    }
}
