//! Why these results, on request: what the order goes by, and what each of them has of what was asked for.

use halles_domain::Language;
use maud::{Markup, html};

use super::texts::SearchTexts;
use super::{Asked, SearchResultsPage};

/// Why a listing was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons {
    /// Its title.
    pub title: String,
    /// Its page.
    pub address: String,
    /// Plain lines, in the visitor's language.
    pub lines: Vec<String>,
}

/// The reasons, or the way to them.
pub(super) fn reasons(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    html! {
        @if page.asked.is_explained {
            section.reasons #why aria-labelledby="why-heading" {
                h2 #why-heading { (texts.why) }
                p { (texts.how_ordered) }
                ol {
                    @for listing in page.reasons {
                        li {
                            a href=(listing.address) { (listing.title) }
                            ul { @for line in &listing.lines { li { (line) } } }
                        }
                    }
                }
            }
        } @else if !page.listings.is_empty() && !page.asked.text.is_empty() {
            @let explained = Asked { is_explained: true, ..page.asked.clone() };
            p.why-link { a href={ (explained.address()) "#why" } rel="nofollow" { (texts.why) } }
        }
    }
}
