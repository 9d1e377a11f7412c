//! The term of a lead: whoever lost it writes nothing, whoever has it is not held up by who lost it.

use std::sync::Arc;
use std::time::Duration;

use halles_domain::OrderState;
use halles_store::{Conflict, StoreError, StoreSettings, Writer};
use halles_testkit::{ChaosProxy, eventually};

use crate::market::{Market, RULES, connect, placed, request, settings};

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_leader_whose_time_ran_out_writes_nothing() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let early = market.writer.begin_lead().await.expect("begins");
    let first = [request("first", &[(bowl, 1)])];
    let placements = market.writer.place_batch_as_leader(early, &first, &RULES).await.expect("placed");
    assert_eq!(placed(placements[0].clone()).state, OrderState::AwaitingPayment);

    let late = market.writer.begin_lead().await.expect("begins");
    let second = [request("second", &[(bowl, 1)])];
    let refused = market.writer.place_batch_as_leader(early, &second, &RULES).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::LeadLost))), "{refused:?}");
    let nothing = market.writer.find_order(second[0].order_id).await.expect("reads");
    assert_eq!((nothing, market.stock(bowl).await.held()), (None, 1));
    market.writer.place_batch_as_leader(late, &second, &RULES).await.expect("placed");
    market.place(&request("alone", &[(bowl, 1)])).await.expect("whoever does not lead needs no term");
    assert_eq!(market.stock(bowl).await.held(), 3);
}

#[tokio::test]
async fn a_lead_begins_behind_the_batch_that_is_just_being_written() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(5).await.id;
    let term = market.writer.begin_lead().await.expect("begins");
    let owner = market.owner().await;
    owner.batch_execute(&format!("BEGIN; SELECT id FROM listing WHERE id = {bowl} FOR UPDATE")).await.expect("locks");
    let writing = tokio::spawn({
        let market = Arc::clone(&market);
        async move { market.writer.place_batch_as_leader(term, &[request("slow", &[(bowl, 1)])], &RULES).await }
    });
    waiting_sessions(&market, 1).await;
    let beginning = tokio::spawn({
        let market = Arc::clone(&market);
        async move { market.writer.begin_lead().await }
    });
    waiting_sessions(&market, 2).await;
    owner.batch_execute("COMMIT").await.expect("lets go");
    writing.await.expect("no panic").expect("what had begun is placed");
    beginning.await.expect("no panic").expect("begins");
    assert_eq!(market.stock(bowl).await.held(), 1);
}

/// A leader that hangs in the middle of its transaction has locks; the server takes them from it.
#[tokio::test]
async fn a_leader_that_hangs_does_not_keep_the_next_one_waiting() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let (wire, url) = ChaosProxy::before(&market.database.primary_url).await;
    let hanging = StoreSettings { primary_url: url.into(), ..settings(&market.database) };
    let hanging = Writer::new(&StoreSettings { idle_transaction_timeout_ms: 300, ..hanging }).expect("a writer");
    let term = hanging.begin_lead().await.expect("begins");
    let owner = market.owner().await;
    owner.batch_execute(&format!("BEGIN; SELECT id FROM listing WHERE id = {bowl} FOR UPDATE")).await.expect("locks");
    let stuck =
        tokio::spawn(
            async move { hanging.place_batch_as_leader(term, &[request("stuck", &[(bowl, 5)])], &RULES).await },
        );
    waiting_sessions(&market, 1).await;
    wire.stall();
    owner.batch_execute("COMMIT").await.expect("lets go");
    // It has the listing's lock and the term's now, and hears of neither.
    let term = market.writer.begin_lead().await.expect("begins all the same");
    let wanted = [request("next", &[(bowl, 5)])];
    let placements = market.writer.place_batch_as_leader(term, &wanted, &RULES).await.expect("placed");
    assert_eq!(placed(placements[0].clone()).state, OrderState::AwaitingPayment);
    stuck.abort();
    assert_eq!(market.stock(bowl).await.held(), 5);
}

/// Waits until so many sessions of this database wait for a lock.
async fn waiting_sessions(market: &Market, count: i64) {
    // A role sees what its own sessions wait for, and no others.
    let watcher = connect(&market.database.primary_url).await;
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    eventually("sessions wait for a lock", PATIENCE, async || {
        watcher.query_one(sql, &[]).await.expect("counts").get::<_, i64>(0) >= count
    })
    .await;
}
