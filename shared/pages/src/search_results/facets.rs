//! Ways to narrow a search: categories and prices with what they would find, and the form for the rest.

use halles_domain::{Category, Language, Money};
use maud::{Markup, html};

use super::texts::{SearchTexts, price_band, remove_filter};
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
    let asked = Asked { page: 1, ..page.asked };
    let has_prices = !asked.min.is_empty() || !asked.max.is_empty();
    let above = page.path.iter().rev().nth(1).map_or("", |category| category.slug.as_str());
    html! {
        @if asked.has_filters() {
            ul.chips role="list" aria-label=(texts.chosen) {
                @if let Some(category) = page.path.last() {
                    li { (letting_go(language, category.name(language), &Asked { category: above, ..asked })) }
                }
                @if has_prices {
                    @let band = price_band(language, some(asked.min), some(asked.max));
                    li { (letting_go(language, &band, &Asked { min: "", max: "", ..asked })) }
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
                ul.chips role="list" {
                    @for facet in page.categories.iter().take(MAX_CATEGORIES) {
                        @let narrowed = Asked { category: facet.category.slug.as_str(), page: 1, ..page.asked };
                        li { (facet_link(facet.category.name(language), facet.count, &narrowed)) }
                    }
                }
            }
        }
    }
}

/// Price bands, as long as no price was chosen.
pub(super) fn prices(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let is_open = page.asked.min.is_empty() && page.asked.max.is_empty();
    let filled: Vec<&PriceFacet> = page.prices.iter().filter(|band| band.count > 0).collect();
    html! {
        @if is_open && filled.len() > 1 {
            nav.facet aria-label=(texts.by_price) {
                h2.facet-title { (texts.by_price) }
                ul.chips role="list" {
                    @for band in filled {
                        @let (min, max) = (band.min.map(in_units), band.max.map(in_units));
                        @let words = price_band(language, min.as_deref(), band.max.map(end_in_words).as_deref());
                        @let narrowed = Asked {
                            min: min.as_deref().unwrap_or_default(),
                            max: max.as_deref().unwrap_or_default(),
                            page: 1,
                            ..page.asked
                        };
                        li { (facet_link(&words, band.count, &narrowed)) }
                    }
                }
            }
        }
    }
}

fn facet_link(words: &str, count: u64, narrowed: &Asked<'_>) -> Markup {
    html! { a.chip href=(narrowed.address()) { (words) " " span.facet-count { "(" (count) ")" } } }
}

/// Prices to type and the order to choose.
pub(super) fn form(asked: &Asked<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let sorts = [
        ("", texts.sort_relevance),
        ("newest", texts.sort_newest),
        ("price_asc", texts.sort_price_asc),
        ("price_desc", texts.sort_price_desc),
    ];
    html! {
        form.filter.narrowing-form action="/search" method="get" aria-label=(texts.filter) {
            @if !asked.text.is_empty() { input type="hidden" name="q" value=(asked.text); }
            @if !asked.category.is_empty() { input type="hidden" name="category" value=(asked.category); }
            (price_field("min", texts.price_from, asked.min))
            (price_field("max", texts.price_to, asked.max))
            div.field.filter-sort {
                label for="sort" { (texts.sort) }
                select #sort name="sort" {
                    @for (value, words) in sorts { option value=(value) selected[value == asked.sort] { (words) } }
                }
            }
            div.actions { button.button type="submit" { (texts.apply) } }
        }
    }
}

fn price_field(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(value) inputmode="decimal" maxlength="14" autocomplete="off"
                pattern="[0-9]+([.,][0-9]{1,2})?" placeholder="€";
        }
    }
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
