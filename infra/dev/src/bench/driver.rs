//! `driver`: what a request costs the rehearsal's driver, against `wrk` on the same page.
//!
//! `wrk` sends as fast as it is answered and looks at nothing; our driver sends each request when it is due, looks at every page,
//! and keeps histograms. Both have one core, the server has the other. Judged by requests for each second of processor time of
//! whoever sends; of ours only runs count in which it kept its schedule.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde::Deserialize;
use serde_json::json;
use tokio::process::Command;

use super::cache::bare_server::Recorded;
use super::cache::hot_page::bare_server;
use super::rounds::alternate;
use super::servers::{BenchServers, LOAD_CORE, SERVER_CORE};
use super::verdict::{Contest, Goal, Verdict, median};
use crate::ports::LOOPBACK;

/// How long each side sends in a round.
const MEASURED: Duration = Duration::from_secs(4);
/// The first rate that is tried, how much more each next one is, how long, and how often at most.
const FIRST_RATE: f64 = 1_000.0;
const FASTER: f64 = 1.25;
const TRIED: Duration = Duration::from_secs(2);
const TRIES: usize = 3;
/// What the page weighs: about as much as a listing page does, compressed.
const PAGE_BYTES: usize = 6_000;
/// What the driver looks for, at the end of the page.
const SIGN: &str = "</html>";

const PER_CORE: Contest = Contest {
    name: "open arrivals, every page looked at",
    unit: "requests/s per core of the driver",
    against: "wrk on the same page",
    goal: Some(Goal::AtLeast(0.5)),
};
const LAG: Contest = Contest {
    name: "how late requests were sent, p99",
    unit: "ms",
    against: "the moment when they were due",
    goal: Some(Goal::AtMost(1.0)),
};

/// What `halles-rehearse flat` says.
#[derive(Debug, Clone, Deserialize)]
struct Flat {
    right: u64,
    offered: u64,
    lag_p99_ms: f64,
    valid: bool,
}

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let plan = servers.stack().plan();
    let (port, answer) = (plan.ports.listing[0].port, plan.state.run().join("answer.json"));
    let program = plan.services.program("halles-rehearse");
    let mut body = vec![b'x'; PAGE_BYTES - SIGN.len()];
    body.extend(SIGN.bytes());
    Recorded { head: vec![("content-type".to_owned(), "text/html".to_owned())], body }.write(&answer)?;
    servers.start_process(bare_server(port, answer)?, Some(SERVER_CORE)).await?;
    let ours = Ours { program: program.to_string_lossy().into_owned(), url: format!("http://{LOOPBACK}:{port}") };

    let rate = ours.fast(servers).await?;
    let mut lags = Vec::new();
    let values = alternate(servers.rounds(), 2, async |side| {
        if side == 1 {
            return wrk(&ours.url).await;
        }
        let (flat, per_core) = ours.send(rate, MEASURED).await?;
        lags.push(flat.lag_p99_ms);
        Ok(per_core)
    });
    let values = values.await?;
    let details = json!({ "rate": rate, "page_bytes": PAGE_BYTES, "wrk_per_core": median(values[1].clone()) });
    Ok(vec![PER_CORE.judge(&values[0], &values[1]).with_details(details), LAG.judge_alone(&lags)])
}

struct Ours {
    program: String,
    url: String,
}

impl Ours {
    /// A rate at which it keeps its schedule, near the highest.
    async fn fast(&self, servers: &BenchServers) -> Result<f64> {
        let _waiting = servers.say().waiting("driver", "finding the highest rate that it keeps");
        let (mut kept, mut rate) = (None, FIRST_RATE);
        loop {
            if !self.keeps(rate).await? {
                // One step below it, where a schedule is kept not just now and then.
                return kept
                    .map(|kept: f64| kept / FASTER)
                    .with_context(|| format!("it does not even keep {FIRST_RATE} requests a second"));
            }
            kept = Some(rate);
            rate *= FASTER;
        }
    }

    /// Whether it keeps this rate. A bad moment or two of the machine are not yet a limit of the driver.
    async fn keeps(&self, rate: f64) -> Result<bool> {
        for _ in 0..TRIES {
            if self.send(rate, TRIED).await?.0.valid {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Sends so many a second, and says how many for each second of its processor time.
    async fn send(&self, rate: f64, lasts: Duration) -> Result<(Flat, f64)> {
        let mut command = Command::new("taskset");
        command.args(["-c", &LOAD_CORE.to_string(), &self.program, "flat", "--host", &self.url, "--sign", SIGN]);
        command.args(["--rate", &rate.to_string(), "--seconds", &lasts.as_secs_f64().to_string()]);
        let before = children_time()?;
        let output = command.kill_on_drop(true).output().await.context("cannot run halles-rehearse")?;
        let used = children_time()?.saturating_sub(before);
        let flat: Flat = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("halles-rehearse says: {}", String::from_utf8_lossy(&output.stderr)))?;
        ensure!(
            !flat.valid || flat.right == flat.offered,
            "{} of {} pages were not right",
            flat.offered - flat.right,
            flat.offered
        );
        let per_core = flat.right as f64 / used.as_secs_f64();
        Ok((flat, per_core))
    }
}

/// `wrk` as fast as it goes, over as many connections as keep the server busy.
async fn wrk(url: &str) -> Result<f64> {
    let mut command = Command::new("taskset");
    command.args(["-c", &LOAD_CORE.to_string(), "wrk", "--threads", "1", "--connections", "64"]);
    command.args(["--duration", &format!("{}s", MEASURED.as_secs()), url]);
    let before = children_time()?;
    let output = command.kill_on_drop(true).output().await.context("cannot run wrk")?;
    let used = children_time()?.saturating_sub(before);
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.contains(" requests in "));
    let count = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    match count {
        Some(count) if !text.contains("Non-2xx") => Ok(count / used.as_secs_f64()),
        _ => bail!("wrk says: {text}"),
    }
}

/// The processor time of all processes that we started and that have ended.
fn children_time() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("the system does not say what was used")?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(microseconds).unwrap_or_default()))
}
