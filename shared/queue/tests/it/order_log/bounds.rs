//! The bounds of the log and its books: what it promises, what it refuses, and that nothing of it is ever lost.

use halles_queue::order_log::{Consumer, OrderLog, OrderLogError, OrderLogSettings};
use halles_testkit::TestRedis;
use redis::Commands;

use super::fixture::{behind_the_curtain, log_and_consumer, numbers, outcome, request, settings, take};

#[tokio::test]
async fn a_full_log_refuses() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&OrderLogSettings { max_depth: 2, ..settings(&redis) }).await;
    log.append(&request(1)).await.expect("appended");
    log.append(&request(2)).await.expect("appended");
    assert!(matches!(log.append(&request(3)).await, Err(OrderLogError::Full { .. })));
    let batch = take(&mut consumer).await;
    consumer.settle(&[outcome(&batch[0])]).await.expect("settled");
    log.append(&request(3)).await.expect("there is room again");
}

/// C2 rule 12: the promise is the depth divided by the measured rate; beyond it the log says no, and when to come back.
#[tokio::test]
async fn the_log_promises_a_time_and_refuses_what_it_could_not_keep() {
    let redis = TestRedis::log();
    let settings = OrderLogSettings { batch_size: 1, max_wait_ms: 60_000, ..settings(&redis) };
    let (log, mut consumer) = log_and_consumer(&settings).await;
    let first = log.append(&request(1)).await.expect("appended");
    assert_eq!((first.queue.place, first.queue.expected), (1, None), "nobody takes requests yet: no promise");
    let batch = take(&mut consumer).await;
    consumer.settle(&batch.iter().map(outcome).collect::<Vec<_>>()).await.expect("settled");
    assert!(log.depth().await.expect("readable").per_second.expect("measured") > 0.0);
    // As if each had taken a tenth of a second.
    let rate = 10.0;
    let (mut raw, stream) = behind_the_curtain(&redis);
    let _: () = raw.set(format!("{stream}:drain-rate"), rate).expect("set");
    for number in 2..=4 {
        log.append(&request(number)).await.expect("appended");
    }
    let fifth = log.append(&request(5)).await.expect("appended");
    let promised = fifth.queue.expected.expect("a time").as_secs_f64();
    assert_eq!(fifth.queue.place, 4);
    assert!((promised - 4.0 / rate).abs() < 0.01, "{promised} at {rate}/s");

    // The same log, for somebody who may promise less than that.
    let strict = OrderLogSettings { max_wait_ms: 100, ..settings };
    let strict = OrderLog::connect(&strict).await.expect("the log");
    let refused = strict.append(&request(6)).await;
    let Err(OrderLogError::Full { back_in: Some(back_in) }) = refused else { panic!("{refused:?}") };
    assert!((back_in.as_secs_f64() - (4.0 / rate - 0.1)).abs() < 0.01, "{back_in:?}");
    assert_eq!(log.depth().await.expect("readable").waiting, 4, "nothing was appended");
}

/// A leader that cannot place what it holds renews its lead all the same; what it measured before is no promise any more.
#[tokio::test]
async fn a_rate_counts_for_as_long_as_requests_are_taken() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    log.append(&request(1)).await.expect("appended");
    let batch = take(&mut consumer).await;
    consumer.settle(&[outcome(&batch[0])]).await.expect("settled");
    let (mut raw, stream) = behind_the_curtain(&redis);
    let rate = format!("{stream}:drain-rate");
    let _: () = raw.pexpire(&rate, 5_000).expect("set");
    let mut counts_for = || raw.pttl::<_, i64>(&rate).expect("readable");
    assert!(consumer.try_lead().await.expect("answered"));
    assert!(counts_for() <= 5_000, "to lead is not to take");
    assert_eq!(consumer.take().await.expect("answered"), []);
    assert!(counts_for() > 5_000, "an idle worker would be as quick as before");
}

/// Whoever appends at the same moment shares a step; each is told its own place, and the bound holds inside a step.
#[tokio::test]
async fn a_crowd_is_appended_together_and_everybody_gets_a_place_of_their_own() {
    let redis = TestRedis::log();
    let log = OrderLog::connect(&OrderLogSettings { max_depth: 300, ..settings(&redis) }).await.expect("the log");
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..400 {
        let log = log.clone();
        crowd.spawn(async move { log.append(&request(number)).await });
    }
    let (mut places, mut positions, mut refused) = (Vec::new(), Vec::new(), 0);
    for answer in crowd.join_all().await {
        match answer {
            Ok(appended) => {
                places.push(appended.queue.place);
                positions.push(appended.position);
            }
            Err(OrderLogError::Full { .. }) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    places.sort_unstable();
    positions.sort_unstable();
    positions.dedup();
    assert_eq!(places, (1..=300).collect::<Vec<u64>>());
    assert_eq!((positions.len(), refused), (300, 100));
    assert_eq!(log.depth().await.expect("readable").waiting, 300);
}

/// Outcomes are trimmed; what is not placed yet never is, however much goes by.
#[tokio::test]
async fn trimming_drops_no_request_that_is_not_placed() {
    let redis = TestRedis::log();
    let settings = OrderLogSettings { batch_size: 50, outcomes_kept: 1, ..settings(&redis) };
    let (log, mut consumer) = log_and_consumer(&settings).await;
    for number in 1..=500 {
        log.append(&request(number)).await.expect("appended");
    }
    // The first of each batch is never settled; everything else is, with outcomes that are trimmed away at once.
    let (mut stuck, mut seen) = (Vec::new(), 0);
    while seen < 500 {
        let batch = take(&mut consumer).await;
        seen += batch.len();
        stuck.extend(numbers(&batch[..1]));
        consumer.settle(&batch[1..].iter().map(outcome).collect::<Vec<_>>()).await.expect("settled");
    }
    let depth = log.depth().await.expect("readable");
    assert_eq!(depth.waiting, u64::try_from(stuck.len()).expect("few"));
    let (mut raw, stream) = behind_the_curtain(&redis);
    let outcomes: u64 = raw.xlen(format!("{stream}:outcomes")).expect("readable");
    assert!(outcomes < 490, "outcomes were trimmed: {outcomes} are left");
    let mut next = Consumer::connect(&settings).await.expect("a consumer");
    consumer.resign().await.expect("answered");
    assert_eq!(numbers(&take(&mut next).await), stuck, "all of them are still there, in their order");
}

/// Law 5: whatever was accepted waits, was told, or is set aside. The books notice when it is not so.
#[tokio::test]
async fn the_books_balance_until_something_is_lost() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    let unaccounted = async || log.fetch_ledger().await.expect("readable").unaccounted();
    assert_eq!(unaccounted().await, 0, "of a log that is not there yet");
    for number in 1..=4 {
        log.append(&request(number)).await.expect("appended");
    }
    let batch = take(&mut consumer).await;
    consumer.settle(&[outcome(&batch[0])]).await.expect("settled");
    consumer.set_aside(&batch[1], "the shelf has collapsed").await.expect("set aside");
    let dead = log.list_dead(10).await.expect("listed");
    log.redrive(dead[0].id).await.expect("answered");
    let ledger = log.fetch_ledger().await.expect("readable");
    assert_eq!((ledger.appended, ledger.waiting, ledger.told, ledger.set_aside), (5, 3, 1, 1));
    assert_eq!(ledger.unaccounted(), 0);
    let (mut raw, stream) = behind_the_curtain(&redis);
    let _: u64 = raw.xdel(&stream, &[batch[2].position.to_string()]).expect("deleted");
    assert_eq!(unaccounted().await, 1, "somebody deleted a request");
}
