//! The yardstick that many shops begin with: PostgreSQL's full-text search.
//!
//! A table with the weighted words of each listing and a GIN index over them, asked by `pgbench` through one connection
//! with prepared statements. It does less than we do: no typos, no beginnings, no facets, no total.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;

use crate::bench::servers::BenchServers;
use crate::stack::postgres::{DATABASE, Postgres, SUPERUSER};

/// How long it is asked.
const MEASURED: Duration = Duration::from_secs(20);
/// Its table is in memory after this long.
const WARM_UP: Duration = Duration::from_secs(5);

/// Unlogged, so that the standby need not follow. The words weigh as in our own index: title, then shop and category,
/// then the rest.
const TABLE: &str = r#"
SET max_parallel_maintenance_workers = 0;
SET max_parallel_workers_per_gather = 0;
SET maintenance_work_mem = '1GB';
DROP TABLE IF EXISTS bench_listing, bench_request;
CREATE UNLOGGED TABLE bench_listing AS
SELECT listing.id,
       setweight(to_tsvector('french', listing.title), 'A')
       || setweight(to_tsvector('simple', seller.name), 'B')
       || setweight(to_tsvector('french', category.name_fr), 'B')
       || setweight(to_tsvector('english', category.name_en), 'B')
       || setweight(jsonb_to_tsvector('french', listing.attributes, '["all"]'), 'C')
       || setweight(to_tsvector('french', listing.description), 'D') AS words
FROM listing
JOIN seller ON seller.id = listing.seller_id
JOIN category ON category.id = listing.category_id
WHERE listing.status = 'published';
CREATE INDEX bench_listing_words ON bench_listing USING gin (words);
VACUUM ANALYZE bench_listing;
CREATE UNLOGGED TABLE bench_request (number int PRIMARY KEY, text text NOT NULL);
"#;

const SEARCH: &str = r"
\set number random(1, :requests)
SELECT id
FROM bench_listing, websearch_to_tsquery('french', (SELECT text FROM bench_request WHERE number = :number)) AS query
WHERE words @@ query
ORDER BY ts_rank_cd(words, query) DESC, id DESC
LIMIT 24;
";

/// Makes the table and its index, on one core; takes a minute or two for a million listings.
pub(super) async fn prepare(postgres: &Postgres) -> Result<()> {
    postgres.run_sql(DATABASE, TABLE).await.context("the table for full-text search cannot be made")
}

/// How many of the requests it answers in a second on one core. Afterwards the table is gone.
pub(super) async fn searches_per_second(servers: &BenchServers, requests: &[String]) -> Result<f64> {
    let mut script = String::new();
    for (number, request) in requests.iter().enumerate() {
        let text = request.replace('\'', "''");
        writeln!(script, "INSERT INTO bench_request VALUES ({}, '{text}');", number + 1)?;
    }
    script.push_str("VACUUM ANALYZE bench_request;\n");
    let postgres = servers.stack().postgres();
    postgres.run_sql(DATABASE, &script).await.context("the requests cannot be written down")?;
    ask(servers, requests.len(), WARM_UP).await?;
    let per_second = ask(servers, requests.len(), MEASURED).await;
    postgres.run_sql(DATABASE, "DROP TABLE bench_listing, bench_request;").await?;
    per_second
}

async fn ask(servers: &BenchServers, requests: usize, duration: Duration) -> Result<f64> {
    let postgres = servers.stack().postgres();
    let script = servers.stack().plan().state.run().join("search.sql");
    fs::write(&script, SEARCH)?;
    let mut command = Command::new(postgres.programs.program("pgbench"));
    command.args(["--no-vacuum", "--protocol", "prepared", "--client", "1", "--random-seed", "11"]);
    command.args(["--time", &duration.as_secs().to_string(), "--define", &format!("requests={requests}")]);
    command.arg("--file").arg(&script).args(["--host", "127.0.0.1", "--username", SUPERUSER]);
    command.args(["--port", &postgres.primary_port.to_string(), DATABASE]);
    command.env("PGPASSWORD", &postgres.secrets.superuser).kill_on_drop(true);
    // One process is one core, and what it sorts is in memory.
    command.env("PGOPTIONS", "-c max_parallel_workers_per_gather=0 -c work_mem=256MB");
    let output = command.output().await.context("pgbench cannot be run; it comes with PostgreSQL")?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench says: {}", String::from_utf8_lossy(&output.stderr));
    searches_in(&text).with_context(|| format!("pgbench says: {text}"))
}

/// The number in `tps = 41.3 (without initial connection time)`.
fn searches_in(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_searches_is_read() {
        let text = "latency average = 24.1 ms\ntps = 41.379 (without initial connection time)\n";
        assert_eq!(searches_in(text), Some(41.379));
        assert_eq!(searches_in("pgbench: error"), None);
    }
}
