//! Any sequence of outages, kills, changes and streams emptied behind everybody's back: whatever was committed is heard.

use std::collections::BTreeSet;

use halles_queue::changes::ChangeFeed;
use halles_testkit::ChaosProxy;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::fixture::{Listener, Marketplace};

#[derive(Debug, Clone, Copy)]
enum Step {
    OpenShops(usize),
    CutFeed,
    StallFeed,
    CutRelay,
    Restore,
    KillRelay,
    Forget,
    Listen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1..4_usize).prop_map(Step::OpenShops),
        1 => Just(Step::CutFeed),
        1 => Just(Step::StallFeed),
        1 => Just(Step::CutRelay),
        2 => Just(Step::Restore),
        1 => Just(Step::KillRelay),
        1 => Just(Step::Forget),
        2 => Just(Step::Listen),
    ];
    prop::collection::vec(step, 1..20)
}

#[test]
fn nothing_goes_by_in_silence() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner =
        TestRunner::new(Config { cases: 6, max_shrink_iters: 8, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&steps(), |steps| {
        runtime.block_on(live_through(&steps));
        Ok(())
    });
    outcome.expect("every sequence ends well");
}

async fn live_through(steps: &[Step]) {
    let marketplace = Marketplace::open().await;
    let (feed_proxy, feed_url) = ChaosProxy::before(&marketplace.redis.url).await;
    let (relay_proxy, relay_url) = ChaosProxy::before(&marketplace.redis.url).await;
    let relay_settings = marketplace.settings_through(&relay_url);
    let feed_settings = marketplace.settings_through(&feed_url);
    let mut relay = marketplace.start_relay(&relay_settings).await;
    let feed = ChangeFeed::from_now(&feed_settings, marketplace.reader.clone()).await.expect("a feed");
    let mut listener = Listener::new(feed);
    let mut owed = BTreeSet::new();
    for step in steps {
        match *step {
            Step::OpenShops(count) => owed.append(&mut marketplace.open_shops(count).await),
            Step::CutFeed => feed_proxy.cut(),
            Step::StallFeed => feed_proxy.stall(),
            Step::CutRelay => relay_proxy.cut(),
            Step::Restore => {
                feed_proxy.restore();
                relay_proxy.restore();
            }
            Step::KillRelay => {
                relay.abort();
                relay = marketplace.start_relay(&relay_settings).await;
            }
            Step::Forget => marketplace.meddle::<()>(redis::cmd("DEL").arg(marketplace.stream_key())).await,
            Step::Listen => {
                if !owed.is_subset(&listener.shops()) {
                    listener.listen_once().await;
                }
            }
        }
    }
    feed_proxy.restore();
    relay_proxy.restore();
    listener.listen_for(&owed).await;
    assert_eq!(listener.losses, 0, "the replica was there all the time");
    relay.abort();
}
