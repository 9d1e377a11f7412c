//! What is promised about a figure, and whether a run kept it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a figure has to be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Goal {
    /// Whether a figure keeps the promise.
    pub fn is_met_by(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(least) => figure >= least,
            Self::AtMost(most) => figure <= most,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {}", in_short(*least)),
            Self::AtMost(most) => write!(f, "≤ {}", in_short(*most)),
        }
    }
}

/// What is measured, and what we promise about it.
#[derive(Debug, Clone, Copy)]
pub struct Contest {
    /// What our side does.
    pub name: &'static str,
    /// The unit of the values.
    pub unit: &'static str,
    /// What it is compared with; for a figure on its own, what it means.
    pub against: &'static str,
    /// What keeps the promise; none for a figure that is only shown.
    pub goal: Option<Goal>,
}

/// How a contest ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What our side does.
    pub name: String,
    /// The median of our rounds.
    pub value: f64,
    /// The unit of the value.
    pub unit: String,
    /// What it was compared with; for a figure on its own, what it means.
    pub against: String,
    /// The median over the rounds of ours divided by theirs; none when there was no other side.
    pub ratio: Option<f64>,
    /// What the ratio has to be, or the value where there is no ratio.
    pub goal: Option<Goal>,
    /// Whether the promise was kept; a figure without a goal promises nothing.
    pub met: bool,
    /// What else a program may want to know.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

impl Verdict {
    /// The same with details, for the JSON file only.
    #[must_use]
    pub fn with_details(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

impl Contest {
    /// Judges the ratio of our rounds to theirs, round by round.
    pub fn judge(&self, ours: &[f64], theirs: &[f64]) -> Verdict {
        // Paired, so that a machine that slows down over the run slows both sides of each ratio.
        let ratios = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
        self.verdict(median(ours.to_vec()), Some(median(ratios)))
    }

    /// Judges the median of our rounds by itself. For the worst of them, pass only that one.
    pub fn judge_alone(&self, values: &[f64]) -> Verdict {
        self.verdict(median(values.to_vec()), None)
    }

    fn verdict(&self, value: f64, ratio: Option<f64>) -> Verdict {
        Verdict {
            name: self.name.to_owned(),
            value,
            unit: self.unit.to_owned(),
            against: self.against.to_owned(),
            ratio,
            goal: self.goal,
            met: self.goal.is_none_or(|goal| goal.is_met_by(ratio.unwrap_or(value))),
            details: Value::Null,
        }
    }
}

/// The middle of the values; between the two middle ones when their number is even. Not a number for none, which meets
/// no goal.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// A number with as many decimals as say something: 61000, 3.25, 0.0123.
pub fn in_short(number: f64) -> String {
    match number.abs() {
        exact if exact.fract() == 0.0 => format!("{number:.0}"),
        large if large >= 100.0 => format!("{number:.0}"),
        middling if middling >= 0.1 => format!("{number:.2}"),
        _ => format!("{number:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FASTER: Contest = Contest { name: "ours", unit: "rows/s", against: "theirs", goal: Some(Goal::AtLeast(0.5)) };
    const FEW: Contest = Contest { name: "reads", unit: "reads", against: "once", goal: Some(Goal::AtMost(1.0)) };

    #[test]
    fn medians_shrug_at_one_bad_round() {
        assert!((median(vec![3.0, 1.0, 200.0]) - 3.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 2.0]) - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_goal_is_met_at_the_goal() {
        assert!(FASTER.judge(&[5.0, 6.0, 1.0], &[10.0; 3]).met);
        assert!(!FASTER.judge(&[4.9], &[10.0]).met);
        assert!(FEW.judge_alone(&[1.0]).met);
        assert!(!FEW.judge_alone(&[1.0, 2.0, 2.0]).met);
    }

    #[test]
    fn nothing_measured_keeps_no_promise() {
        assert!(!FASTER.judge(&[], &[]).met);
        assert!(!FEW.judge_alone(&[]).met);
        assert!(Contest { goal: None, ..FEW }.judge_alone(&[7.0]).met);
    }

    #[test]
    fn numbers_carry_what_they_mean() {
        assert_eq!(in_short(61_234.6), "61235");
        assert_eq!(in_short(1.0), "1");
        assert_eq!(in_short(3.2512), "3.25");
        assert_eq!(in_short(0.01234), "0.0123");
    }
}
