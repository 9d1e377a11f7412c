//! The results of a search: what was found, ways to narrow it, and a kind word when there is nothing.
//!
//! Everything works without a script. What narrows a search is one form beside the results; on a phone it is a sheet of
//! its own, which a link to it opens and a link away from it closes.

mod asked;
mod choices;
mod facets;
mod nearby;
mod nothing;
mod reasons;
mod texts;

use std::sync::Arc;

use halles_domain::{Category, Language, Listing};
use maud::{Markup, html};

use crate::card::Found;
use crate::{Shell, Visit, card, home, icon, notice};
pub use asked::Asked;
pub use choices::{Choice, ChoiceGroup};
pub use facets::{CategoryFacet, PriceFacet};
pub use nearby::TownOffer;
pub use reasons::Reasons;
use texts::{SearchTexts, did_you_mean, found, narrow, page_of_pages, title};

/// What a results page shows.
#[derive(Debug)]
pub struct SearchResultsPage<'a> {
    /// What was asked for.
    pub asked: Asked<'a>,
    /// The way from the top down to the category that was chosen, if one was.
    pub path: &'a [&'a Category],
    /// Categories to narrow the search to, with what each would find.
    pub categories: &'a [CategoryFacet<'a>],
    /// Price bands to narrow the search to, with what each would find.
    pub prices: &'a [PriceFacet],
    /// The currencies that listings are priced in, when there are several.
    pub currencies: &'a [&'static str],
    /// What else to choose from.
    pub groups: &'a [ChoiceGroup],
    /// How many listings there would be at any price, when a price range was chosen.
    pub at_any_price: Option<u64>,
    /// This page's listings, with the words that each was found by.
    pub listings: &'a [Found<'a>],
    /// The towns that may be meant by the place asked for, the likeliest first; none when it is not known.
    pub towns: &'a [TownOffer],
    /// Why they were found, when that was asked for.
    pub reasons: &'a [Reasons],
    /// How many listings match in all.
    pub total: u64,
    /// Whether the listings have only some of the words, because none has them all.
    pub is_partial: bool,
    /// Whether the time ran out before all listings were looked at.
    pub is_cut_short: bool,
    /// The words with their probable mistakes put right.
    pub correction: Option<&'a str>,
    /// How many pages there are.
    pub pages: u32,
    /// The aisles at the top of the tree, to browse when nothing was found.
    pub aisles: &'a [&'a Category],
    /// Something to look at when nothing was found.
    pub consolation: &'a [Arc<Listing>],
}

/// How many cards are in sight when the page opens on a phone.
const IN_SIGHT: usize = 4;

impl SearchResultsPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let language = visit.language;
        let texts = SearchTexts::of(language);
        let heading = title(language, self.asked.text);
        let content = html! {
            div.page-head {
                h1 { (heading) }
                p.lead role="status" { (found(language, self.total)) }
                (self.did_you_mean(language))
            }
            (nearby::whereabouts(self, language))
            @if self.is_cut_short { (notice::info(texts.cut_short)) }
            @if self.is_partial && self.total > 0 { (notice::info(texts.partial)) }
            div.results {
                (self.narrowing(language))
                div.results-found #found tabindex="-1" {
                    (self.phone_bar(language))
                    @if self.listings.is_empty() { (nothing::nothing_found(self, language)) } @else {
                        h2.unseen { (texts.results) }
                        (card::found_grid(language, self.listings.iter().copied(), IN_SIGHT))
                    }
                    (self.pagination(language))
                    (reasons::reasons(self, language))
                }
            }
            @if !self.consolation.is_empty() {
                section.consolation aria-labelledby="consolation" {
                    h2 #consolation { (texts.consolation) }
                    (card::grid(language, self.consolation.iter().map(Arc::as_ref), 0))
                }
            }
            @if self.total == 0 { (home::category_tiles(language, texts.browse_aisles, self.aisles)) }
        };
        Shell::new(visit, &heading).search(self.asked.text).unlisted().render(&content)
    }

    fn did_you_mean(&self, language: Language) -> Markup {
        html! {
            @if let Some(correction) = self.correction {
                @let meant = Asked { text: correction, page: 1, ..self.asked.clone() };
                @let (before, after) = did_you_mean(language);
                p.did-you-mean { (before) a href=(meant.address()) { (correction) } (after) }
            }
        }
    }

    fn can_be_narrowed(&self) -> bool {
        self.total > 0 || self.asked.is_narrowed()
    }

    /// Beside the results where there is room; on a phone a sheet that opens over them.
    fn narrowing(&self, language: Language) -> Markup {
        let texts = SearchTexts::of(language);
        html! {
            @if self.can_be_narrowed() {
                aside.narrowing #narrow tabindex="-1" aria-label=(texts.narrow) {
                    div.narrowing-head {
                        p.narrowing-title { (texts.narrow) }
                        a.narrowing-close href="#found" aria-label=(texts.close) { span aria-hidden="true" { "×" } }
                    }
                    (facets::chosen(self, language))
                    (facets::categories(self, language))
                    (choices::form(self, language))
                }
            }
        }
    }

    /// What a phone shows in the place of the sheet.
    fn phone_bar(&self, language: Language) -> Markup {
        html! {
            @if self.can_be_narrowed() {
                div.phone-bar {
                    a.button.button-quiet href="#narrow" { (narrow(language, self.asked.narrowings())) }
                    (facets::chosen(self, language))
                }
            }
        }
    }

    fn pagination(&self, language: Language) -> Markup {
        let texts = SearchTexts::of(language);
        let page = self.asked.page;
        let link = |page| Asked { page, ..self.asked.clone() }.address();
        html! {
            @if self.pages > 1 && page <= self.pages {
                nav.pagination.results-pages aria-label=(texts.pages) {
                    @if page > 1 { a.button.button-quiet href=(link(page - 1)) rel="prev" { (texts.previous_page) } }
                    span.muted { (page_of_pages(language, page, self.pages)) }
                    @if page < self.pages {
                        a.button href=(link(page + 1)) rel="next" { (texts.next_page) (icon::onwards()) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
