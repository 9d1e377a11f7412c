//! The walk of a shopper: home → search → listing → basket → checkout → order → what became of it.

use std::time::Duration;

use halles_testkit::eventually;

use crate::browser::{Browser, Screen};
use crate::chapter::chapter;
use crate::scene::Scene;

/// How many results are tried for one that can be bought.
const TRIES: usize = 12;

/// How long the provider, the worker and the mail server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Walks twice, as a phone and as a desk, and keeps pictures of both.
pub async fn by_phone_and_by_desk(scene: &Scene) {
    for screen in [Screen::Phone, Screen::Desk] {
        let name = format!("walk-{}", screen.name());
        chapter(scene, &name, screen, async |browser| walk(scene, browser, screen).await).await;
    }
}

async fn walk(scene: &Scene, browser: &Browser, screen: Screen) {
    let shop = scene.stack.url();
    let keep = async |name: &str| browser.picture(&scene.screenshots, &format!("{}-{name}", screen.name())).await;

    browser.go(&shop).await;
    browser.sees("article.card").await;
    keep("1-home").await;

    let words = word_to_search(&browser.read(".card-title a").await);
    browser.write("#q", &words).await;
    browser.sees("#suggestions:not([hidden]) [role=option]").await;
    keep("2-suggested").await;
    browser.press("form.search button").await;
    browser.sees(".results article.card").await;
    assert!(browser.address().await.contains("/search?q="), "{}", browser.address().await);
    keep("2-search").await;

    open_something_to_buy(browser, &shop).await;
    keep("3-listing").await;

    browser.press("form.basket-form button").await;
    browser.sees("a[href='/checkout']").await;
    keep("4-basket").await;

    browser.press("a[href='/checkout']").await;
    for (field, text) in [
        ("#name", "Camille Dupuis"),
        ("#email", "camille@example.org"),
        ("#street", "3 rue des Tanneurs"),
        ("#postcode", "37000"),
        ("#town", "Tours"),
    ] {
        browser.write(field, text).await;
    }
    keep("5-checkout").await;

    browser.press("form.purchase button[type='submit']").await;
    // Only an order that was placed, and holds its stock, can be paid.
    browser.sees("form.pay-form button").await;
    assert!(browser.address().await.contains("/orders/"), "{}", browser.address().await);
    keep("6-order").await;

    browser.press("form.pay-form button").await;
    browser.sees("button.go").await;
    keep("7-provider").await;

    browser.press("button.go").await;
    eventually("the shopper is back and has paid", PATIENCE, async || browser.address().await.ends_with("after=paid"))
        .await;
    keep("8-paid").await;
}

/// Every move was told by mail: that the pieces are held, and that they are paid.
pub async fn has_told_by_mail(scene: &Scene) {
    let mails = format!("{}/mailbox/mails.json", scene.stack.url().trim_end_matches('/'));
    eventually("two shoppers have two mails each", PATIENCE, async || {
        let Ok(answer) = reqwest::get(&mails).await else { return false };
        answer.text().await.is_ok_and(|text| text.matches("camille@example.org").count() >= 4)
    })
    .await;
}

/// The longest word of a title is the one that says most.
fn word_to_search(title: &str) -> String {
    let words = title.split(|character: char| !character.is_alphabetic());
    words.max_by_key(|word| word.chars().count()).unwrap_or_default().to_owned()
}

/// Opens the first result that is in stock and has a price.
async fn open_something_to_buy(browser: &Browser, shop: &str) {
    let links = browser.links(".results article.card:not(.card-sold-out) .card-title a").await;
    for link in links.iter().take(TRIES) {
        browser.go(&format!("{shop}{link}")).await;
        if browser.has("form.basket-form button").await {
            return;
        }
    }
    panic!("none of these can be bought: {links:?}");
}
