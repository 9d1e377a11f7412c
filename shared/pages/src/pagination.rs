//! On to the next page, and back to the first: with keyset pagination there is nothing between.

use halles_domain::Language;
use maud::{Markup, html};

use crate::{icon, texts};

/// Links to the first page (when this is a later one) and the next page (when there is one).
pub fn pagination(language: Language, first: Option<&str>, next: Option<&str>) -> Markup {
    let texts = texts(language);
    html! {
        @if first.is_some() || next.is_some() {
            nav.pagination aria-label=(texts.pages) {
                @if let Some(first) = first { a.button.button-quiet href=(first) { (texts.first_page) } }
                @if let Some(next) = next { a.button href=(next) rel="next" { (texts.next_page) (icon::onwards()) } }
            }
        }
    }
}
