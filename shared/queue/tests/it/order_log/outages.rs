//! A log that is away, that hangs, or that has lost its data.

use halles_queue::order_log::{OrderLog, OrderLogError, OrderLogSettings, Outcome};
use halles_testkit::{ChaosProxy, TestRedis, eventually};
use redis::Commands;

use super::fixture::{PATIENCE, behind_the_curtain, log_and_consumer, numbers, outcome, request, settings, take};

#[tokio::test]
async fn a_log_that_is_away_says_so_at_once_and_comes_back() {
    let redis = TestRedis::log();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let settings = OrderLogSettings { redis_url: url.into(), ..settings(&redis) };
    let (log, mut consumer) = log_and_consumer(&settings).await;
    log.append(&request(1)).await.expect("appended");
    proxy.cut();
    assert!(matches!(log.append(&request(2)).await, Err(OrderLogError::Unavailable(_))));
    assert!(consumer.take().await.is_err());
    proxy.restore();
    eventually("the log is back", PATIENCE, async || log.append(&request(3)).await.is_ok()).await;
    let mut seen = Vec::new();
    eventually("what was appended comes out", PATIENCE, async || {
        let Ok(batch) = consumer.take().await else { return false };
        seen.extend(numbers(&batch));
        let outcomes: Vec<Outcome> = batch.iter().map(outcome).collect();
        drop(consumer.settle(&outcomes).await);
        seen.contains(&3)
    })
    .await;
    assert_eq!(seen.first(), Some(&1));
}

#[tokio::test]
async fn a_log_that_has_lost_its_data_is_used_again() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    log.append(&request(1)).await.expect("appended");
    take(&mut consumer).await;
    let (mut raw, stream) = behind_the_curtain(&redis);
    let _: u64 = raw.del(&stream).expect("deleted");
    log.append(&request(2)).await.expect("appended");
    assert_eq!(numbers(&take(&mut consumer).await), [2]);
}

/// A log that hangs costs each caller one patience, not the patience of all before it.
#[tokio::test]
async fn a_log_that_hangs_costs_everybody_in_a_crowd_one_patience() {
    let redis = TestRedis::log();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let mut slow = OrderLogSettings { redis_url: url.into(), ..settings(&redis) };
    slow.redis.response_timeout_ms = 700;
    let log = OrderLog::connect(&slow).await.expect("the log");
    log.append(&request(1)).await.expect("appended");
    proxy.stall();
    let began = std::time::Instant::now();
    let mut crowd = tokio::task::JoinSet::new();
    for number in 2..50 {
        let log = log.clone();
        crowd.spawn(async move { log.append(&request(number)).await });
    }
    for answer in crowd.join_all().await {
        assert!(matches!(answer, Err(OrderLogError::Unavailable(_))), "{answer:?}");
    }
    assert!(began.elapsed() < 3 * slow.redis.response_timeout(), "{:?}", began.elapsed());
    proxy.restore();
    eventually("the log is back", PATIENCE, async || log.append(&request(50)).await.is_ok()).await;
}
