//! What surrounds a show: when nothing is released, what it may cost, and what the plan starts from.

use serde::Deserialize;
use toml::Spanned;

use super::trouble::Troubles;

/// When nothing is released.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Freeze {
    /// It begins so many hours before air time.
    pub hours_before: f64,
    /// It ends so many hours after the last minute of the curve.
    pub hours_after: f64,
}

impl Default for Freeze {
    /// A day to notice what the last release broke, and the rest of the night.
    fn default() -> Self {
        Self { hours_before: 24.0, hours_after: 6.0 }
    }
}

/// What a plan starts from.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preparation {
    /// How many times the expected crowd the fleet must carry: nobody knows how many will come.
    pub margin: f64,
    /// Which share of what an instance can do it is asked for: the rest is for bad luck with the balance and for a lost zone.
    pub utilisation: f64,
    /// How many minutes before air time the fleet stands. Starting takes seconds, but a wrong plan must have time to show.
    pub minutes_before: f64,
    /// How many minutes a number of instances is kept at least on the way back down.
    pub step_minutes: f64,
    /// What the evening may cost, in euros; none when nobody said.
    pub budget_euros: Option<f64>,
}

impl Default for Preparation {
    fn default() -> Self {
        Self { margin: 1.5, utilisation: 0.75, minutes_before: 30.0, step_minutes: 15.0, budget_euros: None }
    }
}

pub(super) fn freeze(file: Option<&Spanned<Freeze>>, troubles: &mut Troubles<'_>) -> Freeze {
    let Some(file) = file else { return Freeze::default() };
    let freeze = *file.get_ref();
    if ![freeze.hours_before, freeze.hours_after].iter().all(|hours| (0.0..=720.0).contains(hours)) {
        troubles.add(file.span(), "freeze", "is no time", "write hours between 0 and 720");
    }
    freeze
}

pub(super) fn preparation(file: Option<&Spanned<Preparation>>, troubles: &mut Troubles<'_>) -> Preparation {
    let Some(file) = file else { return Preparation::default() };
    let preparation = *file.get_ref();
    let lawful = [
        (1.0..=10.0).contains(&preparation.margin),
        (0.1..=1.0).contains(&preparation.utilisation),
        (1.0..=1_440.0).contains(&preparation.minutes_before),
        (1.0..=240.0).contains(&preparation.step_minutes),
        preparation.budget_euros.is_none_or(|euros| euros > 0.0 && euros.is_finite()),
    ];
    if lawful.contains(&false) {
        let remedy = "margin lies between 1 and 10, utilisation between 0.1 and 1, minutes_before between 1 and 1440, \
                      step_minutes between 1 and 240, budget_euros above 0";
        troubles.add(file.span(), "plan", "has a number out of its bounds", remedy);
    }
    preparation
}
