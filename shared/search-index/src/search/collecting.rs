//! Collecting the hits of a search, and what is counted beside them, in one pass over what matches the words.
//!
//! What a search is narrowed to is applied here rather than in the query, because the counts must also know the listings
//! that are left out: otherwise choosing one colour would empty all others.
//!
//! A pass that comes to its deadline ends there, with what it has.

use std::time::Instant;

use tantivy::collector::TopNComputer;
use tantivy::collector::sort_key::NaturalComparator;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError};

use super::SearchQuery;
use super::counting::{SegmentCounting, Tallies};
use super::hit_columns::HitColumns;
use super::narrowing::Filters;
use super::order::{Hit, HitKey, Ordering, SegmentOrdering};
use super::signals::SegmentSignals;
use super::statistics::Statistics;

/// How to collect.
pub(super) struct Collecting<'a> {
    pub query: &'a SearchQuery,
    pub ordering: Ordering,
    /// How many hits to keep.
    pub depth: usize,
    /// Only hits behind this one are kept; all are counted.
    pub behind: Option<HitKey>,
    /// The columns of each segment.
    pub columns: &'a [HitColumns],
    pub deadline: Instant,
}

/// What one pass found.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// The first hits, in order.
    pub hits: Vec<Hit>,
    /// How many listings match and pass.
    pub total: u64,
    /// How many match the words, whatever the search is narrowed to.
    pub matching: u64,
    /// For each respect in which the search is narrowed, how many fail in it alone.
    pub missed: Vec<u64>,
    /// What was counted, segment by segment.
    pub tallies: Vec<Tallies>,
    /// Whether the deadline came before the end.
    pub is_cut_short: bool,
}

/// Looking at the clock costs about as much as scoring a listing, so it is done once for so many of them; and what is
/// counted is read of so many listings in one go.
const BLOCK: usize = 128;

impl Collecting<'_> {
    /// Looks at every listing that matches, segment by segment.
    pub fn collect(
        &self,
        matching: &dyn Query,
        statistics: &Statistics<'_>,
        searcher: &Searcher,
    ) -> tantivy::Result<Collected> {
        let scoring = match self.ordering.is_by_score() {
            true => EnableScoring::enabled_from_statistics_provider(statistics, searcher),
            false => EnableScoring::disabled_from_searcher(searcher),
        };
        let weight = matching.weight(scoring)?;
        let mut race = Race::new(self);
        let mut collected = Collected { missed: vec![0; self.query.respects().len()], ..Collected::default() };
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let mut collecting = self.open(ordinal, segment, &mut race, &mut collected)?;
            let is_cut_short = self.collect_segment(weight.as_ref(), segment, &mut collecting)?;
            let counted = collecting.counting.map(|counting| counting.harvest(ordinal));
            collected.tallies.extend(counted);
            collected.is_cut_short |= is_cut_short;
        }
        collected.hits = race.finish();
        Ok(collected)
    }

    fn open<'c>(
        &self,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
        race: &'c mut Race,
        collected: &'c mut Collected,
    ) -> tantivy::Result<SegmentCollecting<'c>> {
        let counting = match &self.query.facets {
            Some(wanted) => Some(SegmentCounting::open(wanted, self.query, segment)?),
            None => None,
        };
        let unopened = || TantivyError::InternalError(format!("segment {ordinal} was not opened"));
        let columns = HitColumns::in_segment(self.columns, ordinal).ok_or_else(unopened)?;
        Ok(SegmentCollecting {
            ordinal,
            filters: Filters::open(self.query, segment)?,
            signals: if self.ordering.is_by_score() { Some(SegmentSignals::open(segment)?) } else { None },
            ordering: self.ordering.in_segment(segment, columns)?,
            counting,
            block: Vec::with_capacity(BLOCK),
            race,
            collected,
        })
    }

    /// Whether the deadline came before the end of the segment.
    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: &SegmentReader,
        collecting: &mut SegmentCollecting<'_>,
    ) -> tantivy::Result<bool> {
        let is_scored = self.ordering.is_by_score();
        let alive = segment.alive_bitset();
        let mut scorer = weight.scorer(segment, 1.0)?;
        let mut listing = scorer.doc();
        while listing != TERMINATED {
            if Instant::now() >= self.deadline {
                return Ok(true);
            }
            for _ in 0..BLOCK {
                if alive.is_none_or(|alive| alive.is_alive(listing)) && collecting.passes(listing) {
                    let score = if is_scored { scorer.score() } else { 0.0 };
                    collecting.take(listing, score);
                }
                listing = scorer.advance();
                if listing == TERMINATED {
                    break;
                }
            }
            collecting.count_block();
        }
        Ok(false)
    }
}

/// The race for the first places: one for all segments, so that who is too far behind in one is not even read in another.
struct Race {
    top: TopNComputer<HitKey, DocAddress, NaturalComparator>,
    depth: usize,
    behind: Option<HitKey>,
    is_by_score: bool,
    /// What a score must come up to, if scores decide.
    least: Score,
}

impl Race {
    fn new(collecting: &Collecting<'_>) -> Self {
        let Collecting { depth, behind, ordering, .. } = *collecting;
        let top = TopNComputer::new_with_comparator(depth.max(1), NaturalComparator);
        Self { top, depth, behind, is_by_score: ordering.is_by_score(), least: Score::NEG_INFINITY }
    }

    /// Whether nothing that may be added to a score helps it: so most listings are out, and it is all that is asked of
    /// them.
    #[inline]
    fn is_lost(&self, score: Score) -> bool {
        score + SegmentSignals::MOST < self.least
    }

    /// Whether a listing of this rank still has a chance.
    #[inline]
    fn may_win(&self, ordering: &SegmentOrdering, listing: DocId, rank: u64) -> bool {
        self.top.threshold.is_none_or(|last| ordering.may_precede(listing, rank, last))
    }

    #[inline]
    fn enter(&mut self, hit: Hit) {
        if self.behind.is_none_or(|behind| hit.key < behind) {
            self.top.push(hit.key, hit.address);
            if let (true, Some(last)) = (self.is_by_score, self.top.threshold) {
                self.least = last.score();
            }
        }
    }

    /// The winners, the first of them first.
    fn finish(self) -> Vec<Hit> {
        let top = self.top.into_sorted_vec().into_iter().take(self.depth);
        top.map(|top| Hit { key: top.sort_key, address: top.doc }).collect()
    }
}

/// What it takes to collect in one segment.
struct SegmentCollecting<'c> {
    ordinal: SegmentOrdinal,
    filters: Filters,
    signals: Option<SegmentSignals>,
    ordering: SegmentOrdering,
    counting: Option<SegmentCounting>,
    /// Those that are still to be counted.
    block: Vec<DocId>,
    race: &'c mut Race,
    collected: &'c mut Collected,
}

impl SegmentCollecting<'_> {
    /// Whether a listing that matches the words passes; it is counted in any case.
    #[inline]
    fn passes(&mut self, listing: DocId) -> bool {
        self.collected.matching += 1;
        if self.filters.are_none() {
            return true;
        }
        let failures = self.filters.failures(listing);
        if let Some(respect) = failures.only() {
            self.collected.missed[respect] += 1;
            if let Some(counting) = &mut self.counting {
                counting.add_missed(listing, respect);
            }
        }
        failures.are_none()
    }

    #[inline]
    fn take(&mut self, listing: DocId, score: Score) {
        self.collected.total += 1;
        if self.counting.is_some() {
            self.block.push(listing);
        }
        if !self.race.is_lost(score) {
            self.enter_race(listing, score);
        }
    }

    fn count_block(&mut self) {
        if let Some(counting) = &mut self.counting {
            counting.add(&self.block);
        }
        self.block.clear();
    }

    /// Lets a listing compete for the first places, and reads no more of it than that takes.
    fn enter_race(&mut self, listing: DocId, mut score: Score) {
        let Self { ordering, race, .. } = self;
        if let Some(signals) = &self.signals {
            if !race.may_win(ordering, listing, ordering.rank(listing, score + SegmentSignals::MOST)) {
                return;
            }
            score += signals.of(listing);
        }
        let rank = ordering.rank(listing, score);
        if race.may_win(ordering, listing, rank) {
            let key = HitKey { rank, id: ordering.id(listing) };
            race.enter(Hit { key, address: DocAddress::new(self.ordinal, listing) });
        }
    }
}
