//! A connection through good and bad weather.

use std::time::{Duration, Instant};

use halles_redis::{Connection, Keys, RedisError, RedisSettings, scripts};
use halles_settings::Secret;
use halles_testkit::{ChaosProxy, TestRedis, eventually};
use redis::cmd;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

fn settings() -> RedisSettings {
    RedisSettings {
        connect_timeout_ms: 300,
        response_timeout_ms: 300,
        timeouts_before_reconnect: 3,
        reconnect_pause_ms: 50,
        ..RedisSettings::for_cache()
    }
}

async fn through_proxy(redis: &TestRedis) -> (ChaosProxy, Connection) {
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    (proxy, Connection::connect("test", &Secret::new(url), &settings()).await.expect("an address"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_fails_at_once_and_comes_back_by_itself() {
    let redis = TestRedis::cache();
    let (proxy, connection) = through_proxy(&redis).await;
    connection.ping().await.expect("a pong");
    proxy.cut();
    eventually("the cut is noticed", PATIENCE, async || connection.ping().await.is_err() && !connection.is_up()).await;
    let started = Instant::now();
    for _ in 0..10_000 {
        assert!(matches!(connection.ping().await, Err(RedisError::Unavailable(_))));
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?} for calls that fail at once", started.elapsed());
    proxy.restore();
    timeout(PATIENCE, connection.wait_until_up()).await.expect("back");
    connection.ping().await.expect("a pong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_is_given_up_after_a_few_timeouts() {
    let redis = TestRedis::cache();
    let (proxy, connection) = through_proxy(&redis).await;
    proxy.stall();
    let mut timeouts = 0;
    while connection.is_up() {
        assert!(matches!(connection.ping().await, Err(RedisError::Timeout)));
        timeouts += 1;
    }
    assert_eq!(timeouts, 3);
    assert!(matches!(connection.ping().await, Err(RedisError::Unavailable(_))));
    proxy.restore();
    timeout(PATIENCE, connection.wait_until_up()).await.expect("back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_at_the_start_is_no_error_and_is_found_later() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    proxy.cut();
    let connection = Connection::connect("test", &Secret::new(url), &settings()).await.expect("an address");
    assert!(!connection.is_up());
    proxy.restore();
    timeout(PATIENCE, connection.wait_until_up()).await.expect("found");
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_refused_without_being_repeated() {
    let address = Secret::new("http://user:hush@example");
    let error = Connection::connect("test", &address, &settings()).await.expect_err("no Redis address");
    assert!(matches!(error, RedisError::Address(_)));
    assert!(!error.to_string().contains("hush"));
}

#[tokio::test]
async fn what_the_server_refuses_is_told_with_its_code_and_breaks_nothing() {
    let redis = TestRedis::cache();
    let connection = Connection::connect("test", &Secret::new(redis.url.as_str()), &settings()).await.expect("up");
    let key = Keys::new(redis.prefix.as_str()).change_stream();
    let () = connection.query(cmd("SET").arg(&key).arg("no stream")).await.expect("set");
    let refused = connection.query::<()>(cmd("XADD").arg(&key).arg("*").arg("a").arg("b")).await;
    assert!(refused.as_ref().is_err_and(|error| error.is_refusal("WRONGTYPE")), "{refused:?}");
    let odd = connection.query::<u64>(cmd("GET").arg(&key)).await;
    assert!(matches!(odd, Err(RedisError::Unexpected(_))), "{odd:?}");
    assert!(connection.is_up());
}

#[tokio::test]
async fn the_newer_entry_stays() {
    let redis = TestRedis::cache();
    let connection = Connection::connect("test", &Secret::new(redis.url.as_str()), &settings()).await.expect("up");
    let keys = Keys::new(redis.prefix.as_str());
    let (key, lease) = (keys.cache_entry("bowl:1"), keys.cache_lease("bowl:1"));
    let entry =
        |format: u8, version: u64, text: &str| [&[format][..], &version.to_be_bytes(), text.as_bytes()].concat();
    let put = async |how: &str, entry: &[u8]| -> u64 {
        let script = scripts::put_newer();
        let mut call = script.prepare_invoke();
        call.arg(how).arg("me").key(&key).key(&lease).arg(60_000).arg(entry);
        connection.invoke(&call).await.expect("an answer")
    };
    // (how, format, version, is it written?)
    let steps = [
        ("put", 1, 300, 1),
        ("put", 1, 299, 0),
        ("put", 1, 300, 1),
        ("bury", 1, 300, 0),
        ("bury", 1, 70_000, 1),
        ("put", 1, 65_536, 0),
        ("put", 2, 1, 1),
        ("put", 1, 1_700_000_000_001, 1),
        ("put", 1, 1_700_000_000_000, 0),
    ];
    for (how, format, version, written) in steps {
        let found = put(how, &entry(format, version, "text")).await;
        assert_eq!(found, written, "format {format}, version {version}");
    }
    let life_ms: i64 = connection.query(cmd("PTTL").arg(&key)).await.expect("an answer");
    assert!((1..=60_000).contains(&life_ms));
}
