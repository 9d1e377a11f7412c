//! Part `engine`: how fast the index answers, beside the bare engine and beside PostgreSQL's full-text search.
//!
//! One thread on one core asks the same requests of both sides in turn, over the same index files. Ours does all that a
//! search does: reads the words, corrects them, looks for more when it finds little, counts. The engine is asked the
//! very queries that ours comes to, already made. PostgreSQL answers the same requests from the same listings, through
//! one connection, with a GIN index and none of the counts.

use std::fs;

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use super::yardstick::{self, Side, option, side};
use super::{index, mix, postgres};
use crate::bench::servers::BenchServers;
use crate::bench::verdict::{Contest, Goal, Verdict, median};
use crate::workspace::Workspace;

/// Requests of one round.
const REQUESTS: usize = 1_000;

const PLAIN: Contest = Contest {
    name: "searches on one core: best 24 and total",
    unit: "searches/s",
    against: "bare Tantivy, same Query objects, top 24 and count",
    goal: Some(Goal::AtLeast(0.8)),
};
const PLAIN_TOP: Contest =
    Contest { against: "bare Tantivy, same Query objects, top 24 without a count", goal: None, ..PLAIN };
const FACETS: Contest = Contest {
    name: "the same with facets",
    unit: "searches/s",
    against: "bare Tantivy, same Query objects, its own aggregations over the same columns",
    goal: Some(Goal::AtLeast(0.8)),
};
const POSTGRES: Contest = Contest {
    against: "PostgreSQL full-text search, GIN, best 24 by ts_rank_cd",
    goal: Some(Goal::AtLeast(20.0)),
    ..PLAIN
};
const POSTGRES_FACETS: Contest = Contest { against: "the same PostgreSQL, which counts nothing", goal: None, ..FACETS };
const P50: Contest =
    Contest { name: "a search with facets, p50", unit: "ms", against: "one after the other", goal: None };
const P99: Contest = Contest { name: "a search with facets, p99", ..P50 };
const BYTES: Contest =
    Contest { name: "index on disk", unit: "bytes/listing", against: "the newest generation", goal: None };
const OPEN: Contest = Contest {
    name: "checking and opening an index whose files are here",
    unit: "s",
    against: "every byte is checked",
    goal: Some(Goal::AtMost(3.0)),
};
const FETCH: Contest = Contest {
    name: "fetching, checking and opening it, on one core",
    unit: "MB/s",
    against: "125 MB/s are a network of 1 Gbit/s",
    goal: Some(Goal::AtLeast(125.0)),
};
const BUILT: Contest = Contest {
    name: "the indexer's first build",
    unit: "listings/s",
    against: "from the replica, published",
    goal: None,
};

/// What the program found out.
#[derive(Debug, Deserialize)]
struct Asked {
    documents: u64,
    fetch_seconds: f64,
    open_seconds: f64,
    index_bytes: u64,
    requests: usize,
    different: usize,
    without_hits: usize,
    sides: Vec<Side>,
}

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    // Side by side: each keeps one core busy for a minute or two.
    let postgres = servers.stack().postgres().clone();
    let (built, ()) = tokio::try_join!(index::ensure_built(servers), postgres::prepare(&postgres))?;
    let requests = mix::requests(&index::sample(servers, servers.listings()).await?, REQUESTS);
    let asked = ask(servers, &requests).await?;
    let per_second = postgres::searches_per_second(servers, &requests).await?;
    let mut verdicts = judge(&asked, per_second)?;
    verdicts.extend(built.map(|took| BUILT.judge_alone(&[asked.documents as f64 / took.as_secs_f64()])));
    Ok(verdicts)
}

async fn ask(servers: &BenchServers, requests: &[String]) -> Result<Asked> {
    let scratch = servers.stack().plan().state.run().join("engine");
    fs::create_dir_all(&scratch)?;
    let queries = scratch.join("requests.txt");
    fs::write(&queries, requests.join("\n"))?;
    let synonyms = Workspace::find()?.root().join("services/search/synonyms.txt");
    let options = [
        option("store-url", index::store_url(servers)),
        option("work-dir", scratch.join("files")),
        option("queries", queries),
        option("synonyms", synonyms),
        option("rounds", servers.rounds().to_string()),
    ];
    let asked = yardstick::run(servers, std::iter::once("ask".into()).chain(options.into_iter().flatten()).collect());
    let asked = asked.await?;
    fs::remove_dir_all(scratch)?;
    Ok(asked)
}

fn judge(asked: &Asked, postgres_per_second: f64) -> Result<Vec<Verdict>> {
    let of = |name| -> Result<Vec<f64>> { Ok(side(&asked.sides, name)?.each(|round| round.per_second)) };
    let (ours, plain) = (of("ours")?, of("ours_without_facets")?);
    let latency = side(&asked.sides, "ours")?;
    let details = json!({
        "listings": asked.documents, "requests": asked.requests, "different": asked.different,
        "without_hits": asked.without_hits, "index_bytes": asked.index_bytes,
        "slowest_ms": median(latency.each(|round| round.slowest_us)) / 1_000.0,
        "p99_ms_of_bare_count": median(side(&asked.sides, "bare_count")?.each(|round| round.p99_us)) / 1_000.0,
        "p50_ms_of_bare_count": median(side(&asked.sides, "bare_count")?.each(|round| round.p50_us)) / 1_000.0,
    });
    let megabytes = asked.index_bytes as f64 / 1e6;
    Ok(vec![
        PLAIN.judge(&plain, &of("bare_count")?).with_details(details),
        PLAIN_TOP.judge(&plain, &of("bare_top")?),
        FACETS.judge(&ours, &of("bare_facets")?),
        POSTGRES.judge(&[median(plain)], &[postgres_per_second]),
        POSTGRES_FACETS.judge(&[median(ours)], &[postgres_per_second]),
        P50.judge_alone(&latency.each(|round| round.p50_us / 1_000.0)),
        P99.judge_alone(&latency.each(|round| round.p99_us / 1_000.0)),
        BYTES.judge_alone(&[asked.index_bytes as f64 / asked.documents.max(1) as f64]),
        OPEN.judge_alone(&[asked.open_seconds]),
        FETCH.judge_alone(&[megabytes / asked.fetch_seconds]),
    ])
}
