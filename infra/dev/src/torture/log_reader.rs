//! The order log as it lies there, read with `redis-cli`.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

use super::record::Key;
use crate::programs::find_in_path;

/// A log that is just being paused or killed is looked at another time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads one log.
#[derive(Debug)]
pub struct LogReader {
    program: PathBuf,
    port: String,
}

impl LogReader {
    /// Reads the log at this port.
    pub fn new(port: u16) -> Result<Self> {
        let program = find_in_path("redis-cli").context("redis-cli is not installed; it comes with Redis")?;
        Ok(Self { program, port: port.to_string() })
    }

    /// The keys of all requests that are in the log.
    pub async fn keys(&self) -> Result<HashSet<Key>> {
        let text = self.run(&["--raw", "XRANGE", "h1:{orders}", "-", "+"]).await?;
        let entries = text.lines().filter(|line| line.starts_with('{')).filter_map(key_of);
        Ok(entries.collect())
    }

    /// Cuts every connection to it.
    pub async fn cut(&self) -> Result<()> {
        self.run(&["CLIENT", "KILL", "TYPE", "normal"]).await.map(drop)
    }

    async fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.args(["-e", "-h", "127.0.0.1", "-p", &self.port]).args(arguments).kill_on_drop(true);
        let output = timeout(PATIENCE, command.output()).await.context("the log does not answer")??;
        let text = String::from_utf8(output.stdout)?;
        // With `-e`, what the log answers while it is still loading is an error, and not an empty log.
        ensure!(output.status.success(), "redis-cli says: {text}");
        Ok(text)
    }
}

fn key_of(entry: &str) -> Option<Key> {
    let entry: Value = serde_json::from_str(entry).ok()?;
    Key::parse(entry["request"]["idempotency_key"].as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_a_key() {
        let entry = r#"{"version":"1","request":{"order_id":"x","idempotency_key":"torture-1-2-3"}}"#;
        assert_eq!(key_of(entry), Some(Key { seed: 1, shopper: 2, intent: 3 }));
        assert_eq!(key_of("{}"), None);
    }
}
