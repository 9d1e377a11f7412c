//! A query for listings that have some of several things, those with more of them first.

use tantivy::query::{BooleanWeight, EnableScoring, Occur, Query, ScoreCombiner, Scorer, Weight};
use tantivy::{Score, Term};

/// What having everything is worth: more than any sum of scores, so that where hits are not ranked again no listing
/// without some word stands before one with all.
const EVERYTHING: Score = 1_000.0;

/// Takes a score apart: whether the listing has everything, and what the words are worth. A query for nothing but
/// listings with everything gives every one of them less than [`EVERYTHING`], and it makes no difference.
pub(super) fn apart(score: Score) -> (bool, Score) {
    if score >= EVERYTHING { (true, score - EVERYTHING) } else { (false, score) }
}

/// Finds listings that match at least `demanded` of the queries.
#[derive(Debug)]
pub(super) struct TheMoreTheBetter {
    pub wanted: Vec<Box<dyn Query>>,
    pub demanded: usize,
}

impl Clone for TheMoreTheBetter {
    fn clone(&self) -> Self {
        Self { wanted: self.wanted.iter().map(|query| query.box_clone()).collect(), demanded: self.demanded }
    }
}

impl Query for TheMoreTheBetter {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = self.wanted.iter().map(|query| Ok((Occur::Should, query.weight(scoring)?)));
        let all = u16::try_from(self.wanted.len()).unwrap_or(u16::MAX);
        Ok(Box::new(BooleanWeight::with_minimum_number_should_match(
            weights.collect::<tantivy::Result<_>>()?,
            self.demanded,
            scoring.is_scoring_enabled(),
            Box::new(move || Tally { all, ..Tally::default() }),
        )))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.wanted.iter().for_each(|query| query.query_terms(visitor));
    }
}

/// The sum of the scores, less whatever is missing: with two of three, 2/3 of it.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    sum: Score,
    matched: u16,
    all: u16,
}

impl ScoreCombiner for Tally {
    fn update<S: Scorer>(&mut self, scorer: &mut S) {
        self.sum += scorer.score();
        self.matched += 1;
    }

    fn clear(&mut self) {
        (self.sum, self.matched) = (0.0, 0);
    }

    fn score(&self) -> Score {
        if self.matched >= self.all {
            return EVERYTHING + self.sum;
        }
        self.sum * Score::from(self.matched) / Score::from(self.all)
    }
}
