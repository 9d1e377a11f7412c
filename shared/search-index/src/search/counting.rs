//! What is counted while the hits are collected: how many there are, in which categories, in which price bands.
//!
//! Being orderable is added to the score here: a number of the listing, read anyway, where a clause of the query would
//! have to walk through nearly the whole index.
//!
//! The price filter is applied here rather than in the query, because the price bands must also count the listings that
//! the filter leaves out: otherwise choosing a band would empty all others.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use halles_domain::CategoryId;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::document::as_number;
use crate::schema::{CATEGORY, ORDERABLE, PRICE};

/// A range of prices in cents, both ends included; open where nothing is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PriceRange {
    /// The lowest price.
    pub min_cents: Option<i64>,
    /// The highest price.
    pub max_cents: Option<i64>,
}

impl PriceRange {
    /// Whether everything is in it, even a listing without a price.
    pub const fn is_open(self) -> bool {
        self.min_cents.is_none() && self.max_cents.is_none()
    }

    fn contains(self, price: Option<u64>) -> bool {
        if self.is_open() {
            return true;
        }
        let Some(price) = price else { return false };
        self.min_cents.is_none_or(|min| price >= as_number(min))
            && self.max_cents.is_none_or(|max| price <= as_number(max))
    }
}

/// How many listings match in a band of prices, whatever the price filter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceBand {
    /// The prices of the band.
    pub range: PriceRange,
    /// How many match.
    pub count: u64,
}

/// The counts of one search.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// How many listings match, price filter included.
    pub total: u64,
    /// How many match whatever the price filter says.
    pub at_any_price: u64,
    /// For each category, how many match in it or below it, price filter included.
    pub categories: HashMap<CategoryId, u64>,
    /// For each price band, how many match.
    pub prices: Vec<u64>,
}

/// Collects the top hits with `top`, and counts; stops at `deadline`.
pub(super) struct Counting<C> {
    pub top: C,
    pub price: PriceRange,
    /// Where the price bands begin and end, in cents, rising.
    pub price_edges: Vec<u64>,
    pub deadline: Instant,
    /// Set when the deadline came first.
    pub out_of_time: Arc<AtomicBool>,
}

/// What being orderable is worth: enough to decide between equals, not enough to bring a worse match forward.
const ORDERABLE_BONUS: Score = 0.5;

/// Looking at the clock costs about as much as scoring a listing, so it is done once for so many of them.
const CLOCK_INTERVAL: u32 = 1_024;

impl<C: Collector> Collector for Counting<C> {
    type Fruit = (C::Fruit, Counts);
    type Child = SegmentCounting<C::Child>;

    fn for_segment(&self, segment_ordinal: u32, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let numbers = segment.fast_fields();
        Ok(SegmentCounting {
            top: self.top.for_segment(segment_ordinal, segment)?,
            price: self.price,
            price_edges: self.price_edges.clone(),
            prices: numbers.u64(PRICE)?,
            categories: numbers.u64(CATEGORY)?,
            orderable: numbers.u64(ORDERABLE)?,
            category_counts: CategoryCounts::default(),
            price_counts: vec![0; if self.price_edges.is_empty() { 0 } else { self.price_edges.len() + 1 }],
            total: 0,
            at_any_price: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.top.requires_scoring()
    }

    fn merge_fruits(&self, segments: Vec<SegmentFruit<C::Child>>) -> tantivy::Result<Self::Fruit> {
        let mut counts = Counts::default();
        let mut tops = Vec::with_capacity(segments.len());
        for (top, segment) in segments {
            tops.push(top);
            counts.total += segment.total;
            counts.at_any_price += segment.at_any_price;
            for (category, count) in segment.categories {
                *counts.categories.entry(category).or_default() += count;
            }
            counts.prices.resize(segment.prices.len(), 0);
            for (sum, count) in counts.prices.iter_mut().zip(segment.prices) {
                *sum += count;
            }
        }
        Ok((self.top.merge_fruits(tops)?, counts))
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment_ordinal: u32,
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentFruit<C::Child>> {
        let mut collected = self.for_segment(segment_ordinal, segment)?;
        let mut scorer = weight.scorer(segment, 1.0)?;
        let is_scored = self.requires_scoring();
        let alive = segment.alive_bitset();
        let mut until_clock = CLOCK_INTERVAL;
        let mut listing = scorer.doc();
        while listing != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(listing)) {
                let score = if is_scored { scorer.score() } else { 0.0 };
                collected.collect(listing, score);
            }
            until_clock -= 1;
            if until_clock == 0 {
                self.check_clock()?;
                until_clock = CLOCK_INTERVAL;
            }
            listing = scorer.advance();
        }
        Ok(collected.harvest())
    }
}

impl<C> Counting<C> {
    fn check_clock(&self) -> tantivy::Result<()> {
        if Instant::now() < self.deadline {
            return Ok(());
        }
        self.out_of_time.store(true, Ordering::Relaxed);
        Err(TantivyError::SystemError("the deadline came first".to_owned()))
    }
}

type SegmentFruit<C> = (<C as SegmentCollector>::Fruit, Counts);

/// The same, within one segment.
pub(super) struct SegmentCounting<C> {
    top: C,
    price: PriceRange,
    price_edges: Vec<u64>,
    prices: Column<u64>,
    categories: Column<u64>,
    orderable: Column<u64>,
    category_counts: CategoryCounts,
    price_counts: Vec<u64>,
    total: u64,
    at_any_price: u64,
}

impl<C: SegmentCollector> SegmentCollector for SegmentCounting<C> {
    type Fruit = SegmentFruit<C>;

    fn collect(&mut self, listing: DocId, score: Score) {
        self.at_any_price += 1;
        let price = self.prices.first(listing);
        if let (Some(price), false) = (price, self.price_edges.is_empty()) {
            self.price_counts[self.price_edges.partition_point(|edge| *edge <= price)] += 1;
        }
        if !self.price.contains(price) {
            return;
        }
        self.total += 1;
        for category in self.categories.values_for_doc(listing) {
            self.category_counts.add(category);
        }
        let is_orderable = self.orderable.first(listing) == Some(1);
        self.top.collect(listing, if is_orderable { score + ORDERABLE_BONUS } else { score });
    }

    fn harvest(self) -> Self::Fruit {
        let counts = Counts {
            total: self.total,
            at_any_price: self.at_any_price,
            categories: self.category_counts.into_map(),
            prices: self.price_counts,
        };
        (self.top.harvest(), counts)
    }
}

/// Counts by category: an array for the small numbers that categories have, a map for whatever else there is.
#[derive(Default)]
struct CategoryCounts {
    small: Vec<u64>,
    large: HashMap<u64, u64>,
}

impl CategoryCounts {
    const SMALL: usize = 4_096;

    fn add(&mut self, category: u64) {
        let index = usize::try_from(category).unwrap_or(usize::MAX);
        if index >= Self::SMALL {
            *self.large.entry(category).or_default() += 1;
            return;
        }
        if index >= self.small.len() {
            self.small.resize(index + 1, 0);
        }
        self.small[index] += 1;
    }

    fn into_map(self) -> HashMap<CategoryId, u64> {
        let small = self.small.into_iter().enumerate().map(|(index, count)| (index as u64, count));
        let counted = small.chain(self.large).filter(|(_, count)| *count > 0);
        counted.filter_map(|(id, count)| Some((CategoryId::new(i32::try_from(id).ok()?), count))).collect()
    }
}
