//! The evening second by second: what the crowd got and what the shop did, on one clock.

use serde::{Deserialize, Serialize};

use crate::arrivals::Ending;
use crate::run::Run;
use crate::stage::{Counts, Sample};

/// What was at one moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Moment {
    /// Seconds since the crowd began to come.
    pub at_s: f64,
    /// The minute of the show.
    pub minute: f64,
    /// Requests a second that were due.
    pub offered: f64,
    /// Answers a second of any kind.
    pub answered: f64,
    /// Of those due, right answers a second.
    pub right: f64,
    /// Refused a second.
    pub shed: f64,
    /// Failed a second in any other way.
    pub failed: f64,
    /// Half of the right pages were there within so many milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 were.
    pub p99_ms: f64,
    /// What the instances counted since the moment before; none where nobody watched.
    pub counts: Option<Counts>,
    /// The highest rung of any instance.
    pub rung: Option<u8>,
    /// Requests to buy that waited.
    pub queue_depth: Option<f64>,
    /// How long the oldest had waited.
    pub queue_age_s: Option<f64>,
    /// Cores that all processes used together.
    pub cores: Option<f64>,
}

/// Puts both sides of a run together.
pub fn evening(run: &Run) -> Vec<Moment> {
    let slot = run.measured.timeline.slot().as_secs_f64();
    let mut samples = run.samples.iter().peekable();
    while samples.next_if(|sample| sample.at_s < 0.0).is_some() {}
    let length = run.setting.second_of(run.setting.minutes.1);
    run.measured
        .timeline
        .by_time()
        // The last slot only takes what is answered after the end.
        .filter(|(at, _)| at.as_secs_f64() < length)
        .map(|(at, one)| {
            let at_s = at.as_secs_f64();
            let mut seen: Vec<&Sample> = Vec::new();
            while let Some(sample) = samples.next_if(|sample| sample.at_s < at_s + slot) {
                seen.push(sample);
            }
            let (offered, right, shed) = (one.offered(), one.count(Ending::Right), one.count(Ending::Refused));
            let milliseconds = |share| one.quantile(share).as_secs_f64() * 1_000.0;
            let highest = |of: &dyn Fn(&Sample) -> Option<f64>| seen.iter().filter_map(|one| of(one)).reduce(f64::max);
            Moment {
                at_s,
                minute: run.setting.minute_at(at_s),
                offered: offered as f64 / slot,
                answered: one.answered as f64 / slot,
                right: right as f64 / slot,
                shed: shed as f64 / slot,
                failed: (offered - right - shed) as f64 / slot,
                p50_ms: milliseconds(0.5),
                p99_ms: milliseconds(0.99),
                counts: (!seen.is_empty()).then(|| sum(&seen)),
                rung: seen.iter().flat_map(|sample| sample.rungs.values()).copied().max(),
                queue_depth: highest(&|sample| sample.queue_depth),
                queue_age_s: highest(&|sample| sample.queue_age_s),
                cores: highest(&|sample| Some(sample.processes.values().map(|process| process.cores).sum())),
            }
        })
        .collect()
}

fn sum(samples: &[&Sample]) -> Counts {
    samples.iter().fold(Counts::default(), |mut sum, sample| {
        sum += sample.counts;
        sum
    })
}
