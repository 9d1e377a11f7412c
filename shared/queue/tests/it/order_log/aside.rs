//! What cannot be read or placed: set aside with the reason, in nobody's way, and tried once more.

use halles_queue::order_log::{Consumer, OrderLogSettings, Redriven};
use halles_testkit::TestRedis;
use redis::Commands;

use super::fixture::{behind_the_curtain, log_and_consumer, numbers, outcome, request, settings, take};

#[tokio::test]
async fn what_cannot_be_read_is_set_aside_and_blocks_nobody() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    let (mut raw, stream) = behind_the_curtain(&redis);
    log.append(&request(1)).await.expect("appended");
    let poison = r#"{"version":"1","request":{"email":"zoe@example.org"}}"#;
    let _: String = raw.xadd(&stream, "*", &[("request", poison)]).expect("added");
    let _: String = raw.xadd(&stream, "*", &[("something", "else")]).expect("added");
    log.append(&request(2)).await.expect("appended");
    assert_eq!(numbers(&take(&mut consumer).await), [1, 2]);
    let depth = log.depth().await.expect("readable");
    assert_eq!((depth.waiting, depth.dead), (2, 2));
    let dead: redis::streams::StreamRangeReply = raw.xrange_all(format!("{stream}:dead")).expect("readable");
    let reason: String = dead.ids[0].get("reason").expect("a reason");
    assert!(reason.contains("unreadable") && !reason.contains("zoe"), "{reason}");
    assert_eq!(dead.ids[0].get::<String>("request").as_deref(), Some(poison), "kept as it was");
}

/// A deploy in the wrong order: an order-worker meets what it does not know, and a later one finds it again by itself.
#[tokio::test]
async fn what_a_later_release_wrote_waits_for_somebody_who_can_read_it() {
    let redis = TestRedis::log();
    let settings = settings(&redis);
    let (log, mut consumer) = log_and_consumer(&settings).await;
    let (mut raw, stream) = behind_the_curtain(&redis);
    log.append(&request(1)).await.expect("appended");
    let later = r#"{"version":"1","needs":["gift_wrapping"],"request":{"email":"zoe@example.org"}}"#;
    let _: String = raw.xadd(&stream, "*", &[("request", later)]).expect("added");
    log.append(&request(2)).await.expect("appended");
    let batch = take(&mut consumer).await;
    assert_eq!(numbers(&batch), [1, 2], "it is in nobody's way");
    let reason = log.list_dead(10).await.expect("listed").remove(0).reason;
    assert_eq!(reason, "written by a later release (it needs gift_wrapping)");

    // As an order-worker of before has set aside what this one can read.
    consumer.set_aside(&batch[0], "written by a later release (its version is 1)").await.expect("set aside");
    consumer.settle(&[outcome(&batch[1])]).await.expect("settled");
    consumer.resign().await.expect("answered");
    let mut next = Consumer::connect(&settings).await.expect("a consumer");
    assert_eq!(numbers(&take(&mut next).await), [1], "it comes back by itself");
    let dead = log.list_dead(10).await.expect("listed");
    assert_eq!(dead.len(), 1, "and what nobody can read yet goes on waiting");
    assert_eq!(dead[0].reason, reason);
    assert_eq!(log.fetch_ledger().await.expect("readable").unaccounted(), 0);
}

/// Whoever was away with a request in hand does not set aside what somebody else has placed meanwhile.
#[tokio::test]
async fn what_was_settled_meanwhile_is_not_set_aside() {
    let redis = TestRedis::log();
    let settings = settings(&redis);
    let (log, mut sleeper) = log_and_consumer(&settings).await;
    log.append(&request(1)).await.expect("appended");
    let in_hand = take(&mut sleeper).await;
    let mut next = Consumer::connect(&settings).await.expect("a consumer");
    let again = take(&mut next).await;
    next.settle(&[outcome(&again[0])]).await.expect("settled");
    sleeper.set_aside(&in_hand[0], "the shelf has collapsed").await.expect("answered");
    let depth = log.depth().await.expect("readable");
    assert_eq!((depth.waiting, depth.dead), (0, 0));
}

#[tokio::test]
async fn what_never_comes_to_an_outcome_is_set_aside_alone() {
    let redis = TestRedis::log();
    let settings = OrderLogSettings { max_deliveries: 4, batch_size: 10, leader_ttl_ms: 60_000, ..settings(&redis) };
    let (log, mut consumer) = log_and_consumer(&settings).await;
    log.append(&request(1)).await.expect("appended");
    log.append(&request(2)).await.expect("appended");
    assert_eq!(numbers(&take(&mut consumer).await), [1, 2]);
    // As if the worker had died with them in hand, again and again.
    let mut taken = Vec::new();
    while log.depth().await.expect("readable").dead == 0 {
        consumer.resign().await.expect("answered");
        taken.push(numbers(&consumer.take().await.expect("answered")));
        assert!(taken.len() < 20, "{taken:?}");
    }
    assert_eq!(taken[..2], [vec![1, 2], vec![1, 2]], "together while nothing is suspicious");
    assert_eq!(taken[2], [1], "then alone");
    assert_eq!(taken.last(), Some(&vec![2]), "the first is gone, the second is taken");
    assert_eq!(log.depth().await.expect("readable").waiting, 1);
}

#[tokio::test]
async fn a_request_that_cannot_be_placed_is_kept_for_people() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    log.append(&request(1)).await.expect("appended");
    let batch = take(&mut consumer).await;
    consumer.set_aside(&batch[0], "the shelf has collapsed").await.expect("set aside");
    let depth = log.depth().await.expect("readable");
    assert_eq!((depth.waiting, depth.dead, depth.oldest), (0, 1, None));
}

#[tokio::test]
async fn what_was_set_aside_can_be_tried_once_more() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    let (mut raw, stream) = behind_the_curtain(&redis);
    let first = log.append(&request(1)).await.expect("appended");
    let batch = take(&mut consumer).await;
    consumer.set_aside(&batch[0], "the shelf has collapsed").await.expect("set aside");
    let _: String = raw.xadd(&stream, "*", &[("something", "else")]).expect("added");
    consumer.take().await.expect("sets it aside");
    let dead = log.list_dead(10).await.expect("listed");
    let reasons: Vec<&str> = dead.iter().map(|letter| letter.reason.as_str()).collect();
    assert_eq!(reasons, ["the shelf has collapsed", "no request in it"]);
    assert_eq!((dead[0].was_at, dead[0].bytes > 100, dead[1].bytes), (Some(first.position), true, 0));
    let Redriven::Appended(position) = log.redrive(dead[0].id).await.expect("answered") else { panic!("appended") };
    assert!(position > first.position, "behind all others");
    assert_eq!(log.redrive(dead[0].id).await.expect("answered"), Redriven::Gone, "once");
    assert_eq!(log.redrive(dead[1].id).await.expect("answered"), Redriven::Empty);
    assert_eq!(numbers(&take(&mut consumer).await), [1]);
    assert_eq!(log.depth().await.expect("readable").dead, 1);
}
