//! Load from `wrk`, and what it cost the server that was loaded.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;

use crate::bench::servers::LOAD_CORE;
use crate::proc::cpu_time;

/// Connections kept open, all of them busy: enough to keep a server occupied, far from its limits.
const CONNECTIONS: u32 = 64;

/// What one run showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Requests answered in each second.
    pub per_second: f64,
    /// Requests answered for each second of the server's processor time, in user space and kernel together.
    pub per_cpu_second: f64,
    /// The share of its core that the server used. Near 1, the load was not what limited it.
    pub server_busy: f64,
}

/// Loads a server for so long, asking for one address with these head fields.
pub async fn load(server: i32, url: &str, head: &[(&str, &str)], duration: Duration) -> Result<Sample> {
    let mut command = Command::new("taskset");
    command.args(["-c", &LOAD_CORE.to_string(), "wrk", "--threads", "1", "--connections", &CONNECTIONS.to_string()]);
    command.args(["--duration", &format!("{}s", duration.as_secs())]);
    for (name, value) in head {
        command.args(["--header", &format!("{name}: {value}")]);
    }
    let used_before = cpu_time(server).context("the server is gone")?;
    let began = Instant::now();
    let output = command.arg(url).kill_on_drop(true).output().await.context("cannot run wrk")?;
    let took = began.elapsed();
    let used = cpu_time(server).context("the server died under load")?.saturating_sub(used_before);
    let text = String::from_utf8_lossy(&output.stdout);
    let requests = requests_in(&text).with_context(|| format!("wrk says: {text}"))?;
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        bail!("not every request was answered well: {text}");
    }
    Ok(Sample {
        per_second: requests / took.as_secs_f64(),
        per_cpu_second: requests / used.as_secs_f64(),
        server_busy: used.as_secs_f64() / took.as_secs_f64(),
    })
}

/// The number in `  412345 requests in 4.00s, 1.20GB read`.
fn requests_in(text: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.contains(" requests in "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_requests_is_read() {
        let text = "Running 4s test\n  412345 requests in 4.00s, 1.20GB read\nRequests/sec: 103086.25\n";
        assert_eq!(requests_in(text), Some(412_345.0));
        assert_eq!(requests_in("unable to connect"), None);
    }
}
