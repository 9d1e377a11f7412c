//! When a server is away: reads go to the primary within a cap, nobody pays twice for finding out, and all is well again
//! as soon as it is.

use std::time::Duration;

use halles_domain::ListingId;
use halles_store::{Reader, Server, StoreError, StoreSettings, Writer};
use halles_testkit::{ChaosProxy, eventually};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::market::{Market, connect, new_seller, settings};

const PATIENCE: Duration = Duration::from_secs(30);

struct Wires {
    market: Market,
    settings: StoreSettings,
    replica: ChaosProxy,
    primary: ChaosProxy,
}

impl Wires {
    async fn lay() -> Self {
        let market = Market::open().await;
        let (replica, replica_url) = ChaosProxy::before(&market.database.replica_url).await;
        let (primary, primary_url) = ChaosProxy::before(&market.database.primary_url).await;
        let settings = StoreSettings {
            replica_url: replica_url.into(),
            primary_url: primary_url.into(),
            fallback_max_concurrent: 2,
            fallback_wait_ms: 1,
            outage_probe_ms: 50,
            ..settings(&market.database)
        };
        Self { market, settings, replica, primary }
    }

    fn reader(&self) -> Reader {
        Reader::new(&self.settings).expect("a reader")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_replica_is_away_reads_go_to_the_primary_and_return_as_soon_as_it_does() {
    let wires = Wires::lay().await;
    let bowl = wires.market.listing(1).await;
    wires.market.database.wait_for_replica().await;
    let reader = wires.reader();
    let read = async || reader.find_listing(bowl.id).await;
    assert_eq!(read().await.expect("from the replica"), Some(bowl.clone()));
    wires.replica.cut();
    for _ in 0..5 {
        assert_eq!(read().await.expect("from the primary"), Some(bowl.clone()));
    }
    assert!(reader.ping().await.is_err(), "readiness is told the truth about the replica");
    wires.primary.cut();
    let error = read().await.expect_err("nobody is there");
    assert!(matches!(error, StoreError::Unavailable { .. }) && error.is_transient(), "{error:?}");
    wires.replica.restore();
    eventually("the replica is used again", PATIENCE, async || read().await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_cap_reads_are_refused_and_the_primary_is_spared() {
    let wires = Wires::lay().await;
    let reader = wires.reader();
    wires.replica.cut();
    // Slow enough that whoever gets a place still has it when the last of the crowd arrives.
    wires.primary.delay(Duration::from_millis(500));
    let mut crowd = JoinSet::new();
    for _ in 0..40 {
        let reader = reader.clone();
        crowd.spawn(async move { reader.list_newest(1).await });
    }
    let answers = crowd.join_all().await;
    let served = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused = answers.iter().filter(|answer| {
        matches!(answer, Err(StoreError::Unavailable { server: Server::Replica, reason }) if reason.contains("share"))
    });
    assert_eq!((served, refused.count()), (2, 38));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_hangs_costs_one_wait_and_not_one_for_each_read() {
    let wires = Wires::lay().await;
    let connect_timeout_ms = 1_000;
    let settings = StoreSettings { connect_timeout_ms, outage_probe_ms: 600_000, ..wires.settings.clone() };
    let reader = Reader::new(&settings).expect("a reader");
    wires.replica.stall();
    let start = Instant::now();
    reader.list_newest(1).await.expect("from the primary, after the one wait");
    assert!(start.elapsed() >= Duration::from_millis(connect_timeout_ms));
    let start = Instant::now();
    for _ in 0..50 {
        reader.list_newest(1).await.expect("from the primary");
    }
    let one_wait_each = Duration::from_millis(50 * connect_timeout_ms);
    assert!(start.elapsed() < one_wait_each / 2, "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_falls_silent_in_the_middle_is_found_out() {
    let wires = Wires::lay().await;
    let settings = StoreSettings { read_timeout_ms: 1_000, connect_timeout_ms: 2_000, ..wires.settings.clone() };
    let reader = Reader::new(&settings).expect("a reader");
    reader.list_newest(1).await.expect("from the replica, and the connection stays open");
    wires.replica.stall();
    reader.list_newest(1).await.expect("from the primary, after a wait for an answer that does not come");
    wires.replica.restore();
    wires.primary.cut();
    eventually("the replica is used again", PATIENCE, async || reader.list_newest(1).await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_without_a_primary_says_that_the_replica_is_away() {
    let wires = Wires::lay().await;
    let settings = StoreSettings { primary_url: "".into(), ..wires.settings.clone() };
    let reader = Reader::new(&settings).expect("a reader");
    wires.replica.cut();
    let error = reader.find_listing(ListingId::new(1)).await.expect_err("away");
    assert!(matches!(error, StoreError::Unavailable { server: Server::Replica, .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_replica_is_not_an_absent_one() {
    let wires = Wires::lay().await;
    let settings = StoreSettings { replica_max_connections: 1, acquire_timeout_ms: 50, ..wires.settings.clone() };
    let reader = Reader::new(&settings).expect("a reader");
    reader.list_newest(1).await.expect("reads");
    wires.replica.delay(Duration::from_millis(500));
    let (first, second) = tokio::join!(reader.list_newest(1), reader.list_newest(1));
    first.expect("reads, slowly");
    assert!(matches!(second, Err(StoreError::Timeout { server: Server::Replica, .. })), "{second:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_fail_while_the_primary_is_away_and_work_again_when_it_is_back() {
    let wires = Wires::lay().await;
    let writer = Writer::new(&wires.settings).expect("a writer");
    writer.ping().await.expect("answers");
    wires.primary.cut();
    let error = writer.insert_seller(&new_seller("too-early")).await.expect_err("away");
    assert!(matches!(error, StoreError::Unavailable { server: Server::Primary, .. }), "{error:?}");
    wires.primary.restore();
    eventually("the primary is used again", PATIENCE, async || writer.ping().await.is_ok()).await;
    writer.insert_seller(&new_seller("in-time")).await.expect("written");
}

#[tokio::test]
async fn a_primary_that_is_none_refuses_writes_as_unavailable() {
    let market = Market::open().await;
    // After a failover an address may lead to a server that only reads.
    let replica_as_primary = market.database.replica_url.replace("halles_read", "halles_write");
    let settings = StoreSettings { primary_url: replica_as_primary.into(), ..settings(&market.database) };
    let writer = Writer::new(&settings).expect("a writer");
    let error = writer.insert_seller(&new_seller("nowhere")).await.expect_err("read-only");
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_given_up_takes_its_connection_along() {
    let wires = Wires::lay().await;
    let application_name = format!("giving up {}", wires.market.database.name);
    let settings = StoreSettings { application_name: application_name.clone(), ..wires.settings.clone() };
    let reader = Reader::new(&settings).expect("a reader");
    reader.list_newest(1).await.expect("reads, and the connection stays open");
    let observer = connect(&wires.market.database.replica_url).await;
    let connections = async || -> i64 {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE left(application_name, 63) = left($1, 63)";
        observer.query_one(sql, &[&application_name]).await.expect("counts").get(0)
    };
    assert_eq!(connections().await, 1);
    wires.replica.stall();
    let given_up = tokio::time::timeout(Duration::from_millis(50), reader.list_newest(1)).await;
    assert!(given_up.is_err(), "nothing passes");
    wires.replica.restore();
    eventually("the connection is closed", PATIENCE, async || connections().await == 0).await;
    reader.list_newest(1).await.expect("reads on a new one");
}
