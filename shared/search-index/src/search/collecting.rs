//! Collecting the hits of a search, and what is counted beside them, in one pass over what matches the words.
//!
//! What a search is narrowed to is applied here rather than in the query, because the counts must also know the listings
//! that are left out: otherwise choosing one colour would empty all others.
//!
//! A pass that comes to its deadline ends there, with what it has.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::time::Instant;

use tantivy::collector::sort_key::NaturalComparator;
use tantivy::collector::{Collector, SegmentCollector, TopNComputer};
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, DocSet, Score, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError};

use super::SearchQuery;
use super::counting::{SegmentCounting, Tallies};
use super::hit_columns::HitColumns;
use super::narrowing::Filters;
use super::order::{Hit, HitKey, Ordering, SegmentOrdering};
use super::signals::SegmentSignals;

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
    /// Set when the deadline came before the end.
    pub out_of_time: &'a AtomicBool,
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
}

type Top<D> = TopNComputer<HitKey, D, NaturalComparator>;

/// Looking at the clock costs about as much as scoring a listing, so it is done once for so many of them; and numbers of
/// so many listings are read in one go.
const BLOCK: usize = 128;

impl Collector for Collecting<'_> {
    type Fruit = Collected;
    type Child = SegmentCollecting;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
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
            top: Top::new_with_comparator(self.depth.max(1), NaturalComparator),
            behind: self.behind,
            block: Block::default(),
            missed: vec![0; self.query.respects().len()],
            counting,
            total: 0,
            matching: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.ordering.is_by_score()
    }

    fn merge_fruits(&self, segments: Vec<Collected>) -> tantivy::Result<Collected> {
        let mut merged = Collected { missed: vec![0; self.query.respects().len()], ..Collected::default() };
        for segment in segments {
            merged.hits.extend(segment.hits);
            merged.total += segment.total;
            merged.matching += segment.matching;
            for (sum, count) in merged.missed.iter_mut().zip(segment.missed) {
                *sum += count;
            }
            merged.tallies.extend(segment.tallies);
        }
        merged.hits.sort_unstable_by_key(|hit| Reverse(hit.key));
        merged.hits.truncate(self.depth);
        Ok(merged)
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Collected> {
        let mut collecting = self.for_segment(ordinal, segment)?;
        let is_scored = self.requires_scoring();
        let alive = segment.alive_bitset();
        let mut scorer = weight.scorer(segment, 1.0)?;
        let mut listing = scorer.doc();
        while listing != TERMINATED && !self.is_out_of_time() {
            for _ in 0..BLOCK {
                if alive.is_none_or(|alive| alive.is_alive(listing)) && collecting.passes(listing) {
                    let score = if is_scored { scorer.score() } else { 0.0 };
                    collecting.block.push(listing, score);
                }
                listing = scorer.advance();
                if listing == TERMINATED {
                    break;
                }
            }
            collecting.take_block();
        }
        Ok(collecting.harvest())
    }
}

impl Collecting<'_> {
    fn is_out_of_time(&self) -> bool {
        let is_late = Instant::now() >= self.deadline;
        if is_late {
            self.out_of_time.store(true, Memory::Relaxed);
        }
        is_late
    }
}

/// Listings that pass, with their scores, until they are looked at together.
#[derive(Default)]
struct Block {
    listings: Vec<DocId>,
    scores: Vec<Score>,
}

impl Block {
    fn push(&mut self, listing: DocId, score: Score) {
        self.listings.push(listing);
        self.scores.push(score);
    }

    fn clear(&mut self) {
        self.listings.clear();
        self.scores.clear();
    }
}

/// The same, within one segment.
pub(super) struct SegmentCollecting {
    ordinal: SegmentOrdinal,
    filters: Filters,
    signals: Option<SegmentSignals>,
    ordering: SegmentOrdering,
    top: Top<DocId>,
    behind: Option<HitKey>,
    block: Block,
    counting: Option<SegmentCounting>,
    missed: Vec<u64>,
    total: u64,
    matching: u64,
}

impl SegmentCollecting {
    /// Whether a listing that matches the words passes; it is counted in any case.
    #[inline]
    fn passes(&mut self, listing: DocId) -> bool {
        self.matching += 1;
        if self.filters.are_none() {
            return true;
        }
        let failures = self.filters.failures(listing);
        if let Some(respect) = failures.only() {
            self.missed[respect] += 1;
            if let Some(counting) = &mut self.counting {
                counting.add_missed(listing, respect);
            }
        }
        failures.are_none()
    }

    fn take_block(&mut self) {
        let mut block = std::mem::take(&mut self.block);
        self.total += block.listings.len() as u64;
        for (listing, score) in block.listings.iter().zip(&block.scores) {
            self.enter_race(*listing, *score);
        }
        if let Some(counting) = &mut self.counting {
            counting.add(&block.listings);
        }
        block.clear();
        self.block = block;
    }

    /// Lets a listing compete for the first places. Most are out of the race before anything more is read of them.
    #[inline]
    fn enter_race(&mut self, listing: DocId, mut score: Score) {
        let may_win = |rank| self.top.threshold.is_none_or(|last| self.ordering.may_precede(listing, rank, last));
        if let Some(signals) = &self.signals {
            if !may_win(self.ordering.rank(listing, score + SegmentSignals::MOST)) {
                return;
            }
            score += signals.of(listing);
        }
        let rank = self.ordering.rank(listing, score);
        if !may_win(rank) {
            return;
        }
        let key = HitKey { rank, id: self.ordering.id(listing) };
        if self.behind.is_none_or(|behind| key < behind) {
            self.top.push(key, listing);
        }
    }
}

impl SegmentCollector for SegmentCollecting {
    type Fruit = Collected;

    fn collect(&mut self, listing: DocId, score: Score) {
        if self.passes(listing) {
            self.block.push(listing, score);
        }
        if self.block.listings.len() == BLOCK {
            self.take_block();
        }
    }

    fn harvest(mut self) -> Collected {
        self.take_block();
        let ordinal = self.ordinal;
        let top = self.top.into_vec().into_iter();
        let hits = top.map(|top| Hit { key: top.sort_key, address: DocAddress::new(ordinal, top.doc) }).collect();
        let tallies = self.counting.map(|counting| counting.harvest(ordinal)).into_iter().collect();
        Collected { hits, total: self.total, matching: self.matching, missed: self.missed, tallies }
    }
}
