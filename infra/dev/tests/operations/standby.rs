//! A standby that was away for longer than the primary keeps for it.

use std::time::Duration;

use halles_testkit::eventually;

use crate::scene::Scene;

const PATIENCE: Duration = Duration::from_secs(30);

/// Fails unless the standby's slot is lost: a division by nought.
const IS_LOST: &str =
    "SELECT 1 / count(*) FROM pg_replication_slots WHERE slot_name = 'halles_replica' AND wal_status = 'lost';";
/// Fails unless a standby follows.
const IS_FOLLOWED: &str = "SELECT 1 / count(*) FROM pg_stat_replication WHERE state = 'streaming';";

pub async fn that_was_away_too_long_is_copied_anew(scene: &mut Scene) {
    scene.stack.process("postgres-replica").expect("it is there").hold().await;
    scene.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB';\nSELECT pg_reload_conf();").await;
    // The settings are heard of a moment later.
    eventually("the primary gives up what it kept for the standby", PATIENCE, async || {
        scene.sql("SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1000000));\nSELECT pg_switch_wal();\nCHECKPOINT;").await;
        scene.try_sql(IS_LOST).await.is_ok()
    })
    .await;
    scene.stack.stop().await;
    scene.stack.start_stores().await.expect("the stores start again");
    eventually("a standby follows", PATIENCE, async || scene.try_sql(IS_FOLLOWED).await.is_ok()).await;
}
