//! `import`: how close loading listings comes to what PostgreSQL can take at best.

use anyhow::Result;

use super::contest::Verdict;
use crate::say::Say;
use crate::stack::Stack;

/// Runs every contest of this benchmark.
pub async fn run(_stack: &Stack, _rounds: u32, _say: &Say) -> Result<Vec<Verdict>> {
    anyhow::bail!("in the making")
}
