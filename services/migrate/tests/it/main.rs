//! Migrating a real database: one that is there, one that comes late, and one that never comes.

use std::time::Duration;

use halles_migrate::{MigrateError, MigrateSettings, Settings, migrate};
use halles_store::StoreSettings;
use halles_testkit::{ChaosProxy, TestDatabase};

fn settings(primary_url: &str, wait_ms: u64) -> Settings {
    let store = StoreSettings { primary_url: primary_url.into(), ..StoreSettings::default() };
    Settings { store, migrate: MigrateSettings { wait_ms }, ..Settings::default() }
}

#[tokio::test]
async fn a_schema_that_is_up_to_date_stays_as_it_is() {
    let database = TestDatabase::create().await;
    assert_eq!(migrate(&settings(&database.owner_url, 10_000)).await.expect("migrated"), 0);
}

#[tokio::test]
async fn a_database_that_comes_late_is_waited_for() {
    let database = TestDatabase::create().await;
    let (proxy, url) = ChaosProxy::before(&database.owner_url).await;
    proxy.cut();
    let mut migrating = Box::pin(async { migrate(&settings(&url, 30_000)).await });
    let too_early = tokio::time::timeout(Duration::from_millis(300), &mut migrating).await;
    assert!(too_early.is_err(), "it waits: {too_early:?}");
    proxy.restore();
    assert_eq!(migrating.await.expect("migrated"), 0);
}

#[tokio::test]
async fn a_database_that_never_comes_is_an_error_in_time() {
    let database = TestDatabase::create().await;
    let (proxy, url) = ChaosProxy::before(&database.owner_url).await;
    proxy.cut();
    let migrating = tokio::time::timeout(Duration::from_secs(20), migrate(&settings(&url, 200))).await;
    let error = migrating.expect("it gave up in time").expect_err("there is no database");
    assert!(matches!(error, MigrateError::NoDatabase { waited_ms: 200, .. }), "{error:?}");
}
