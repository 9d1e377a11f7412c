//! How good an answer is, by the judgments.
//!
//! A product of grade g is worth 2^g − 1; one that nobody judged is worth nothing. Queries without any product of grade 2
//! or 3 are left out of means: there was nothing to find.

use std::collections::HashMap;

use crate::judged_set::{Answer, Query};

/// The least grade of a good answer.
const GOOD: u8 = 2;
/// The grade of an exact answer.
const EXACT: u8 = 3;
/// How far down the list people look.
const FIRST_PAGE: usize = 10;

/// The scores of one query, each between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// How close the first ten are to the best ten, the upper ones counting more.
    pub ndcg: f64,
    /// One divided by the place of the first good product, among ten.
    pub reciprocal_rank: f64,
    /// Which part of the exact products is among the first hundred; nothing when there are none.
    pub recall: Option<f64>,
    /// Which part of the first ten was judged at all.
    pub judged: f64,
}

impl Scores {
    /// Scores an answer; nothing when there was nothing good to find.
    pub fn of(query: &Query, answer: &Answer) -> Option<Self> {
        if !query.grades.values().any(|grade| *grade >= GOOD) {
            return None;
        }
        let first: Vec<Option<u8>> =
            answer.found.iter().take(FIRST_PAGE).map(|place| query.grades.get(place).copied()).collect();
        let judged = first.iter().flatten().count();
        let first_good = first.iter().position(|grade| grade.is_some_and(|grade| grade >= GOOD));
        Some(Self {
            ndcg: ndcg(&first, &query.grades),
            reciprocal_rank: first_good.map_or(0.0, |place| 1.0 / count(place + 1)),
            recall: recall(&answer.found, &query.grades),
            judged: if first.is_empty() { 1.0 } else { count(judged) / count(first.len()) },
        })
    }
}

fn ndcg(first: &[Option<u8>], grades: &HashMap<usize, u8>) -> f64 {
    let mut best: Vec<u8> = grades.values().copied().collect();
    best.sort_unstable_by(|one, other| other.cmp(one));
    let ideal = gain(best.into_iter().take(FIRST_PAGE));
    gain(first.iter().map(|grade| grade.unwrap_or_default())) / ideal
}

fn gain(grades: impl Iterator<Item = u8>) -> f64 {
    let discounted = |(place, grade): (usize, u8)| (f64::from(grade).exp2() - 1.0) / count(place + 2).log2();
    grades.enumerate().map(discounted).sum()
}

fn recall(found: &[usize], grades: &HashMap<usize, u8>) -> Option<f64> {
    let is_exact = |place: &&usize| grades.get(*place) == Some(&EXACT);
    let exact = grades.values().filter(|grade| **grade == EXACT).count();
    (exact > 0).then(|| count(found.iter().filter(is_exact).count()) / count(exact))
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few thousand are exact in a float")]
pub fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn scores(grades: &[(usize, u8)], found: &[usize]) -> Option<Scores> {
        let query = Query { id: "q".into(), text: "bol".into(), grades: grades.iter().copied().collect() };
        Scores::of(&query, &Answer { found: found.to_vec(), took: Duration::ZERO })
    }

    #[test]
    fn the_best_order_scores_one() {
        let best = scores(&[(1, 3), (2, 2), (3, 0)], &[1, 2, 3]).expect("something to find");
        assert_eq!((best.ndcg, best.reciprocal_rank, best.recall, best.judged), (1.0, 1.0, Some(1.0), 1.0));
    }

    #[test]
    fn a_known_order_has_the_known_score() {
        // 7 at the third place of three, where 3 would stand: 7/log2(4) against 7/log2(2) + 3/log2(3).
        let scored = scores(&[(1, 3), (2, 2)], &[8, 9, 1]).expect("something to find");
        assert!((scored.ndcg - 3.5 / (7.0 + 3.0 / 3_f64.log2())).abs() < 1e-12);
        assert!((scored.judged - 1.0 / 3.0).abs() < 1e-12);
        assert!((scored.reciprocal_rank - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn without_anything_good_there_is_no_score() {
        assert_eq!(scores(&[(1, 1), (2, 0)], &[1]), None);
        assert_eq!(scores(&[(1, 2)], &[]).map(|scores| (scores.ndcg, scores.recall)), Some((0.0, None)));
    }
}
