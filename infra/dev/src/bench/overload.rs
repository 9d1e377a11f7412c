//! `overload`: one order service that is asked for up to ten times what it can do.
//!
//! A crowd looks at what became of its orders, again and again, while others go on buying: a tenth of what the service can
//! do. Requests come whether or not they are answered. Counted is what is of use: answers within a second. Afterwards the
//! crowd goes home, but for a third of what the service can do, and we watch how long anybody is still refused.
//!
//! All that serves shares one core, stores included, and the crowd has the other: so it is the house that is full and not
//! the crowd, and no crowd takes time from a database. The databases go last on their core, since elsewhere they would have
//! one of their own and could not keep the service from refusing.
//!
//! Two things keep it honest. The driver has one core only, so it may be unable to ask for ten times as much: each look that
//! it cannot send at once is given up, and what was *really* asked for stands beside what was due. And a refusal has its
//! price, paid from the same core as useful answers: where nine of ten are refused, nobody could refuse them for nothing. Orders
//! are taken all the same, and cost more than looks. So useful answers are judged twice: against the peak, and against what
//! is attainable beside so many orders and refusals at the prices that were measured.

mod crowd;
mod plot;

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use self::crowd::{Crowd, Peak, Phase, Seen};
use self::plot::Point;
use crate::bench::cores;
use crate::bench::servers::{BenchServers, LOAD_CORE, SERVER_CORE};
use crate::bench::verdict::{Contest, Goal, Verdict, median};
use crate::proc;
use crate::workspace::Workspace;

/// How many times what can be done is asked for.
const TIMES: [f64; 4] = [1.0, 2.0, 5.0, 10.0];
/// How much of what can be done are orders.
const BUYING: f64 = 0.1;
/// How long each of these lasts.
const PHASE: Duration = Duration::from_secs(10);
/// How many refusals are paid for, to know the price of one.
const KNOCKS: u32 = 20_000;

const OF_PEAK: [Contest; 4] = [
    goodput("useful answers at 1x capacity", "the most that it does when nobody waits"),
    goodput("useful answers at 2x capacity", "the most that it does when nobody waits"),
    goodput("useful answers at 5x capacity", "the most that it does when nobody waits"),
    goodput("useful answers at 10x capacity", "the most that it does when nobody waits"),
];
const OF_ATTAINABLE: [Contest; 4] = [
    goodput("useful answers at 1x capacity", "the most beside its orders and refusals"),
    goodput("useful answers at 2x capacity", "the most beside its orders and refusals"),
    goodput("useful answers at 5x capacity", "the most beside its orders and refusals"),
    goodput("useful answers at 10x capacity", "the most beside its orders and refusals"),
];
const ASKED: Contest =
    Contest { name: "really asked for at 10x", unit: "x", against: "capacity: what the driver could send", goal: None };
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

const fn goodput(name: &'static str, against: &'static str) -> Contest {
    Contest { name, unit: "answers/s", against, goal: Some(Goal::AtLeast(0.95)) }
}

/// What was seen from one peak to the next.
struct Round {
    peak: Peak,
    /// One for each of [`TIMES`].
    phases: Vec<Seen>,
    recovery: Duration,
}

impl Round {
    fn details(&self) -> Value {
        let Peak { per_second, cost, look, busy } = self.peak;
        let micros = |cost: Duration| cost.as_secs_f64() * 1e6;
        let peak = json!({
            "per_second": per_second, "answer_us": micros(cost), "look_us": micros(look), "core_used": busy,
        });
        json!({ "peak": peak, "phases": self.phases, "recovery_s": self.recovery.as_secs_f64() })
    }
}

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    servers.start_service("order-worker", &[], Some(SERVER_CORE)).await?;
    servers.start_service("order", &[("TELEMETRY__LOG", "error")], Some(SERVER_CORE)).await?;
    let crowd = Crowd::gather(servers).await?;
    share_out(servers).await?;
    let _neighbour = cores::keep_busy(LOAD_CORE)?;
    let mut rounds = Vec::new();
    for _ in 0..servers.rounds() {
        rounds.push(go_round(&crowd).await?);
    }
    let refusal = cost_of_a_refusal(&crowd).await?;
    draw(servers, &rounds, refusal)?;
    Ok(judge(&rounds, refusal))
}

/// Everybody to their core. The databases' names begin alike.
async fn share_out(servers: &BenchServers) -> Result<()> {
    cores::keep_alone_on(LOAD_CORE, std::process::id().cast_signed()).await?;
    for process in servers.stack().processes() {
        let name = &process.spec().name;
        let pid = process.pid().with_context(|| format!("{name} is gone"))?;
        cores::keep_on(SERVER_CORE, pid).await?;
        if name.starts_with("postgres") {
            cores::stand_behind(pid).await?;
        }
    }
    Ok(())
}

async fn go_round(crowd: &Crowd) -> Result<Round> {
    let peak = crowd.closed(PHASE).await?;
    let mut phases = Vec::new();
    for times in TIMES {
        let (looking, buying) = (peak.per_second * (times - BUYING), peak.per_second * BUYING);
        phases.push(crowd.open(Phase { looking, buying, lasts: PHASE }).await?);
    }
    Ok(Round { peak, phases, recovery: crowd.recovery(peak.per_second / 3.0).await? })
}

/// The processor time of one refusal, kernel included: with a rung set that refuses all who look.
async fn cost_of_a_refusal(crowd: &Crowd) -> Result<Duration> {
    crowd.set_rung(5).await?;
    let before = core_time()?;
    let refused = crowd.knock(KNOCKS as usize).await?;
    let used = core_time()?.saturating_sub(before);
    ensure!(refused == u64::from(KNOCKS), "only {refused} of {KNOCKS} were refused and told when to come back");
    Ok(used / KNOCKS)
}

/// How long the core of all that serves has been busy so far.
fn core_time() -> Result<Duration> {
    proc::core_time(SERVER_CORE).context("the system does not say how busy a core is")
}

/// What one core is asked for in a second.
#[derive(Clone, Copy)]
struct Demand {
    all: f64,
    /// Those of them that are orders, which are taken whatever comes.
    orders: f64,
}

impl Demand {
    fn of(seen: &Seen) -> Self {
        Self { all: seen.asked_per_second(), orders: seen.bought_per_second() }
    }
}

/// The most useful answers a second that one core has time for, when it takes the orders and refuses all looks beyond that: a
/// look that is answered takes the place of one that is refused. No looks at all where orders and refusals take all of it.
fn attainable(peak: &Peak, refusal: Duration, demand: Demand) -> f64 {
    let (answer, look, refusal) = (peak.cost.as_secs_f64(), peak.look.as_secs_f64(), refusal.as_secs_f64());
    // At the peak, an answer is an order as often as `BUYING` says.
    let order = (answer - (1.0 - BUYING) * look) / BUYING;
    let looks = demand.all - demand.orders;
    let left = (1.0 - demand.orders * order - looks * refusal).max(0.0);
    let answered = if look > refusal { left / (look - refusal) } else { looks };
    (demand.orders + answered.min(looks)).min(peak.per_second)
}

fn judge(rounds: &[Round], refusal: Duration) -> Vec<Verdict> {
    let each = |figure: &dyn Fn(&Round) -> f64| -> Vec<f64> { rounds.iter().map(figure).collect() };
    let peaks = each(&|round| round.peak.per_second);
    let useful = |place: usize| each(&|round| round.phases[place].useful_per_second());
    let attainable = |place: usize| each(&|round| attainable(&round.peak, refusal, Demand::of(&round.phases[place])));
    let mut verdicts = Vec::new();
    for (place, contest) in OF_PEAK.into_iter().enumerate() {
        verdicts.push(contest.judge(&useful(place), &peaks));
    }
    for (place, contest) in OF_ATTAINABLE.into_iter().enumerate() {
        verdicts.push(contest.judge(&useful(place), &attainable(place)));
    }
    let last = TIMES.len() - 1;
    let asked = each(&|round| round.phases[last].asked_per_second() / round.peak.per_second);
    let worst_taken = rounds.iter().flat_map(|round| &round.phases).map(Seen::taken_share).fold(1.0, f64::min);
    let details: Vec<_> = rounds.iter().map(Round::details).collect();
    verdicts.extend([
        ASKED.judge_alone(&asked),
        CHECKOUT.judge_alone(&[worst_taken * 100.0]).with_details(json!(details)),
        REFUSAL.judge_alone(&[refusal.as_secs_f64() * 1_000.0]),
        RECOVERY.judge_alone(&each(&|round| round.recovery.as_secs_f64())),
    ]);
    verdicts
}

/// A plot beside the results.
fn draw(servers: &BenchServers, rounds: &[Round], refusal: Duration) -> Result<()> {
    let points: Vec<Point> = (0..TIMES.len())
        .map(|place| {
            let middle = |figure: &dyn Fn(&Peak, &Seen) -> f64| {
                median(rounds.iter().map(|round| figure(&round.peak, &round.phases[place])).collect())
            };
            Point {
                times: middle(&|peak, seen| seen.asked_per_second() / peak.per_second),
                useful: middle(&|peak, seen| seen.useful_per_second() / peak.per_second),
                attainable: middle(&|peak, seen| attainable(peak, refusal, Demand::of(seen)) / peak.per_second),
                taken: middle(&|_, seen| seen.taken_share()),
                refused: middle(&|_, seen| seen.refused_share()),
            }
        })
        .collect();
    let directory = Workspace::find()?.root().join("target/bench");
    fs::create_dir_all(&directory)?;
    let path = directory.join("overload.svg");
    let capacity = median(rounds.iter().map(|round| round.peak.per_second).collect());
    fs::write(&path, plot::draw(capacity, &points)).context("the plot cannot be written")?;
    servers.say().note("plot", &path.display().to_string());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A processor that is wholly busy with 1,000 answers a second: 900 looks of half a millisecond and 100 orders of 5.5.
    const PEAK: Peak =
        Peak { per_second: 1_000.0, cost: Duration::from_millis(1), look: Duration::from_micros(500), busy: 1.0 };

    fn at(asked: f64, refusal_us: u64) -> f64 {
        attainable(&PEAK, Duration::from_micros(refusal_us), Demand { all: asked, orders: 100.0 })
    }

    #[test]
    fn orders_and_refusals_take_their_share_of_what_is_attainable() {
        assert!((at(900.0, 20) - 900.0).abs() < 1e-9, "nobody needs to be refused");
        // 100 orders and 750 looks take 0.55 s and 0.375 s of each second; the rest refuses 3,750.
        assert!((at(4_600.0, 20) - 850.0).abs() < 1e-6, "{}", at(4_600.0, 20));
        assert!(at(2_000.0, 20) > at(5_000.0, 20) && at(5_000.0, 20) > at(10_000.0, 20));
    }

    #[test]
    fn where_refusals_take_everything_orders_are_what_is_left() {
        assert!((at(10_000.0, 100) - 100.0).abs() < 1e-9, "{}", at(10_000.0, 100));
        assert!(!OF_ATTAINABLE[3].judge(&[50.0], &[at(10_000.0, 100)]).met);
    }

    #[test]
    fn a_refusal_that_is_dearer_than_a_look_saves_nothing() {
        assert!((at(1_000.0, 700) - 1_000.0).abs() < 1e-9, "{}", at(1_000.0, 700));
    }
}
