//! A database for one test.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use url::Url;
use uuid::Uuid;

use crate::{eventually, postgres, servers, template};

/// How long the replica may take to catch up on a busy machine.
const REPLICA_PATIENCE: Duration = Duration::from_secs(60);

/// A migrated, empty database that nobody else uses. It is dropped with this value; what a killed test leaves behind is
/// dropped by a later one.
#[derive(Debug)]
pub struct TestDatabase {
    /// The database's name, on the primary and on the replica.
    pub name: String,
    /// The primary, as the role that services write with.
    pub primary_url: String,
    /// The replica, as the role that services read with.
    pub replica_url: String,
    /// The primary, as the role that owns the tables.
    pub owner_url: String,
    server: Url,
    replica: Url,
}

impl TestDatabase {
    /// Copies the migrated template, and waits until the replica has the copy, too.
    pub async fn create() -> Self {
        let server = servers::address("HALLES_TEST_PRIMARY");
        let replica_server = servers::address("HALLES_TEST_REPLICA");
        let template = template::name(&server).await;
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
        let name = format!("halles_test_{}_{}", since_epoch.as_secs(), Uuid::new_v4().simple());
        let admin = postgres::connect(&server).await;
        let create = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER halles_owner");
        admin.batch_execute(&create).await.unwrap_or_else(|error| panic!("creating {name}: {error:?}"));
        let role_url = |server: &Url, role: &str| servers::database(server, &name, Some(role)).to_string();
        let database = Self {
            primary_url: role_url(&server, "halles_write"),
            replica_url: role_url(&replica_server, "halles_read"),
            owner_url: role_url(&server, "halles_owner"),
            replica: replica_server,
            server,
            name,
        };
        database.wait_for_replica().await;
        database
    }

    /// Waits until the replica shows everything that was committed before this call.
    pub async fn wait_for_replica(&self) {
        let primary = postgres::connect(&self.server).await;
        let replica = postgres::connect(&self.replica).await;
        let row = primary.query_one("SELECT pg_current_wal_lsn()::text", &[]).await.expect("reads the log's end");
        let target: String = row.get(0);
        eventually("the replica catches up", REPLICA_PATIENCE, async || {
            let sql = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn";
            replica.query_one(sql, &[&target]).await.expect("reads the replayed log's end").get(0)
        })
        .await;
    }

    /// Runs statements as the owner of the tables, to let time pass or to look behind the curtain.
    pub async fn run_as_owner(&self, statements: &str) {
        let owner = self.owner_url.parse().expect("an address");
        let client = postgres::connect(&owner).await;
        client.batch_execute(statements).await.unwrap_or_else(|error| panic!("{statements}: {error:?}"));
    }
}

impl TestDatabase {
    /// What a statement counts, as the owner of the tables.
    pub async fn count(&self, statement: &str) -> i64 {
        let owner = self.owner_url.parse().expect("an address");
        let client = postgres::connect(&owner).await;
        let counted = client.query_one(statement, &[]).await;
        counted.unwrap_or_else(|error| panic!("{statement}: {error:?}")).get(0)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let server = self.server.clone();
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let (client, connection) =
                    tokio_postgres::connect(server.as_str(), tokio_postgres::NoTls).await.ok()?;
                tokio::spawn(connection);
                // A busy server may take long to let a database go; the next run's clean-up has more patience.
                client.batch_execute("SET statement_timeout = '5s'").await.ok()?;
                client.batch_execute(&statement).await.ok()
            })
        });
        // Whatever goes wrong here, a later test cleans up; a panic in a drop would hide the test's own.
        drop(dropping.join());
    }
}
