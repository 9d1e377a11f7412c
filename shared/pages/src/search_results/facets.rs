//! Ways to narrow a search by a link: categories, price bands, and what was chosen, each with a way to let go of it.

use halles_domain::{Category, Language, Money};
use maud::{Markup, html};

use super::texts::{SearchTexts, near, price_band, remove_filter};
use super::{Asked, SearchResultsPage};
use crate::price::units;

/// A category that the search can be narrowed to.
#[derive(Debug, Clone, Copy)]
pub struct CategoryFacet<'a> {
    /// The category.
    pub category: &'a Category,
    /// How many listings it would leave.
    pub count: u64,
}

/// A range of prices that the search can be narrowed to.
#[derive(Debug, Clone, Copy)]
pub struct PriceFacet {
    /// From this price on; none for the cheapest band.
    pub min: Option<Money>,
    /// Up to this price; none for the dearest band.
    pub max: Option<Money>,
    /// How many listings it would leave.
    pub count: u64,
}

/// Categories beyond these are reached by narrowing step by step.
const MAX_CATEGORIES: usize = 12;

/// What the search is narrowed to already, each part with a way to let go of it.
pub(super) fn chosen(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let asked = Asked { page: 1, ..page.asked.clone() };
    let above = page.path.iter().rev().nth(1).map_or("", |category| category.slug.as_str());
    html! {
        @if asked.is_narrowed() {
            ul.chips.chosen role="list" aria-label=(texts.chosen) {
                @if let Some(category) = page.path.last() {
                    li { (letting_go(language, category.name(language), &Asked { category: above, ..asked.clone() })) }
                }
                @if asked.has_prices() {
                    @let band = price_band(language, sign(page), (some(asked.min), some(asked.max)));
                    li { (letting_go(language, &band, &Asked { min: "", max: "", ..asked.clone() })) }
                }
                @if !asked.near.is_empty() {
                    li { (letting_go(language, &near(language, asked.near, asked.radius), &Asked { near: "", ..asked.clone() })) }
                }
                @for group in page.groups {
                    @for choice in group.chosen() {
                        @let rest = asked.without(|name, value| name == group.parameter && value == choice.value);
                        li { (letting_go(language, &choice.words, &rest)) }
                    }
                }
            }
        }
    }
}

fn letting_go(language: Language, what: &str, without: &Asked<'_>) -> Markup {
    html! {
        a.chip.chip-chosen href=(without.address()) aria-label=(remove_filter(language, what)) {
            (what) span.chip-cross aria-hidden="true" { "×" }
        }
    }
}

/// Categories below the chosen one.
pub(super) fn categories(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    // One category that holds everything narrows nothing.
    let is_choice = page.categories.len() > 1 || page.categories.iter().any(|facet| facet.count < page.total);
    html! {
        @if is_choice {
            nav.facet aria-label=(texts.by_category) {
                h2.facet-title { (texts.by_category) }
                ul.aisle-links role="list" {
                    @for facet in page.categories.iter().take(MAX_CATEGORIES) {
                        @let slug = facet.category.slug.as_str();
                        @let narrowed = Asked { category: slug, page: 1, ..page.asked.clone() };
                        li {
                            a.box href=(narrowed.address()) {
                                span.box-words { (facet.category.name(language)) }
                                span.facet-count { (facet.count) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Price bands with a bar each, as long as their share of the fullest one.
pub(super) fn prices(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let most = page.prices.iter().map(|band| band.count).max().unwrap_or_default().max(1);
    let is_choice = page.prices.iter().filter(|band| band.count > 0).count() > 1;
    html! {
        @if is_choice || page.asked.has_prices() {
            ul.histogram role="list" {
                @for band in page.prices {
                    @let (min, max) = (band.min.map(in_units), band.max.map(in_units));
                    @let words = price_band(language, sign(page), (min.as_deref(), band.max.map(end_in_words).as_deref()));
                    @let narrowed = Asked {
                        min: min.as_deref().unwrap_or_default(),
                        max: max.as_deref().unwrap_or_default(),
                        page: 1,
                        ..page.asked.clone()
                    };
                    @let is_chosen = narrowed.min == page.asked.min && narrowed.max == page.asked.max;
                    li {
                        a.band href=(narrowed.address()) aria-current=[is_chosen.then_some("true")] {
                            span.box-words { (words) } span.facet-count { (band.count) }
                            (bar(band.count * 100 / most))
                        }
                    }
                }
            }
        }
    }
}

/// An attribute of a drawing, since pages have no styles of their own.
fn bar(percent: u64) -> Markup {
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none" { rect width=(percent) height="4" rx="1" {} }
    }
}

fn sign(page: &SearchResultsPage<'_>) -> &'static str {
    let of_band = page.prices.iter().find_map(|band| band.min.or(band.max));
    of_band.map_or("€", |price| price.currency().sign())
}

fn in_units(price: Money) -> String {
    units(price.cents())
}

/// Bands end one cent below the next one; in words that is the same price.
fn end_in_words(max: Money) -> String {
    Money::new(max.cents() + 1, max.currency()).map_or_else(|_| in_units(max), in_units)
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
