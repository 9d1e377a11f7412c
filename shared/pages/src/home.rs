//! The home page: a word of welcome, what was picked by hand, the aisles, what has just arrived.

use std::sync::Arc;

use halles_domain::{Category, Language, Listing};
use maud::{Markup, html};

use crate::texts::{self, Texts};
use crate::{Shell, Visit, address, assets, card, notice};

/// What the home page shows.
#[derive(Debug)]
pub struct HomePage<'a> {
    /// The aisles at the top of the tree.
    pub categories: &'a [&'a Category],
    /// What was picked by hand.
    pub featured: &'a [Arc<Listing>],
    /// The newest listings, newest first.
    pub newest: &'a [Arc<Listing>],
}

/// How many featured listings are in sight when the page opens.
const IN_SIGHT: usize = 4;

impl HomePage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let texts = texts::texts(visit.language);
        let content = html! {
            (hero(texts))
            @if self.featured.is_empty() && self.newest.is_empty() {
                (notice::empty_state(texts.empty_shop_title, texts.empty_shop_text, &html! {}))
            }
            @if !self.categories.is_empty() { (category_tiles(visit.language, texts.categories, self.categories)) }
            @if !self.featured.is_empty() { (row("featured", texts.featured, visit.language, self.featured)) }
            @if !self.newest.is_empty() { (row("newest", texts.newest, visit.language, self.newest)) }
        };
        Shell::new(visit, texts.tagline).canonical("/").render(&content)
    }
}

fn hero(texts: &Texts) -> Markup {
    html! {
        section.hero {
            div.hero-words {
                h1 { (texts.hero_title) }
                p.lead { (texts.hero_text) }
                a.button href="#newest" { (texts.hero_action) }
            }
            img.hero-picture src=(assets::hall_path()) alt="" width="640" height="400";
        }
    }
}

fn row(id: &str, heading: &str, language: Language, listings: &[Arc<Listing>]) -> Markup {
    html! {
        section.section id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) }
            (card::grid(language, listings.iter().map(Arc::as_ref), IN_SIGHT))
        }
    }
}

/// Categories as pictures with their names.
pub fn category_tiles(language: Language, heading: &str, categories: &[&Category]) -> Markup {
    html! {
        section.section aria-labelledby="categories-heading" {
            h2 #categories-heading { (heading) }
            ul.tiles role="list" {
                @for category in categories {
                    li {
                        a.tile href=(address::category(&category.slug)) {
                            img src=(address::drawn_category(&category.slug)) alt="" width="300" height="300" loading="lazy" decoding="async";
                            span { (category.name(language)) }
                        }
                    }
                }
            }
        }
    }
}
