//! One comparison: ours against something honest, round by round.

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// What is compared, and what we promise.
#[derive(Debug, Clone, Copy)]
pub struct Contest {
    /// What our side does.
    pub name: &'static str,
    /// The unit of both rates; more is better.
    pub unit: &'static str,
    /// What the other side does.
    pub against: &'static str,
    /// The smallest ratio of ours to theirs that keeps the promise.
    pub goal: f64,
}

/// How a contest ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What our side does.
    pub name: String,
    /// The median of our rounds.
    pub value: f64,
    /// The unit of the value; more is better.
    pub unit: String,
    /// What the other side does.
    pub against: String,
    /// The median over the rounds of ours divided by theirs.
    pub ratio: f64,
    /// The smallest ratio that keeps the promise.
    pub goal: f64,
    /// Whether it was kept.
    pub met: bool,
}

impl Contest {
    /// Measures both sides in turn. Who goes first changes with each round, so that neither always finds the machine warm.
    pub async fn run(
        &self,
        rounds: u32,
        mut ours: impl AsyncFnMut() -> Result<f64>,
        mut theirs: impl AsyncFnMut() -> Result<f64>,
    ) -> Result<Verdict> {
        let mut pairs = Vec::new();
        for round in 0..rounds {
            let pair = if round % 2 == 0 {
                let first = ours().await?;
                (first, theirs().await?)
            } else {
                let first = theirs().await?;
                (ours().await?, first)
            };
            pairs.push(pair);
        }
        Ok(self.judge(&pairs))
    }

    fn judge(&self, pairs: &[(f64, f64)]) -> Verdict {
        let value = median(pairs.iter().map(|(ours, _)| *ours).collect());
        // Paired, so that a machine that slows down over the run slows both sides of each ratio.
        let ratio = median(pairs.iter().map(|(ours, theirs)| ours / theirs).collect());
        Verdict {
            name: self.name.to_owned(),
            value,
            unit: self.unit.to_owned(),
            against: self.against.to_owned(),
            ratio,
            goal: self.goal,
            met: ratio >= self.goal,
        }
    }
}

/// The middle of the values; between the two middle ones when their number is even. Zero for none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEST: Contest = Contest { name: "ours", unit: "rows/s", against: "theirs", goal: 0.5 };

    #[test]
    fn medians_shrug_at_one_bad_round() {
        assert!((median(vec![3.0, 1.0, 200.0]) - 3.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 2.0]) - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_goal_is_met_at_the_goal() {
        assert!(CONTEST.judge(&[(5.0, 10.0), (6.0, 10.0), (1.0, 10.0)]).met);
        assert!(!CONTEST.judge(&[(4.9, 10.0)]).met);
    }

    #[tokio::test]
    async fn the_sides_take_turns_at_going_first() {
        let order = std::cell::RefCell::new(String::new());
        let side = async |name: char| {
            order.borrow_mut().push(name);
            Ok(1.0)
        };
        let verdict = CONTEST.run(3, async || side('A').await, async || side('B').await).await;
        assert!(verdict.expect("neither side fails").met);
        assert_eq!(order.into_inner(), "ABBAAB");
    }
}
