//! L2 in a Redis Cluster: the same promises, with the entries spread over the nodes.

use std::time::Duration;

use halles_cache::{CacheSettings, CacheStatus, Level, Outcome, Tier};
use halles_domain::Version;
use halles_redis::RedisSettings;
use halles_settings::Secret;
use halles_testkit::{RedisCluster, eventually};

use crate::staged_origin::{Stage, settings};

const PATIENCE: Duration = Duration::from_secs(60);
const FROM_L2: CacheStatus = CacheStatus::Hit(Tier::L2);

fn settings_with(cluster: &RedisCluster) -> CacheSettings {
    CacheSettings {
        redis_url: Secret::new(cluster.addresses()),
        redis: RedisSettings {
            cluster: true,
            connect_timeout_ms: 5_000,
            response_timeout_ms: 2_000,
            reconnect_pause_ms: 50,
            ..RedisSettings::for_cache()
        },
        lease_wait_ms: 60_000,
        lease_ms: 60_000,
        ..settings()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_all_nodes_come_together_and_a_node_that_is_away_takes_only_its_own() {
    let mut cluster = RedisCluster::start().await;
    let settings = settings_with(&cluster);
    let stage = Stage::with_bowls(1..=60);
    let bowls: Vec<u64> = (1..=60).collect();
    let one = stage.cache_with_l2(&settings).await;
    one.get_many(&bowls).await.expect("answers");
    assert_eq!(stage.loads(), 1, "one load for all, wherever their leases are");
    eventually("another instance finds all of them", PATIENCE, async || {
        let other = stage.cache_with_l2(&settings).await;
        other.get_many(&bowls).await.expect("answers").iter().all(|found| found.status == FROM_L2)
    })
    .await;

    stage.set(7, 2);
    one.invalidate(&7, Some(Version::new(2))).await;
    let unaware = stage.cache_with_l2(&settings).await;
    let found = unaware.get(&7).await.expect("an answer");
    assert_eq!(found.value.expect("a bowl").version, 2, "a tombstone stands on its node, too");

    let late = stage.cache_with_l2(&settings).await;
    cluster.kill(0);
    let found = late.get_many(&bowls).await.expect("never an error");
    assert!(found.iter().all(|one| one.value.is_some()));
    let lost = late.counted(Level::L2, Outcome::Error);
    assert!((5..=40).contains(&lost), "{lost} of 60 lie on one of three nodes");
    assert!(found.iter().filter(|one| one.status == FROM_L2).count() >= 15);
}
