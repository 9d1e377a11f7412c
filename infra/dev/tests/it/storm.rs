//! The shopper in the storm, in a browser: with a nervous finger, without scripts, while the order log is away, while the
//! primary is away, while somebody else is quicker, with another device at hand.
//!
//! Each chapter breaks something, sees that the shopper is told the truth meanwhile, and that all is well in the end
//! without anybody doing anything but waiting.

use halles_testkit::eventually;

use crate::browser::{Browser, Screen};
use crate::scene::Scene;
use crate::stall::{PATIENCE, Stall};

/// What sends an order.
const SEND: &str = "form.purchase button[type='submit']";

/// What leads to the payment: only an order that was placed, and holds its stock, has it.
const PAY: &str = "form.pay-form button";

/// All chapters, one after the other.
pub async fn shoppers_come_through_the_storm(scene: &Scene) {
    let stall = Stall::open(scene).await;
    stall.tell("double-click", Screen::Desk, presses_twice_and_goes_back).await;
    stall.tell("no-scripts", Screen::Desk, buys_without_scripts).await;
    stall.tell("no-log", Screen::Desk, buys_while_the_log_is_away).await;
    stall.tell("no-primary", Screen::Phone, waits_for_the_primary_and_pays_elsewhere).await;
    stall.tell("sold-out", Screen::Phone, is_told_when_somebody_was_quicker).await;
    stall.tell("nobody-answers", Screen::Phone, keeps_the_form_when_nobody_answers).await;
}

/// C2 rule 6: a double click is one order, and whoever goes back is led to that order: by the form, if the browser has
/// kept it, and otherwise by the basket, which is empty.
async fn presses_twice_and_goes_back(stall: &Stall<'_>, browser: &Browser) {
    let email = "deux-clics@example.org";
    stall.fill_in_checkout(browser, &stall.goods[1], email).await;
    browser.press_twice(SEND).await;
    browser.sees(PAY).await;
    let order = path_of(&browser.address().await);
    browser.back().await;
    browser.press(&format!("{SEND}, .notice a[href^='/orders/']")).await;
    browser.sees(PAY).await;
    assert_eq!(path_of(&browser.address().await), order, "the same intent is the same order");
    stall.holds_one_order_of(email).await;
}

/// Every page is a page without its scripts: from the listing to the receipt by links and forms alone.
async fn buys_without_scripts(stall: &Stall<'_>, browser: &Browser) {
    let list_made_by_script = "#suggestions";
    browser.go(&stall.shop).await;
    browser.sees(list_made_by_script).await;
    browser.switch_scripts_off().await;
    let email = "sans-script@example.org";
    stall.fill_in_checkout(browser, &stall.goods[0], email).await;
    assert!(!browser.has(list_made_by_script).await, "a script runs");
    stall.keep(browser, "storm-no-scripts-checkout").await;
    browser.press(SEND).await;
    browser.sees(PAY).await;
    assert!(!browser.has(list_made_by_script).await, "a script runs");
    stall.keep(browser, "storm-no-scripts-order").await;
    pay(browser).await;
    stall.keep(browser, "storm-no-scripts-paid").await;
    stall.holds_one_order_of(email).await;
}

/// The service places by itself: nobody notices.
async fn buys_while_the_log_is_away(stall: &Stall<'_>, browser: &Browser) {
    let email = "sans-journal@example.org";
    stall.fill_in_checkout(browser, &stall.goods[2], email).await;
    let log = stall.process("redis-order-log");
    log.hold_down().await;
    browser.press(SEND).await;
    browser.sees(PAY).await;
    stall.revive(log).await;
    stall.holds_one_order_of(email).await;
}

/// C2 rules 2, 3, 8 and 9: noted while nobody can place it, told so; placed later; paid with the link in the mail, on
/// another device, while the first page is still open and turns by itself.
async fn waits_for_the_primary_and_pays_elsewhere(stall: &Stall<'_>, browser: &Browser) {
    let email = "patience@example.org";
    stall.fill_in_checkout(browser, &stall.goods[3], email).await;
    let primary = stall.process("postgres-primary");
    primary.hold_down().await;
    browser.press(SEND).await;
    browser.sees(".state-waiting").await;
    assert!(browser.address().await.contains("noted="), "its page can tell its place");
    browser.sees("#live-text:not(:empty)").await;
    stall.keep(browser, "storm-no-primary-noted").await;
    assert!(!browser.has(PAY).await, "nothing is promised yet");
    stall.revive(primary).await;
    browser.sees_within(PAY, PATIENCE).await;
    stall.keep(browser, "storm-no-primary-held").await;

    stall
        .tell("no-primary-elsewhere", Screen::Desk, async |stall, other| pays_with_the_link(stall, other, email).await)
        .await;
    browser.sees_within("main:not(:has(form.pay-form)) .state-good", PATIENCE).await;
    stall.keep(browser, "storm-no-primary-paid-elsewhere").await;
    stall.holds_one_order_of(email).await;
}

/// C2 rule 9: the link in the mail is all that another device needs.
async fn pays_with_the_link(stall: &Stall<'_>, browser: &Browser, email: &str) {
    browser.go(&stall.payment_link(email).await).await;
    browser.sees(PAY).await;
    stall.keep(browser, "storm-no-primary-link").await;
    pay(browser).await;
    assert!(browser.address().await.contains("/pay/"), "whoever has the link sees no more than the link");
    stall.keep(browser, "storm-no-primary-link-paid").await;
}

/// C2 rules 4 and 7: whoever came first gets the last piece; the other one is told at once, on the open page.
async fn is_told_when_somebody_was_quicker(stall: &Stall<'_>, browser: &Browser) {
    let quicker = "plus-vite@example.org";
    let last_piece = &stall.goods[4];
    stall.fill_in_checkout(browser, last_piece, "trop-tard@example.org").await;
    stall.leave_one_piece(last_piece).await;
    let worker = stall.process("order-worker");
    worker.hold_down().await;
    stall.order(last_piece, "somebody-quicker", quicker).await;
    browser.press(SEND).await;
    browser.sees(".state-waiting").await;
    stall.keep(browser, "storm-sold-out-waiting").await;
    stall.revive(worker).await;
    browser.sees_within(".state-over .refusals", PATIENCE).await;
    stall.keep(browser, "storm-sold-out-told").await;
    stall.holds_one_order_of(quicker).await;
}

/// C2 rule 2, log and primary away: the page keeps everything and sends it again by itself, as the same order.
async fn keeps_the_form_when_nobody_answers(stall: &Stall<'_>, browser: &Browser) {
    let email = "sans-personne@example.org";
    stall.fill_in_checkout(browser, &stall.goods[5], email).await;
    let (log, primary) = (stall.process("redis-order-log"), stall.process("postgres-primary"));
    log.hold_down().await;
    primary.hold_down().await;
    browser.press(SEND).await;
    browser.sees("#busy-note:not([hidden])").await;
    stall.keep(browser, "storm-nobody-answers").await;
    assert!(browser.address().await.ends_with("/checkout"), "{}", browser.address().await);
    stall.revive(primary).await;
    stall.revive(log).await;
    browser.sees_within(PAY, PATIENCE).await;
    stall.holds_one_order_of(email).await;
}

/// Pays what is held, and waits until the provider has led back.
async fn pay(browser: &Browser) {
    browser.press(PAY).await;
    browser.press("button.go").await;
    eventually("the payer is back and has paid", PATIENCE, async || browser.address().await.ends_with("after=paid"))
        .await;
}

/// An address without what stands behind its path.
fn path_of(address: &str) -> String {
    address.split(['?', '#']).next().unwrap_or_default().to_owned()
}
