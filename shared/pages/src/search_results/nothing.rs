//! What a page says that has nothing to show, and the ways on from there.

use halles_domain::Language;
use maud::{Markup, html};

use super::texts::{SearchTexts, without};
use super::{Asked, SearchResultsPage};
use crate::notice;

/// A kind word and the ways on.
pub(super) fn nothing_found(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let asked = &page.asked;
    if asked.page > 1 && page.total > 0 {
        let first = Asked { page: 1, ..asked.clone() };
        let ways_on = html! { a.button href=(first.address()) { (texts.first_page) } };
        return notice::empty_state(texts.past_the_end_title, texts.past_the_end_text, &ways_on);
    }
    if asked.is_narrowed() {
        let everywhere = Asked { text: asked.text, sort: asked.sort, page: 1, ..Asked::default() };
        let ways_on = html! {
            (less_narrow(page, language))
            a.button href=(everywhere.address()) { (texts.clear_filters) }
        };
        return notice::empty_state(texts.nothing_title, texts.nothing_filtered_text, &ways_on);
    }
    let ways_on = html! { a.button href="/" { (texts.back_home) } };
    notice::empty_state(texts.nothing_title, texts.nothing_text, &ways_on)
}

/// What would be found if one thing were let go of, as far as that is anything.
fn less_narrow(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let asked = &page.asked;
    let texts = SearchTexts::of(language);
    let any_price = page.at_any_price.map(|count| {
        let words = without(language, texts.by_price, count);
        (count, words, Asked { min: "", max: "", page: 1, ..asked.clone() })
    });
    let groups = page.groups.iter().filter_map(|group| {
        let count = group.without?;
        let chosen: Vec<&str> = group.chosen().map(|choice| choice.value.as_str()).collect();
        let rest = asked.without(|name, value| name == group.parameter && chosen.contains(&value));
        Some((count, without(language, &group.title, count), rest))
    });
    let ways: Vec<(u64, String, Asked<'_>)> =
        any_price.into_iter().chain(groups).filter(|(count, ..)| *count > 0).collect();
    html! {
        @if !ways.is_empty() {
            ul.chips role="list" {
                @for (_, words, rest) in &ways { li { a.chip href=(rest.address()) { (words) } } }
            }
        }
    }
}
