//! The way from the home page to where the visitor is.

use halles_domain::{Category, Language};
use maud::{Markup, html};

use crate::{address, texts};

/// The way down `path`; the last category is the page itself when `ends_here`.
pub fn breadcrumb(language: Language, path: &[&Category], ends_here: bool) -> Markup {
    let texts = texts(language);
    html! {
        nav.breadcrumb aria-label=(texts.you_are_here) {
            ol role="list" {
                li { a href="/" { (texts.home) } }
                @for (index, category) in path.iter().enumerate() {
                    @let is_here = ends_here && index + 1 == path.len();
                    li {
                        a href=(address::category(&category.slug)) aria-current=[is_here.then_some("page")] {
                            (category.name(language))
                        }
                    }
                }
            }
        }
    }
}
