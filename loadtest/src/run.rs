//! Everything that came of one rehearsal, before anybody judges it: what one host writes down and several add up.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

use crate::arrivals::{Measured, Tally};
use crate::event::{Curve, Event, PageClass};
use crate::stage::{OrderCheck, Sample, Struck};

/// A rehearsal that is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// How it was done.
    pub setting: Setting,
    /// What the crowd saw; kinds are those of [`kind_of`].
    pub measured: Measured,
    /// What the shop's processes did, if anybody watched.
    pub samples: Vec<Sample>,
    /// What struck.
    pub struck: Vec<Struck>,
    /// What became of the orders, if anybody looked.
    pub settled: Option<Settled>,
}

/// How a rehearsal was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// When the crowd began to come.
    pub began: jiff::Timestamp,
    /// The shop's address.
    pub host: String,
    /// Processor, cores and memory of the machine that the crowd came from.
    pub machine: String,
    /// The commit that was rehearsed, if anybody said.
    pub commit: Option<String>,
    /// How many times as fast as in life.
    pub speed: f64,
    /// Which share of the crowd came.
    pub scale: f64,
    /// What chance was drawn from.
    pub seed: u64,
    /// How many hosts sent the crowd.
    pub hosts: u32,
    /// The first and the last minute of the curve.
    pub minutes: (f64, f64),
    /// How late the driver may send 99 of 100 requests for the run to be valid, in milliseconds.
    pub max_lag_ms: f64,
}

/// What became of the orders that were accepted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// How many were accepted, and how many of them were looked up.
    pub accepted: u64,
    /// See `accepted`.
    pub looked_up: u64,
    /// By state.
    pub states: BTreeMap<String, u64>,
    /// Accepted, and the shop knows nothing of them.
    pub lost: Vec<String>,
    /// How long it took until none was pending, in seconds; none when some still were.
    pub settled_after_s: Option<f64>,
    /// What the database says about orders and stock, if it was asked.
    pub check: Option<OrderCheck>,
}

/// A part of the evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// As on any evening.
    Before,
    /// The crowd arrives.
    Rise,
    /// Four fifths of the most, or more.
    Peak,
    /// They go again.
    After,
}

impl Phase {
    /// Every one, in their order.
    pub const ALL: [Self; 4] = [Self::Before, Self::Rise, Self::Peak, Self::After];

    /// How reports call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Rise => "rise",
            Self::Peak => "peak",
            Self::After => "after",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// From which minute on each phase of a curve is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Phases {
    /// The first minute of the rise.
    pub rise: f64,
    /// The first minute of the peak.
    pub peak: f64,
    /// The first minute after it.
    pub after: f64,
}

impl Phases {
    /// The steps in which a curve is looked at.
    const STEPS: u32 = 4_000;
    /// From which share of the highest point on it is a peak, and up to which share of the way up nothing has begun.
    const PEAK: f64 = 0.8;
    const BEGUN: f64 = 0.05;

    /// Of a curve.
    pub fn of(curve: &Curve) -> Self {
        let (begins, ends, (peak_minute, highest)) = (curve.begins(), curve.ends(), curve.peak());
        let minute = |step: u32| begins + (ends - begins) * f64::from(step) / f64::from(Self::STEPS);
        let is_peak = |minute: &f64| curve.at(*minute) >= Self::PEAK * highest;
        let minutes = || (0..=Self::STEPS).map(minute);
        let peak = minutes().find(is_peak).unwrap_or(peak_minute);
        let after = minutes().rfind(is_peak).unwrap_or(peak_minute);
        let lowest = minutes().filter(|minute| *minute <= peak).map(|minute| curve.at(minute)).fold(highest, f64::min);
        let begun = lowest + Self::BEGUN * (highest - lowest);
        let rise = minutes().rfind(|minute| *minute <= peak && curve.at(*minute) <= begun).unwrap_or(begins);
        Self { rise, peak, after }
    }

    /// The phase of a minute.
    pub fn at(&self, minute: f64) -> Phase {
        match minute {
            minute if minute < self.rise => Phase::Before,
            minute if minute < self.peak => Phase::Rise,
            minute if minute <= self.after => Phase::Peak,
            _ => Phase::After,
        }
    }
}

/// How many kinds of requests are told apart.
pub const KINDS: usize = PageClass::ALL.len() * Phase::ALL.len();

/// The number of the kind of a page in a phase.
pub const fn kind_of(class: PageClass, phase: Phase) -> usize {
    phase as usize * PageClass::ALL.len() + class as usize
}

impl Run {
    /// What came of a kind of page in one phase.
    pub fn tally(&self, class: PageClass, phase: Phase) -> &Tally {
        &self.measured.tallies[kind_of(class, phase)]
    }

    /// What came of a kind of page over the evening.
    pub fn tally_of(&self, class: PageClass) -> Tally {
        let mut sum = Tally::new();
        Phase::ALL.into_iter().for_each(|phase| sum += self.tally(class, phase));
        sum
    }

    /// Adds what another host saw of the same rehearsal.
    pub fn add(&mut self, other: Self) {
        self.measured += other.measured;
        self.setting.hosts += other.setting.hosts;
        self.setting.scale += other.setting.scale;
        self.setting.began = self.setting.began.min(other.setting.began);
        if self.samples.is_empty() {
            self.samples = other.samples;
        }
        if self.struck.is_empty() {
            self.struck = other.struck;
        }
        match (&mut self.settled, other.settled) {
            (Some(mine), Some(theirs)) => mine.add(theirs),
            (mine, theirs) => *mine = mine.take().or(theirs),
        }
    }
}

impl Settled {
    fn add(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.looked_up += other.looked_up;
        for (state, count) in other.states {
            *self.states.entry(state).or_default() += count;
        }
        self.lost.extend(other.lost);
        self.settled_after_s = self.settled_after_s.zip(other.settled_after_s).map(|(mine, theirs)| mine.max(theirs));
        self.check = self.check.take().or(other.check);
    }
}

impl Setting {
    /// The second of the run at which a minute of the curve is.
    pub fn second_of(&self, minute: f64) -> f64 {
        (minute - self.minutes.0) * 60.0 / self.speed
    }

    /// The minute of the curve at a second of the run.
    pub fn minute_at(&self, second: f64) -> f64 {
        self.minutes.0 + second / 60.0 * self.speed
    }
}

/// The event with the part of its curve that is rehearsed, and what strikes in it.
pub fn cut(event: Event, from: Option<f64>, until: Option<f64>) -> Option<Event> {
    let (from, until) = (from.unwrap_or(f64::NEG_INFINITY), until.unwrap_or(f64::INFINITY));
    let curve = event.curve.between(from, until)?;
    let faults = event.faults.into_iter().filter(|fault| (curve.begins()..=curve.ends()).contains(&fault.minute));
    Some(Event { faults: faults.collect(), curve, ..event })
}

/// Processor, number of cores and memory of this machine, without its name.
pub fn describe_machine() -> String {
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB"));
    let gigabytes = kilobytes.and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or_default() >> 20;
    format!("{model}, {cores} cores, {gigabytes} GB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phases_of_a_show_are_where_people_would_say() {
        let points = [(-20.0, 700.0), (0.0, 700.0), (5.0, 12_700.0), (15.0, 9_500.0), (180.0, 800.0)];
        let phases = Phases::of(&Curve::through(points).expect("a curve"));
        assert!((0.0..0.4).contains(&phases.rise), "{phases:?}");
        assert!((3.5..4.2).contains(&phases.peak), "{phases:?}");
        assert!((11.0..14.0).contains(&phases.after), "{phases:?}");
        let named = [-5.0, 2.0, 5.0, 60.0].map(|minute| phases.at(minute));
        assert_eq!(named, Phase::ALL);
    }

    #[test]
    fn an_evening_without_a_rise_has_phases_too() {
        let flat = Curve::through([(0.0, 100.0), (10.0, 100.0)]).expect("a curve");
        assert_eq!(Phases::of(&flat).at(5.0), Phase::Peak);
    }
}
