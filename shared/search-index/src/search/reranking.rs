//! The best hits, looked at once more: what is too dear to ask of every listing is asked of these.
//!
//! The first pass knows which words a listing has, and where. This one brings its scores to at most 1 and adds:
//! - having everything that was asked for, which always comes first;
//! - how the title fits (`title_fit.rs`): words that are neighbours in the query being close in it, in their order;
//!   beginning with what was asked for; having words that most of the best hits have and most of the rest have not. So
//!   a search for "laptop" that finds notebooks above all puts a notebook before a laptop lock;
//! - the rules of the shop's people (`rules.rs`);
//! - being fresh, which decides between near equals.
//!
//! In the end shops share out the first page (`diversity.rs`). Only the first [`RERANKED`] are ever reordered so, always
//! the same ones, so pages fit together; what is pinned stays before them.
//!
//! Where few listings have all the words, what lacks some follows, often by the thousand. Behind the first two pages of
//! it ([`BEST`]), being like the best hits says more than having one word or another: a third look orders the first
//! [`LOOKED_THROUGH`] by that.

use tantivy::{DocAddress, Score};

use super::coordination::apart;
use super::diversity::share_out;
use super::hit_columns::HitColumns;
use super::order::Hit;
use super::relevance::Wanted;
use super::rules::PINNED;
use super::title_fit::BEST;

/// How many of the best hits are looked at: further than people turn pages, and few enough to cost next to nothing.
pub(super) const RERANKED: usize = 200;

/// How many are looked through for those that are like the best hits, when somebody looks that far.
pub(super) const LOOKED_THROUGH: usize = 1_000;

/// What having everything adds: more than all else together.
const EVERYTHING: Score = 2.0;

/// What being published just now adds; half of it a month later.
const FRESH: Score = 0.02;
/// After so long, freshness is worth half.
const HALF_FRESH_SECONDS: Score = 30.0 * 86_400.0;

/// A hit with what it is worth by now.
pub(super) type Ranked = (Score, Hit);

/// Puts the best hits, the best of them first, into a better order.
pub(super) fn rerank(wanted: &Wanted<'_>, hits: &mut [Hit]) {
    let pinned = hits.partition_point(|hit| hit.key.score() >= PINNED);
    let last = hits.len().min(RERANKED).max(pinned);
    let hits = &mut hits[pinned..last];
    let mut ranked = ranked(wanted, hits);
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let shop = |hit: &Hit| HitColumns::of(wanted.index.columns, hit.address)?.sellers.first(hit.address.doc_id);
    let shops = ranked.iter().map(|(_, hit)| shop(hit).unwrap_or_default()).collect();
    share_out(&mut ranked, shops);
    put_back(ranked, hits);
}

/// Puts what lacks some word, behind the best hits, into the order of how like these it is.
pub(super) fn order_the_rest(wanted: &Wanted<'_>, hits: &mut [Hit]) {
    let last = hits.len().min(LOOKED_THROUGH);
    let hits = &mut hits[..last];
    let whole = hits.partition_point(|hit| apart(hit.key.score()).0);
    let front = whole.max(BEST).min(last);
    let titles = titles(wanted.index.columns, hits);
    let likeness = wanted.stems.likeness(&titles);
    let rest = &mut hits[front..];
    let most = most_for_words(rest);
    let score = |(hit, title): (&Hit, &Vec<u64>)| {
        let (_, words) = apart(hit.key.score());
        (words / most + wanted.stems.fit(title) + likeness.on_average(title), *hit)
    };
    let mut ranked: Vec<Ranked> = rest.iter().zip(&titles[front..]).map(score).collect();
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    put_back(ranked, rest);
}

fn put_back(ranked: Vec<Ranked>, hits: &mut [Hit]) {
    for (place, (_, hit)) in hits.iter_mut().zip(ranked) {
        *place = hit;
    }
}

fn ranked(wanted: &Wanted<'_>, hits: &[Hit]) -> Vec<Ranked> {
    let columns = wanted.index.columns;
    let titles = titles(columns, hits);
    let likeness = wanted.stems.likeness(&titles);
    let newest = columns.iter().map(|columns| columns.published_at.max_value()).max().unwrap_or_default();
    let most = most_for_words(hits);
    let fresh: Vec<Score> = hits.iter().map(|hit| freshness(columns, hit.address, newest)).collect();
    let score = |((hit, title), fresh): ((&Hit, &Vec<u64>), Score)| {
        let (has_everything, words) = apart(hit.key.score());
        let everything = if has_everything { EVERYTHING } else { 0.0 };
        let bonuses = wanted.ruled.favour(columns, hit.address) + fresh;
        (words / most + everything + wanted.stems.fit(title) + likeness.of(title) + bonuses, *hit)
    };
    hits.iter().zip(&titles).zip(fresh).map(score).collect()
}

/// The most that any of the hits gets for its words.
fn most_for_words(hits: &[Hit]) -> Score {
    hits.iter().map(|hit| apart(hit.key.score()).1).fold(Score::MIN_POSITIVE, Score::max)
}

/// The words of the titles. Reading is mostly waiting for memory, and reads of one kind after the other wait together.
fn titles(columns: &[HitColumns], hits: &[Hit]) -> Vec<Vec<u64>> {
    let stems_of = |hit: &Hit| HitColumns::of(columns, hit.address).map(|columns| &columns.title_stems);
    let places_of = |hit: &Hit| stems_of(hit).map(|stems| (stems, stems.index.value_row_ids(hit.address.doc_id)));
    let places: Vec<_> = hits.iter().map(places_of).collect();
    let titles = places.into_iter().map(|found| {
        let Some((stems, places)) = found else { return Vec::new() };
        let mut title = vec![0; places.len()];
        stems.values.get_range(u64::from(places.start), &mut title);
        title
    });
    titles.collect()
}

#[expect(clippy::cast_precision_loss, reason = "a few seconds more or less do not matter")]
fn freshness(columns: &[HitColumns], hit: DocAddress, newest: u64) -> Score {
    let published = HitColumns::of(columns, hit).and_then(|columns| columns.published_at.first(hit.doc_id));
    let age = published.map(|published| newest.saturating_sub(published) as Score);
    age.map_or(0.0, |age| FRESH / (1.0 + age / HALF_FRESH_SECONDS))
}
