//! `overload`: one order service that is asked for up to ten times what it can do.
//!
//! A crowd looks at what became of its orders, again and again, while others go on buying: a tenth of what the service can
//! do. Requests come whether or not they are answered. Counted is what is of use: answers within a second. Afterwards the
//! crowd goes home, but for a third of what the service can do, and we watch how long anybody is still refused.

mod crowd;
mod plot;

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use self::crowd::{Crowd, Phase, Seen};
use crate::bench::servers::{BenchServers, LOAD_CORE, SERVER_CORE};
use crate::bench::verdict::{Contest, Goal, Verdict};
use crate::proc::cpu_time;
use crate::workspace::Workspace;

/// How many times what can be done is asked for.
const TIMES: [f64; 4] = [1.0, 2.0, 5.0, 10.0];
/// How much of what can be done are orders.
const BUYING: f64 = 0.1;
/// How long each of these lasts.
const PHASE: Duration = Duration::from_secs(8);

const GOODPUT: [Contest; 4] = [
    goodput("useful answers at 1x capacity"),
    goodput("useful answers at 2x capacity"),
    goodput("useful answers at 5x capacity"),
    goodput("useful answers at 10x capacity"),
];
const CHECKOUT: Contest = Contest {
    name: "orders taken, worst phase",
    unit: "%",
    against: "all that were sent",
    goal: Some(Goal::AtLeast(99.9)),
};
const REFUSAL: Contest = Contest {
    name: "a refusal at the door",
    unit: "ms of processor time",
    against: "a millisecond",
    goal: Some(Goal::AtMost(1.0)),
};
const RECOVERY: Contest = Contest {
    name: "until all is as before",
    unit: "s",
    against: "from the end of the load to rung 0 and the last refusal",
    goal: Some(Goal::AtMost(30.0)),
};

const fn goodput(name: &'static str) -> Contest {
    Contest {
        name,
        unit: "answers/s",
        against: "the most that it does when nobody waits",
        goal: Some(Goal::AtLeast(0.95)),
    }
}

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    servers.start_service("order-worker", &[], Some(LOAD_CORE)).await?;
    let pid = servers.start_service("order", &[], Some(SERVER_CORE)).await?;
    let crowd = Crowd::gather(servers).await?;
    let (mut peaks, mut useful) = (Vec::new(), vec![Vec::new(); TIMES.len()]);
    let (mut taken, mut recoveries, mut phases) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..servers.rounds() {
        let peak = crowd.closed(PHASE).await?;
        peaks.push(peak);
        for (place, times) in TIMES.into_iter().enumerate() {
            let phase = Phase { looking: peak * (times - BUYING), buying: peak * BUYING, lasts: PHASE };
            let seen = crowd.open(phase).await?;
            useful[place].push(seen.useful_per_second());
            taken.push(seen.taken_share() * 100.0);
            phases.push((times, seen));
        }
        recoveries.push(crowd.recovery(peak / 3.0).await?.as_secs_f64());
    }
    let refusal = cost_of_a_refusal(&crowd, pid).await?;
    draw(servers, &peaks, &useful, &phases)?;

    let worst_taken = taken.iter().copied().fold(100.0, f64::min);
    let details: Vec<_> = phases.iter().map(|(times, seen)| json!({ "times": times, "seen": seen })).collect();
    let mut verdicts: Vec<Verdict> =
        GOODPUT.iter().zip(&useful).map(|(contest, useful)| contest.judge(useful, &peaks)).collect();
    verdicts.extend([
        CHECKOUT.judge_alone(&[worst_taken]).with_details(json!(details)),
        REFUSAL.judge_alone(&[refusal.as_secs_f64() * 1_000.0]),
        RECOVERY.judge_alone(&recoveries),
    ]);
    Ok(verdicts)
}

/// The processor time of one refusal, kernel included: with a rung set that refuses all who look.
async fn cost_of_a_refusal(crowd: &Crowd, pid: i32) -> Result<Duration> {
    crowd.set_rung(5).await?;
    let before = cpu_time(pid).context("the service is gone")?;
    let refused = crowd.knock(20_000).await?;
    let used = cpu_time(pid).context("the service died")?.saturating_sub(before);
    ensure!(refused == 20_000, "only {refused} of 20000 were refused");
    Ok(used / 20_000)
}

/// A plot beside the results.
fn draw(servers: &BenchServers, peaks: &[f64], useful: &[Vec<f64>], phases: &[(f64, Seen)]) -> Result<()> {
    let directory = Workspace::find()?.root().join("target/bench");
    fs::create_dir_all(&directory)?;
    let path = directory.join("overload.svg");
    fs::write(&path, plot::draw(&TIMES, peaks, useful, phases))?;
    servers.say().note("plot", &path.display().to_string());
    Ok(())
}
