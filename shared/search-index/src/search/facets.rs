//! What results can be narrowed by, with what each choice would find.

use std::collections::HashMap;

use halles_domain::{CategoryId, Currency, Language, SellerId};
use tantivy::Searcher;

use super::SearchQuery;
use super::collecting::Collected;
use super::columns::Texts;
use super::counting::Tallies;
use super::facet_numbers::FacetNumbers;
use super::narrowing::{PriceRange, Respect};
use super::properties::{PropertyCount, count_properties};
use super::tally::Tally;
use crate::schema::{CURRENCY, LANGUAGE};

/// What to count beside the hits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FacetsWanted {
    /// Where one price band ends and the next begins, in cents, rising; empty for no price counts.
    pub price_edges_cents: Vec<i64>,
    /// How many properties to offer, those of which values were chosen aside.
    pub properties: usize,
    /// How many values of each.
    pub values: usize,
    /// How many shops.
    pub shops: usize,
}

impl FacetsWanted {
    /// The most properties, values of each, and shops that can be asked for.
    pub const MOST: usize = 100;
}

/// The choices, each with how many listings it would find while everything else stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// For each category, how many of the listings are in it or below it.
    pub categories: HashMap<CategoryId, u64>,
    /// How many there are in each band of prices, whatever price range was asked for.
    pub prices: Vec<PriceBand>,
    /// The shops with the most of them, and the chosen ones.
    pub shops: Vec<(SellerId, u64)>,
    /// The languages that they are written in.
    pub languages: Vec<(Language, u64)>,
    /// The currencies that they are priced in, whatever price range was asked for.
    pub currencies: Vec<(Currency, u64)>,
    /// How many can be ordered now.
    pub orderable: u64,
    /// Properties with their commonest values, and the chosen ones.
    pub properties: Vec<PropertyCount>,
    /// For each respect in which the search is narrowed, how many would be found if it were not.
    pub without: Vec<(Respect, u64)>,
}

/// How many listings match in a band of prices, whatever the price filter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceBand {
    /// The prices of the band.
    pub range: PriceRange,
    /// How many match.
    pub count: u64,
}

/// Makes choices of what was counted.
pub(super) fn facets(
    collected: &Collected,
    query: &SearchQuery,
    searcher: &Searcher,
    numbers: &FacetNumbers,
) -> tantivy::Result<Facets> {
    let Some(wanted) = &query.facets else { return Ok(Facets::default()) };
    let tallies = &collected.tallies;
    let categories = merged(tallies, |tally| &tally.categories);
    let shops = merged(tallies, |tally| &tally.shops);
    let missed = query.respects().into_iter().zip(&collected.missed);
    let languages = by_text(tallies, searcher, LANGUAGE, |tally| &tally.languages)?;
    let currencies = by_text(tallies, searcher, CURRENCY, |tally| &tally.currencies)?;
    Ok(Facets {
        categories: categories.counted().filter_map(as_category).collect(),
        prices: prices(tallies, &wanted.price_edges_cents),
        shops: commonest_shops(&shops, wanted.shops, &query.narrowing.shops),
        languages: in_order(&Language::ALL, |language| languages.get(language.code())),
        currencies: in_order(&Currency::ALL, |currency| currencies.get(currency.code())),
        orderable: tallies.iter().map(|tally| tally.orderable).sum(),
        properties: count_properties(collected, query, wanted, numbers),
        without: missed.map(|(respect, missed)| (respect, collected.total + missed)).collect(),
    })
}

fn merged<'a>(tallies: &'a [Tallies], of: impl Fn(&'a Tallies) -> &'a Tally) -> Tally {
    let mut sum = Tally::default();
    tallies.iter().for_each(|tally| sum.merge(of(tally)));
    sum
}

fn as_category((number, count): (u64, u32)) -> Option<(CategoryId, u64)> {
    Some((CategoryId::new(i32::try_from(number).ok()?), u64::from(count)))
}

fn commonest_shops(counts: &Tally, most: usize, chosen: &[SellerId]) -> Vec<(SellerId, u64)> {
    let as_shop = |(number, count)| Some((SellerId::new(i64::try_from(number).ok()?), u64::from(count)));
    let mut shops: Vec<(SellerId, u64)> = counts.counted().filter_map(as_shop).collect();
    shops.sort_unstable_by_key(|(shop, count)| (std::cmp::Reverse(*count), *shop));
    let mut place = 0;
    shops.retain(|(shop, _)| {
        place += 1;
        place <= most || chosen.contains(shop)
    });
    for shop in chosen {
        if shops.iter().all(|(known, _)| known != shop) {
            shops.push((*shop, 0));
        }
    }
    shops
}

/// Counts of texts, of which there are few.
fn by_text<'a>(
    tallies: &'a [Tallies],
    searcher: &Searcher,
    column: &str,
    of: impl Fn(&'a Tallies) -> &'a Tally,
) -> tantivy::Result<HashMap<String, u64>> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for tally in tallies {
        let Some(texts) = Texts::open(searcher.segment_reader(tally.segment), column)? else { continue };
        for (place, count) in of(tally).counted() {
            *counts.entry(texts.text(place)?).or_default() += u64::from(count);
        }
    }
    Ok(counts)
}

fn in_order<'a, T: Copy>(all: &[T], count: impl Fn(&T) -> Option<&'a u64>) -> Vec<(T, u64)> {
    all.iter().filter_map(|one| Some((*one, *count(one)?))).collect()
}

/// The bands between the edges: below the first, between two, from the last on.
fn prices(tallies: &[Tallies], edges_cents: &[i64]) -> Vec<PriceBand> {
    let bands = if edges_cents.is_empty() { 0 } else { edges_cents.len() + 1 };
    let band = |place: usize| PriceBand {
        range: PriceRange {
            min_cents: place.checked_sub(1).and_then(|lower| edges_cents.get(lower).copied()),
            max_cents: edges_cents.get(place).map(|edge| edge - 1),
        },
        count: tallies.iter().filter_map(|tally| tally.prices.get(place)).sum(),
    };
    (0..bands).map(band).collect()
}
