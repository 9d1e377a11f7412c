//! The event's crowd in front of a running shop.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use halles_loadtest::arrivals::{Driver, Live, Schedule, Spacing, Target};
use halles_loadtest::event::{Event, Fault, PageClass};
use halles_loadtest::report;
use halles_loadtest::run::{KINDS, Run, Setting, cut, describe_machine};
use halles_loadtest::stage::{Hands, Strikes, Watch};
use jiff::Timestamp;
use tokio::runtime::Runtime;

use crate::board::{Board, Sources};
use crate::crowd::Crowd;
use crate::fit;
use crate::outcome::{Outcome, finish};
use crate::settle::settle;
use crate::strike::parse_strike;

/// What to send where.
#[derive(Debug, Args)]
pub struct ArriveArgs {
    /// The event file (see infra/events)
    event: PathBuf,
    /// The shop
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    host: String,
    /// How many times as fast as in life: an evening of three hours in nine minutes
    #[arg(long, default_value_t = 20.0, value_parser = positive)]
    speed: f64,
    /// Only the part of the curve from this minute on
    #[arg(long, value_name = "MINUTE", allow_negative_numbers = true)]
    from: Option<f64>,
    /// Only the part of the curve until this minute
    #[arg(long, value_name = "MINUTE", allow_negative_numbers = true)]
    until: Option<f64>,
    /// Which share of the crowd comes: what this machine can bear, or more than expected
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    scale: f64,
    /// So many requests a second at the peak, in place of --scale
    #[arg(long, value_name = "RATE", value_parser = positive, conflicts_with = "scale")]
    peak: Option<f64>,
    /// Find out first how many requests a second the shop can bear, and send a fifth of it at the peak
    #[arg(long, conflicts_with_all = ["scale", "peak"])]
    fit: bool,
    /// The same seed is the same crowd
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Begin at this moment, so that several hosts begin together (2027-01-09T20:00:00Z)
    #[arg(long, value_name = "TIME")]
    start_at: Option<Timestamp>,
    /// Threads that send
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// The most requests under way at once; what is due beyond is dropped and makes the run invalid
    #[arg(long, default_value_t = 10_000)]
    max_in_flight: usize,
    /// How many milliseconds late 99 of 100 requests may be sent; later, the run is invalid
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    max_lag_ms: f64,
    /// How long to wait for an answer, in seconds
    #[arg(long, default_value_t = 10)]
    patience: u64,
    /// A program behind the stage: it watches the shop's processes, and strikes them (see the README)
    #[arg(long, value_name = "COMMAND")]
    hands: Option<String>,
    /// One more fault: `MINUTE:DEED:PROCESS[:SECONDS]`, such as `6:kill:listing-1` or `3:hold:redis-cache:5`
    #[arg(long = "strike", value_name = "FAULT", value_parser = parse_strike, requires = "hands", allow_hyphen_values = true)]
    strikes: Vec<Fault>,
    /// The commit that is rehearsed, for the report
    #[arg(long, value_name = "NAME")]
    commit: Option<String>,
    /// Write all figures, so that those of several hosts can be added up with `merge`
    #[arg(long, value_name = "FILE")]
    figures: Option<PathBuf>,
    /// Where the report goes, and what it is compared with.
    #[command(flatten)]
    outcome: Outcome,
}

/// Sends the crowd and judges what came of it.
pub fn run(args: &ArriveArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut event = Event::read(&args.event)?;
    event.faults.extend(args.strikes.iter().cloned());
    let event = cut(event, args.from, args.until).context("nothing of the curve lies between these minutes")?;
    let hands = args.hands.as_deref().map(Hands::parse).transpose().context("--hands")?;
    if hands.is_none() && !event.faults.is_empty() {
        bail!("the event has a game day, and nobody is there to carry it out: name a program with --hands");
    }
    let mut setting = setting(args, &event);
    let crowd = runtime.block_on(Crowd::look_around(&event, &setting)).context("the shop does not answer")?;
    let driver = driver(args)?;
    setting.scale = scale(args, &event, &driver, &crowd)?;
    say(&format!(
        "{}: {:.0} requests in {:.0} s, {:.0} a second at the peak",
        event.name,
        schedule(args, &event, &setting).expected(),
        schedule(args, &event, &setting).length().as_secs_f64(),
        event.curve.peak().1 / 60.0 * setting.scale
    ));
    wait_for(&runtime, args.start_at);
    let run = perform(args, &event, setting, &driver, (&crowd, hands.as_ref(), &runtime))?;
    if let Some(path) = &args.figures {
        fs::write(path, serde_json::to_vec(&run)?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    finish(&event, &run, &args.outcome)
}

/// The evening itself: the crowd, whoever watches, whatever strikes, and the orders afterwards.
fn perform(
    args: &ArriveArgs,
    event: &Event,
    mut setting: Setting,
    driver: &Driver,
    (crowd, hands, runtime): (&Crowd, Option<&Hands>, &Runtime),
) -> Result<Run> {
    let watch = hands.map(Watch::begin).transpose()?;
    setting.began = Timestamp::now();
    let began = Instant::now();
    let due = event.faults.iter().map(|fault| {
        let after = Duration::try_from_secs_f64(setting.second_of(fault.minute)).unwrap_or_default();
        (after, fault.clone())
    });
    let strikes = hands.map(|hands| Strikes::plan(hands, began, due));
    let board = Board::put_up(Sources {
        name: event.name.clone(),
        live: driver.live.clone(),
        looks: watch.as_ref().map(Watch::looks),
        struck: strikes.as_ref().map(Strikes::seen),
        minute_at: Box::new({
            let setting = setting.clone();
            move |second| setting.minute_at(second)
        }),
    });
    let measured = driver.run(schedule(args, event, &setting), KINDS, |due| crowd.ask(due));
    drop(board);
    let struck = strikes.map(Strikes::end).unwrap_or_default();
    let samples = watch.map(|watch| watch.end(began)).unwrap_or_default();
    let measured = measured?;
    let settled = if event.mix.share(PageClass::Order) > 0.0 {
        say("looking up what became of the orders …");
        // A little longer than promised, to be able to say by how much the promise was broken.
        let patience = event.orders.settled_within + Duration::from_secs(5);
        Some(runtime.block_on(settle(&args.host, &measured.orders, patience, hands))?)
    } else {
        None
    };
    Ok(Run { setting, measured, samples, struck, settled })
}

fn setting(args: &ArriveArgs, event: &Event) -> Setting {
    Setting {
        began: Timestamp::now(),
        host: args.host.clone(),
        machine: describe_machine(),
        commit: args.commit.clone(),
        speed: args.speed,
        scale: args.scale,
        seed: args.seed,
        hosts: 1,
        minutes: (event.curve.begins(), event.curve.ends()),
        max_lag_ms: args.max_lag_ms,
    }
}

fn driver(args: &ArriveArgs) -> Result<Driver> {
    Ok(Driver {
        target: Target::parse(&args.host)?,
        workers: args.workers,
        max_in_flight: args.max_in_flight,
        patience: Duration::from_secs(args.patience),
        live: Live::default(),
    })
}

/// Which share of the crowd comes.
fn scale(args: &ArriveArgs, event: &Event, driver: &Driver, crowd: &Crowd) -> Result<f64> {
    let expected = event.curve.peak().1 / 60.0;
    if args.fit {
        say("finding out what the shop can bear …");
        let most = fit::most_per_second(driver, |due| crowd.ask(due))?;
        let peak = most * fit::COMFORTABLE;
        say(&format!("it bears about {most:.0} requests a second: {peak:.0} at the peak of the show"));
        return Ok(peak / expected);
    }
    Ok(args.peak.map_or(args.scale, |peak| peak / expected))
}

fn schedule(args: &ArriveArgs, event: &Event, setting: &Setting) -> Schedule {
    Schedule::new(event.curve.clone(), setting.speed, setting.scale, Spacing::Random(args.seed))
}

fn wait_for(runtime: &Runtime, moment: Option<Timestamp>) {
    let left = moment.map(|moment| moment.duration_since(Timestamp::now()));
    if let Some(Ok(left)) = left.map(Duration::try_from) {
        say(&format!("waiting for {:.0} s", left.as_secs_f64()));
        runtime.block_on(tokio::time::sleep(left));
    }
}

/// A line on the terminal; one that went away is no reason to stop.
pub fn say(text: &str) {
    use std::io::Write as _;
    let _gone = writeln!(std::io::stdout().lock(), "{text}");
}

/// A number above zero.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("must be a number above zero".to_owned()),
    }
}

/// Adds up what several hosts saw of one rehearsal.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The event file that was rehearsed
    event: PathBuf,
    /// What `arrive --figures` wrote on each host
    #[arg(required = true)]
    figures: Vec<PathBuf>,
    /// Where the report goes, and what it is compared with.
    #[command(flatten)]
    outcome: Outcome,
}

/// One report of several hosts.
pub fn merge(args: &MergeArgs) -> Result<ExitCode> {
    let mut all: Option<Run> = None;
    for path in &args.figures {
        let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let run: Run = serde_json::from_slice(&text).with_context(|| format!("{} holds no figures", path.display()))?;
        match &mut all {
            None => all = Some(run),
            Some(all) if (all.setting.speed, all.setting.minutes) == (run.setting.speed, run.setting.minutes) => {
                all.add(run)
            }
            Some(_) => bail!("{} is of another rehearsal: its speed or its minutes differ", path.display()),
        }
    }
    let Some(run) = all else { bail!("there are no figures") };
    let (from, until) = run.setting.minutes;
    let event = cut(Event::read(&args.event)?, Some(from), Some(until)).context("the event has another curve")?;
    finish(&event, &run, &args.outcome)
}

/// Draws the page of a report once more, beside an earlier one.
#[derive(Debug, Args)]
pub struct PageArgs {
    /// The report: its directory, or its JSON
    report: PathBuf,
    /// Where the page goes
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// An earlier one to compare it with
    #[arg(long, value_name = "REPORT")]
    against: Option<PathBuf>,
}

/// Draws it.
pub fn page(args: &PageArgs) -> Result<ExitCode> {
    let earlier = args.against.as_deref().map(report::read).transpose()?;
    let path = report::write(&report::read(&args.report)?, None, earlier.as_ref(), &args.into)?;
    say(&path.display().to_string());
    Ok(ExitCode::SUCCESS)
}
