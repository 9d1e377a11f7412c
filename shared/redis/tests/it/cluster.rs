//! A connection to a real cluster, in good and bad weather.

use std::time::Duration;

use halles_redis::{Connection, RedisError, RedisSettings};
use halles_settings::Secret;
use halles_testkit::{RedisCluster, eventually};
use redis::streams::StreamReadReply;
use redis::{Script, cmd};
use tokio::time::{Instant, timeout};

const PATIENCE: Duration = Duration::from_secs(60);

fn settings() -> RedisSettings {
    RedisSettings {
        cluster: true,
        connect_timeout_ms: 5_000,
        response_timeout_ms: 2_000,
        reconnect_pause_ms: 50,
        ..RedisSettings::for_cache()
    }
}

async fn connect(cluster: &RedisCluster, settings: &RedisSettings) -> Connection {
    Connection::connect("test", &Secret::new(cluster.addresses()), settings).await.expect("addresses")
}

/// The slot of a key, as Redis itself counts it.
async fn slot_of(connection: &Connection, key: &str) -> u16 {
    connection.query(cmd("CLUSTER").arg("KEYSLOT").arg(key)).await.expect("a slot")
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_pipelines_and_scripts_find_the_node_of_their_key() {
    let cluster = RedisCluster::start().await;
    let connection = connect(&cluster, &settings()).await;
    assert!(connection.is_up());
    connection.ping().await.expect("a pong");
    let keys: Vec<String> = (0..60).map(|number| format!("cup:{{{}}}:{number}", number / 2)).collect();
    for key in &keys {
        let () = connection.query(cmd("SET").arg(key).arg("old")).await.expect("written");
    }

    // Many keys of many slots in one go: a script for each slot, all at once.
    let groups = connection.group_by_slot(&keys);
    assert_eq!(groups.len(), 30, "two keys share each slot");
    let swap = Script::new(
        "local old = redis.call('MGET', unpack(KEYS)) for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1]) end return old",
    );
    let calls: Vec<_> = groups
        .iter()
        .map(|group| {
            let mut call = swap.prepare_invoke();
            for place in group {
                call.key(&keys[*place]);
            }
            call.arg("new");
            call
        })
        .collect();
    for round in ["old", "new"] {
        for answer in connection.invoke_all::<Vec<String>>(&calls).await {
            assert_eq!(answer.expect("an answer"), [round, round]);
        }
    }

    let mut pipeline = redis::pipe();
    for number in 0..3 {
        pipeline.cmd("XADD").arg("stream").arg("*").arg("number").arg(number).ignore();
    }
    let () = connection.query_pipeline(pipeline.atomic()).await.expect("appended");
    let refused = connection.query::<Vec<String>>(cmd("MGET").arg(&keys)).await;
    assert!(
        refused.is_err_and(|error| error.is_refusal("CROSSSLOT")),
        "keys of several slots are the caller's to group"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_blocks_waits_on_the_node_of_its_stream() {
    let cluster = RedisCluster::start().await;
    let block = Duration::from_secs(30);
    let blocking = connect(&cluster, &settings().blocking_for(block)).await;
    let reading = tokio::spawn(async move {
        let mut read = cmd("XREAD");
        read.arg("BLOCK").arg(30_000).arg("STREAMS").arg("stream").arg("0-0");
        blocking.query::<StreamReadReply>(&read).await
    });
    let connection = connect(&cluster, &settings()).await;
    let () = connection.query(cmd("XADD").arg("stream").arg("*").arg("a").arg("b")).await.expect("appended");
    let read = timeout(block, reading).await.expect("in time").expect("no panic").expect("an answer");
    assert_eq!(read.keys[0].ids.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_node_fails_its_own_keys_at_once_and_no_others_until_it_is_back() {
    let mut cluster = RedisCluster::start().await;
    let connection = connect(&cluster, &settings()).await;
    let dead = cluster.holder_of(slot_of(&connection, "bowl").await);
    let mut others = Vec::new();
    for number in 0..20 {
        let key = format!("cup:{number}");
        if cluster.holder_of(slot_of(&connection, &key).await) != dead {
            others.push(key);
        }
    }
    cluster.kill(dead);
    eventually("the death is noticed", PATIENCE, async || {
        connection.query::<()>(cmd("GET").arg("bowl")).await.is_err()
    })
    .await;
    let started = Instant::now();
    for _ in 0..1_000 {
        let failed = connection.query::<()>(cmd("GET").arg("bowl")).await;
        assert!(matches!(failed, Err(RedisError::Unavailable(_))), "{failed:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?} for calls that fail at once", started.elapsed());
    for key in &others {
        let () = connection.query(cmd("SET").arg(key).arg(1)).await.expect("the other nodes answer");
    }
    connection.ping().await.expect("some node answers");
    assert!(connection.is_up());
    cluster.revive(dead).await;
    let came_back = async || connection.query::<()>(cmd("SET").arg("bowl").arg(1)).await.is_ok();
    eventually("the dead node is used again", PATIENCE, came_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_moves_is_followed() {
    let cluster = RedisCluster::start().await;
    let connection = connect(&cluster, &settings()).await;
    let slot = slot_of(&connection, "bowl").await;
    let from = cluster.holder_of(slot);
    let to = (from + 1) % 3;
    cluster.begin_to_move(slot, from, to).await;
    let () = connection.query(cmd("SET").arg("bowl").arg("blue")).await.expect("written where it will be");
    assert_eq!(connection.query::<String>(cmd("GET").arg("bowl")).await.expect("found there"), "blue");
    cluster.end_move(slot, from, to).await;
    let started = Instant::now();
    assert_eq!(connection.query::<String>(cmd("GET").arg("bowl")).await.expect("followed"), "blue");
    let script = Script::new("return redis.call('GET', KEYS[1])");
    let found: String = connection.invoke(script.prepare_invoke().key("bowl")).await.expect("followed, and loaded");
    assert_eq!(found, "blue");
    assert!(started.elapsed() < Duration::from_secs(5));
    // Once the map is learned, nobody asks the old holder any more.
    let asked = async || -> u64 {
        let info: String = cluster.ask(from, cmd("INFO").arg("commandstats")).await.expect("an answer");
        let line =
            info.lines().find_map(|line| line.strip_prefix("cmdstat_get:").map(str::to_owned)).unwrap_or_default();
        line.split("rejected_calls=").nth(1).and_then(|rest| rest.split(',').next()?.parse().ok()).unwrap_or(0)
    };
    eventually("the map is learned", PATIENCE, async || {
        let before = asked().await;
        let _: String = connection.query(cmd("GET").arg("bowl")).await.expect("an answer");
        asked().await == before
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_living_node_of_the_settings_is_enough() {
    let mut cluster = RedisCluster::start().await;
    cluster.kill(0);
    let connection = connect(&cluster, &settings()).await;
    eventually("the living nodes are found", PATIENCE, async || connection.ping().await.is_ok()).await;
}

#[tokio::test]
async fn addresses_that_do_not_fit_the_settings_are_refused() {
    let two = Secret::new("redis://127.0.0.1:1,redis://127.0.0.1:2");
    let single = RedisSettings { cluster: false, ..settings() };
    for (address, settings) in [(&two, &single), (&Secret::new(" , "), &settings()), (&Secret::new(""), &single)] {
        let refused = Connection::connect("test", address, settings).await;
        assert!(matches!(refused, Err(RedisError::Address(_))), "{refused:?}");
    }
}
