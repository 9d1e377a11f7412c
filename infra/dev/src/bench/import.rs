//! `import`: how close filling the catalogue comes to what PostgreSQL can take at best.
//!
//! Ours: generate the rows and load them with keys, indexes and checks in place. Against it: the same rows, rendered
//! beforehand, copied into a table without any of these. Each round gets an empty database of its own.

use anyhow::{Context as _, Result};
use halles_catalogue::{GenerateArgs, generate, measure_bare_copy};

use super::rounds::alternate;
use super::servers::BenchServers;
use super::verdict::{Contest, Goal, Verdict};
use crate::stack::Stack;
use crate::stack::postgres::{Role, SUPERUSER};

/// Enough for a few seconds of work, and the yardstick holds all of them in memory.
const ROWS: u64 = 200_000;
/// The database of one round.
const DATABASE: &str = "halles_bench";

/// Checks, foreign keys and four indexes may cost more than the rows themselves, but no more than one and a half times.
const GENERATE: Contest = Contest {
    name: "generate 200,000 listings",
    unit: "rows/s",
    against: "the same rows COPYed into a bare table",
    goal: Some(Goal::AtLeast(0.4)),
};

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let args = GenerateArgs { listings: ROWS, unannounced: true, ..GenerateArgs::demo() };
    let values = alternate(servers.rounds(), 2, async |side| {
        let url = empty_database(servers.stack()).await?;
        let took = if side == 0 {
            generate(&args, &url, &()).await.context("the rows cannot be generated")?.elapsed
        } else {
            measure_bare_copy(&args, &url).await.context("the rows cannot be copied")?
        };
        Ok(per_second(took))
    });
    let values = values.await?;
    Ok(vec![GENERATE.judge(&values[0], &values[1])])
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred thousand rows are exact in a float")]
fn per_second(took: std::time::Duration) -> f64 {
    ROWS as f64 / took.as_secs_f64()
}

async fn empty_database(stack: &Stack) -> Result<String> {
    let postgres = stack.postgres();
    let script = format!("DROP DATABASE IF EXISTS {DATABASE};\nCREATE DATABASE {DATABASE} OWNER halles_owner;\n");
    postgres.run_sql(SUPERUSER, &script).await?;
    let url = postgres.primary_url(Role::Owner, DATABASE);
    halles_store::migrate(&url).await.context("the schema cannot be made")?;
    Ok(url)
}
