//! Not measured yet.

use anyhow::{Result, bail};

use crate::bench::servers::BenchServers;
use crate::bench::verdict::Verdict;

/// Runs this part.
#[expect(clippy::unused_async, reason = "parts talk to servers")]
pub async fn run(_servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    bail!("not measured yet")
}
