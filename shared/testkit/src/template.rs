//! The migrated database that every test's database is a copy of: made once, whoever comes first, for all processes.
//!
//! Its name carries a hash of the migrations, so that another schema is another template. It counts as finished once
//! it is marked as a template; one that a killed process left half made is thrown away.

use tokio::sync::OnceCell;
use tokio_postgres::Client;
use url::Url;

use crate::{postgres, servers};

/// The advisory lock, in the server's `postgres` database, of whoever makes a template: "hallestk" as ASCII.
const TEMPLATE_LOCK: i64 = 0x6861_6c6c_6573_746b;

/// Databases of tests that were killed go when they are this old.
const LEFTOVER_AGE: &str = "1 hour";

/// The roles of the services, and the one that owns the tables.
const ROLES: [&str; 3] = ["halles_owner", "halles_read", "halles_write"];

/// The name of the finished template on `server`.
pub(crate) async fn name(server: &Url) -> &'static str {
    static NAME: OnceCell<String> = OnceCell::const_new();
    NAME.get_or_init(|| prepare(server)).await
}

async fn prepare(server: &Url) -> String {
    let name = format!("halles_template_{:016x}", halles_store::schema_fingerprint());
    let client = postgres::connect(server).await;
    client.execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).await.expect("locks");
    let finished = "SELECT FROM pg_database WHERE datname = $1 AND datistemplate";
    if client.query_opt(finished, &[&name]).await.expect("looks for the template").is_none() {
        make(server, &client, &name).await;
    }
    drop_leftovers(&client).await;
    client.execute("SELECT pg_advisory_unlock($1)", &[&TEMPLATE_LOCK]).await.expect("unlocks");
    name
}

async fn make(server: &Url, client: &Client, name: &str) {
    for role in ROLES {
        let exists =
            client.query_opt("SELECT FROM pg_roles WHERE rolname = $1", &[&role]).await.expect("looks for roles");
        if exists.is_none() {
            client.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.expect("creates a role");
        }
    }
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("drops what is half made");
    client.batch_execute(&format!("CREATE DATABASE {name} OWNER halles_owner")).await.expect("creates the template");
    let owner_url = servers::database(server, name, Some("halles_owner"));
    halles_store::migrate(owner_url.as_str()).await.expect("migrates the template");
    client.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).await.expect("marks the template");
}

/// The names of tests' databases begin with the time of their making.
async fn drop_leftovers(client: &Client) {
    let sql = format!(
        "SELECT datname FROM pg_database WHERE datname ~ '^halles_test_[0-9]+_' \
         AND to_timestamp(split_part(datname, '_', 3)::bigint) < now() - interval '{LEFTOVER_AGE}'"
    );
    for row in client.query(&sql, &[]).await.expect("looks for leftovers") {
        let name: &str = row.get(0);
        // Another process may have dropped it just now, or may be using it against all odds: neither is our test's fault.
        drop(client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await);
    }
}
