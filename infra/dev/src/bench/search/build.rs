//! Part `build`: how fast listings become an index, beside the engine given the same documents ready made.
//!
//! Both sides work on one core, over the same fields and analyses, and end with a commit.

use anyhow::Result;
use serde::Deserialize;

use super::yardstick::{self, Side, option, side};
use crate::bench::servers::BenchServers;
use crate::bench::verdict::{Contest, Goal, Verdict};

/// How many listings; both sides hold them in memory.
const LISTINGS: u64 = 100_000;

const RATE: Contest = Contest {
    name: "building an index on one core",
    unit: "listings/s",
    against: "bare Tantivy, same schema, documents made beforehand",
    goal: Some(Goal::AtLeast(0.8)),
};

/// What the program found out.
#[derive(Debug, Deserialize)]
struct Built {
    listings: usize,
    sides: Vec<Side>,
}

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let scratch = servers.stack().plan().state.run().join("build");
    let options = [
        option("replica-url", servers.replica_url()),
        option("work-dir", &scratch),
        option("listings", LISTINGS.min(servers.listings()).to_string()),
        option("rounds", servers.rounds().to_string()),
    ];
    let arguments = std::iter::once("build".into()).chain(options.into_iter().flatten()).collect();
    let built: Built = yardstick::run(servers, arguments).await?;
    std::fs::remove_dir_all(scratch)?;
    let of = |name| -> Result<Vec<f64>> { Ok(side(&built.sides, name)?.each(|round| round.per_second)) };
    let verdict = RATE.judge(&of("ours")?, &of("bare")?);
    Ok(vec![verdict.with_details(serde_json::json!({ "listings": built.listings }))])
}
