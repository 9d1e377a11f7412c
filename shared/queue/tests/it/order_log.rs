//! The order log on a real Redis: nothing is lost, nothing blocks, everything is bounded.

use std::time::Duration;

use halles_domain::{
    BasketLine, ContactForm, Language, ListingId, OrderId, Quantity, RequestFingerprint, RequestToBuy,
};
use halles_queue::order_log::{
    Consumer, Follower, LogPosition, Logged, OrderLog, OrderLogError, OrderLogSettings, Outcome, Redriven, Verdict,
    WaitingRoom,
};
use halles_testkit::{ChaosProxy, TestRedis, eventually};
use jiff::Timestamp;
use redis::Commands;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(30);

fn settings(redis: &TestRedis) -> OrderLogSettings {
    OrderLogSettings {
        redis_url: redis.url.as_str().into(),
        key_prefix: redis.prefix.clone(),
        block_ms: 20,
        leader_ttl_ms: 500,
        ..OrderLogSettings::default()
    }
}

fn request(number: u128) -> RequestToBuy {
    let form = ContactForm {
        name: "Zoé".into(),
        email: "zoe@example.org".into(),
        street: "1 rue des Halles".into(),
        postcode: "69001".into(),
        town: "Lyon".into(),
        country: "FR".into(),
    };
    RequestToBuy {
        order_id: OrderId::new(Uuid::from_u128(number)),
        idempotency_key: format!("key-number-{number}").parse().expect("a key"),
        fingerprint: RequestFingerprint([7; 32]),
        language: Language::Fr,
        contact: form.parse().expect("a contact"),
        lines: vec![BasketLine { listing_id: ListingId::new(1), quantity: Quantity::new(1).expect("a quantity") }],
        may_wait: false,
        what_there_is: false,
        personalisations: Vec::new(),
        accepted_at: Timestamp::UNIX_EPOCH,
    }
}

fn outcome(logged: &Logged) -> Outcome {
    let (order_id, entry) = (logged.request.order_id, logged.position);
    Outcome { order_id, entry, replayed: false, verdict: Verdict::KeyReused }
}

async fn take(consumer: &mut Consumer) -> Vec<Logged> {
    let mut taken = Vec::new();
    eventually("something is taken", PATIENCE, async || {
        taken = consumer.take().await.expect("the log answers");
        !taken.is_empty()
    })
    .await;
    taken
}

async fn log_and_consumer(settings: &OrderLogSettings) -> (OrderLog, Consumer) {
    let log = OrderLog::connect(settings).await.expect("the log");
    let consumer = Consumer::connect(settings).await.expect("a consumer");
    (log, consumer)
}

fn numbers(batch: &[Logged]) -> Vec<u128> {
    batch.iter().map(|logged| logged.request.order_id.get().as_u128()).collect()
}

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

#[tokio::test]
async fn what_cannot_be_read_is_set_aside_and_blocks_nobody() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    let mut raw = redis::Client::open(redis.url.as_str()).expect("an address").get_connection().expect("Redis");
    let stream = format!("{}{{orders}}", redis.prefix);
    log.append(&request(1)).await.expect("appended");
    let poison = r#"{"version":"99","request":{"email":"zoe@example.org"}}"#;
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
    let mut raw = redis::Client::open(redis.url.as_str()).expect("an address").get_connection().expect("Redis");
    let _: u64 = raw.del(format!("{}{{orders}}", redis.prefix)).expect("deleted");
    log.append(&request(2)).await.expect("appended");
    assert_eq!(numbers(&take(&mut consumer).await), [2]);
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
    let mut raw = redis::Client::open(redis.url.as_str()).expect("an address").get_connection().expect("Redis");
    let _: () = raw.set(format!("{}{{orders}}:drain-rate", redis.prefix), rate).expect("set");
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
    let mut raw = redis::Client::open(redis.url.as_str()).expect("an address").get_connection().expect("Redis");
    let outcomes: u64 = raw.xlen(format!("{}{{orders}}:outcomes", redis.prefix)).expect("readable");
    assert!(outcomes < 490, "outcomes were trimmed: {outcomes} are left");
    let mut next = Consumer::connect(&settings).await.expect("a consumer");
    consumer.resign().await.expect("answered");
    assert_eq!(numbers(&take(&mut next).await), stuck, "all of them are still there, in their order");
}

#[tokio::test]
async fn what_was_set_aside_can_be_tried_once_more() {
    let redis = TestRedis::log();
    let (log, mut consumer) = log_and_consumer(&settings(&redis)).await;
    let mut raw = redis::Client::open(redis.url.as_str()).expect("an address").get_connection().expect("Redis");
    let first = log.append(&request(1)).await.expect("appended");
    let batch = take(&mut consumer).await;
    consumer.set_aside(&batch[0], "the shelf has collapsed").await.expect("set aside");
    let stream = format!("{}{{orders}}", redis.prefix);
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
    let mut raw = redis::Client::open(redis.url.as_str()).expect("an address").get_connection().expect("Redis");
    let _: u64 = raw.xdel(format!("{}{{orders}}", redis.prefix), &[batch[2].position.to_string()]).expect("deleted");
    assert_eq!(unaccounted().await, 1, "somebody deleted a request");
}

#[test]
fn positions_sort_as_the_log_does() {
    let position = |millis, sequence| LogPosition { millis, sequence };
    assert!(position(1, 9) < position(1, 10) && position(1, 10) < position(2, 0));
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
