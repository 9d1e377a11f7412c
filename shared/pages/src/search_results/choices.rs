//! The form that narrows a search: groups of boxes to tick, prices to type, the order to choose.

use halles_domain::Language;
use maud::{Markup, html};

use super::texts::{SearchTexts, more_values, show_results};
use super::{Asked, SearchResultsPage, facets, nearby};

/// Things of one kind to choose from; of those that are chosen, any will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceGroup {
    /// What kind of things, in the visitor's language.
    pub title: String,
    /// The parameter that a choice stands under in addresses.
    pub parameter: &'static str,
    /// The things.
    pub choices: Vec<Choice>,
    /// How many more there are.
    pub more: usize,
    /// How many listings there would be if none of them were chosen, when some are.
    pub without: Option<u64>,
}

/// A thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What stands in addresses.
    pub value: String,
    /// What people read.
    pub words: String,
    /// How many listings it would find.
    pub count: u64,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl ChoiceGroup {
    pub(super) fn chosen(&self) -> impl Iterator<Item = &Choice> {
        self.choices.iter().filter(|choice| choice.is_chosen)
    }
}

/// So many groups stand open; the others unfold.
const OPEN_GROUPS: usize = 3;

/// The whole form.
pub(super) fn form(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let asked = &page.asked;
    html! {
        form.narrowing-form action="/search" method="get" aria-label=(texts.filter) {
            @if !asked.text.is_empty() { input type="hidden" name="q" value=(asked.text); }
            @if !asked.category.is_empty() { input type="hidden" name="category" value=(asked.category); }
            (order(asked, language))
            (prices(page, language))
            (nearby::fields(asked, language))
            @for (place, group) in page.groups.iter().enumerate() { (boxes(group, place < OPEN_GROUPS, language)) }
            div.narrowing-submit { button.button type="submit" { (show_results(language)) } }
        }
    }
}

fn order(asked: &Asked<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let sorts = [
        ("", texts.sort_relevance),
        ("newest", texts.sort_newest),
        ("price_asc", texts.sort_price_asc),
        ("price_desc", texts.sort_price_desc),
        ("distance", texts.sort_distance),
    ];
    html! {
        div.field {
            label for="sort" { (texts.sort) }
            select #sort name="sort" {
                @for (value, words) in sorts { option value=(value) selected[value == asked.sort] { (words) } }
            }
        }
    }
}

fn prices(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let asked = &page.asked;
    html! {
        fieldset.facet {
            legend.facet-title { (texts.by_price) }
            (facets::prices(page, language))
            div.price-fields {
                (price_field("min", texts.price_from, asked.min))
                (price_field("max", texts.price_to, asked.max))
            }
            @if page.currencies.len() > 1 {
                div.field {
                    label for="currency" { (texts.currency) }
                    select #currency name="currency" {
                        @for code in page.currencies { option value=(code) selected[*code == asked.currency] { (code) } }
                    }
                }
            } @else if !asked.currency.is_empty() {
                input type="hidden" name="currency" value=(asked.currency);
            }
        }
    }
}

fn price_field(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(value) inputmode="decimal" maxlength="14" autocomplete="off"
                pattern="[0-9]+([.,][0-9]{1,2})?";
        }
    }
}

fn boxes(group: &ChoiceGroup, is_near_the_top: bool, language: Language) -> Markup {
    let is_open = is_near_the_top || group.chosen().next().is_some();
    html! {
        @if !group.choices.is_empty() {
            details.facet open[is_open] {
                summary.facet-title { (group.title) }
                ul.boxes role="list" aria-label=(group.title) {
                    @for choice in &group.choices { li { (one_box(group.parameter, choice)) } }
                    @if group.more > 0 { li.muted.boxes-more { (more_values(language, group.more)) } }
                }
            }
        }
    }
}

fn one_box(parameter: &str, choice: &Choice) -> Markup {
    html! {
        label.box {
            input type="checkbox" name=(parameter) value=(choice.value) checked[choice.is_chosen];
            span.box-words { (choice.words) }
            span.facet-count { (choice.count) }
        }
    }
}
