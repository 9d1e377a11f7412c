//! What time brings: a word before a hold ends, and being forgotten when all is over.

use std::time::Duration;

use halles_domain::{Cause, OrderState};
use halles_store::{FinishedMail, PlacementRules};

use crate::market::{Market, RULES, placed, request};

/// Longer than any test.
const CLAIM: Duration = Duration::from_secs(600);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn c2_rule_08_a_hold_that_ends_soon_is_told_once_whoever_looks_and_however_often() {
    let market = Market::open().await;
    let bowl = market.listing(9).await.id;
    let soon = PlacementRules { hold_for: Duration::from_secs(300), ..RULES };
    let late = placed(market.place(&request("late", &[(bowl, 1)])).await.expect("placed"));
    let wanted = request("soon", &[(bowl, 1)]);
    let placements = market.writer.place_batch(std::slice::from_ref(&wanted), &soon).await.expect("placed");
    let ends_soon = placed(placements.into_iter().next().expect("one"));
    let before = Duration::from_secs(600);
    let looks = (0..4).map(|_| market.writer.remind_of_holds(before));
    let told: Vec<usize> = futures_util::future::try_join_all(looks).await.expect("reminded");
    assert_eq!(told.iter().sum::<usize>(), 1, "{told:?}");
    assert_eq!(market.writer.remind_of_holds(before).await.expect("reminded"), 0);
    let mails = market.writer.take_mails(100, CLAIM).await.expect("taken");
    let reminders: Vec<_> = mails.iter().filter(|mail| mail.cause == Cause::HoldEndsSoon).collect();
    assert_eq!(reminders.len(), 1);
    assert_eq!((reminders[0].order.id, reminders[0].to_state), (ends_soon.id, OrderState::AwaitingPayment));
    assert_ne!(late.id, ends_soon.id);
}

#[tokio::test]
async fn c2_rule_16_who_ordered_is_forgotten_when_it_is_over_and_not_a_day_before() {
    let market = Market::open().await;
    let bowl = market.listing(9).await.id;
    let (over, alive) = (request("over", &[(bowl, 1)]), request("alive", &[(bowl, 1)]));
    for wanted in [&over, &alive] {
        placed(market.place(wanted).await.expect("placed"));
    }
    market.writer.cancel_order(over.order_id).await.expect("cancelled");
    let taken = market.writer.take_mails(100, CLAIM).await.expect("taken");
    let told: Vec<_> = taken.iter().map(|mail| FinishedMail { transition: mail.transition, was_sent: true }).collect();
    market.writer.finish_mails(&told).await.expect("told");
    let owner = market.owner().await;
    let age = async |days: i32| {
        let older = "UPDATE orders SET placed_at = now() - make_interval(days => $1)";
        owner.execute(older, &[&days]).await.expect("aged");
        let older = "UPDATE order_transition SET at = now() - make_interval(days => $1)";
        owner.execute(older, &[&days]).await.expect("aged");
    };
    let forget = async || market.writer.erase_contacts(30 * DAY, 100).await.expect("forgotten");
    age(29).await;
    assert_eq!(forget().await, 0);
    age(31).await;
    assert_eq!(forget().await, 1);
    assert_eq!(forget().await, 0, "once");
    let left = "SELECT id, contact::text, buyer FROM orders ORDER BY (id = $1) DESC";
    let rows = owner.query(left, &[&over.order_id.get()]).await.expect("readable");
    let contact = |row: usize| rows[row].get::<_, String>(1);
    assert_eq!((contact(0).as_str(), rows[0].get::<_, Option<String>>(2)), ("{}", None));
    assert!(contact(1).contains("zoe@example.org"), "the other order is not over");
    // The order itself stays, and can be looked at.
    let order = market.writer.find_order(over.order_id).await.expect("readable").expect("is there");
    assert_eq!((order.state, order.lines.len()), (OrderState::Cancelled, 1));
}

/// Whoever dies with a mail in hand leaves it to others, after its time; whoever is slow does not have it taken away.
#[tokio::test]
async fn a_mail_that_was_taken_is_nobody_elses_until_its_time_is_over() {
    let market = Market::open().await;
    let bowl = market.listing(9).await.id;
    placed(market.place(&request("told", &[(bowl, 1)])).await.expect("placed"));
    let take = async |claim| market.writer.take_mails(100, claim).await.expect("taken").len();
    assert_eq!(take(CLAIM).await, 1);
    assert_eq!(take(CLAIM).await, 0, "somebody has it");
    let owner = market.owner().await;
    owner.execute("UPDATE order_transition SET mail_due_at = now()", &[]).await.expect("time passes");
    let again = market.writer.take_mails(100, CLAIM).await.expect("taken").remove(0);
    assert_eq!(again.attempts, 2);
    market.writer.put_mail_off(again.transition, "it answered 451").await.expect("put off");
    let pause = "SELECT extract(epoch FROM mail_due_at - now())::float8 FROM order_transition";
    let seconds: f64 = owner.query_one(pause, &[]).await.expect("readable").get(0);
    assert!((0.0..=8.0).contains(&seconds), "{seconds}");
}
