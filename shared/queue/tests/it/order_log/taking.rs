//! Taking: in order, exactly once settled, by one leader at a time.

use halles_queue::order_log::{Consumer, Follower, LogPosition, OrderLogSettings, WaitingRoom};
use halles_testkit::TestRedis;

use super::fixture::{PATIENCE, log_and_consumer, numbers, outcome, request, settings, take};

#[tokio::test]
async fn requests_come_out_in_order_and_leave_when_they_are_settled() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&OrderLogSettings { batch_size: 2, ..settings(&redis) }).await;
    for number in 1..=3 {
        log.append(&request(number)).await.expect("appended");
    }
    let first = take(&mut consumer).await;
    assert_eq!(numbers(&first), [1, 2], "no more than a batch");
    let depth = log.depth().await.expect("readable");
    assert_eq!((depth.waiting, depth.oldest), (3, Some(first[0].position)), "taken is not settled");
    consumer.settle(&first.iter().map(outcome).collect::<Vec<_>>()).await.expect("settled");
    assert_eq!(numbers(&take(&mut consumer).await), [3]);
    assert_eq!(log.depth().await.expect("readable").waiting, 1);
}

#[tokio::test]
async fn whoever_waits_is_told_and_whoever_comes_late_remembers() {
    let redis = TestRedis::log();
    let settings = settings(&redis);
    let (log, mut consumer) = log_and_consumer(&settings).await;
    let room = WaitingRoom::new(10, 10);
    let follower = Follower::connect(&settings, room.clone()).await.expect("a follower");
    let following = tokio::spawn(follower.run());
    let wait = room.try_wait(request(1).order_id).expect("a place");
    let position = log.append(&request(1)).await.expect("appended").position;
    let batch = take(&mut consumer).await;
    consumer.settle(&[outcome(&batch[0])]).await.expect("settled");
    let told = wait.outcome(PATIENCE).await.expect("told");
    assert_eq!((told.entry, told.order_id), (position, request(1).order_id));
    assert!(room.recall(request(1).order_id).is_some());
    following.abort();
}

#[tokio::test]
async fn what_a_dead_worker_took_comes_first_to_the_next() {
    let redis = TestRedis::log();
    let settings = OrderLogSettings { batch_size: 2, ..settings(&redis) };
    let (log, mut doomed) = log_and_consumer(&settings).await;
    for number in 1..=4 {
        log.append(&request(number)).await.expect("appended");
    }
    assert_eq!(numbers(&take(&mut doomed).await), [1, 2]);
    let mut standby = Consumer::connect(&settings).await.expect("a consumer");
    assert!(!standby.try_lead().await.expect("answered"), "one leads at a time");
    drop(doomed);
    let inherited = take(&mut standby).await;
    assert_eq!(numbers(&inherited), [1, 2], "after the lead of the dead one has run out");
    standby.settle(&inherited.iter().map(outcome).collect::<Vec<_>>()).await.expect("settled");
    assert_eq!(numbers(&take(&mut standby).await), [3, 4]);
}

#[tokio::test]
async fn a_lead_that_is_given_up_is_free_at_once() {
    let redis = TestRedis::log();
    let settings = OrderLogSettings { leader_ttl_ms: 600_000, ..settings(&redis) };
    let (_, mut first) = log_and_consumer(&settings).await;
    let mut second = Consumer::connect(&settings).await.expect("a consumer");
    assert!(first.try_lead().await.expect("answered"));
    assert!(!second.try_lead().await.expect("answered"));
    second.resign().await.expect("answered");
    assert!(!second.try_lead().await.expect("answered"), "nobody gives up what another one holds");
    first.resign().await.expect("answered");
    assert!(second.try_lead().await.expect("answered"));
}

#[test]
fn positions_sort_as_the_log_does() {
    let position = |millis, sequence| LogPosition { millis, sequence };
    assert!(position(1, 9) < position(1, 10) && position(1, 10) < position(2, 0));
}
