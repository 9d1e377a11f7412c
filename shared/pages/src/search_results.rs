//! The results of a search: what was found, ways to narrow it, and a kind word when there is nothing.

mod facets;
mod texts;

use std::sync::Arc;

use halles_domain::{Category, Language, Listing};
use maud::{Markup, html};

use crate::{Shell, Visit, address, card, home, icon, notice};
pub use facets::{CategoryFacet, PriceFacet};
use texts::{SearchTexts, found, page_of_pages, title};

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
    /// This page's listings.
    pub listings: &'a [Arc<Listing>],
    /// How many listings match in all.
    pub total: u64,
    /// Whether the listings have only some of the words, because none has them all.
    pub is_partial: bool,
    /// How many pages there are.
    pub pages: u32,
    /// The aisles at the top of the tree, to browse when nothing was found.
    pub aisles: &'a [&'a Category],
}

/// A search as it stands in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// What was typed.
    pub text: &'a str,
    /// The category's name in addresses; empty for all.
    pub category: &'a str,
    /// The lowest price in whole units with decimals; empty for none.
    pub min: &'a str,
    /// The highest price; empty for none.
    pub max: &'a str,
    /// The order's name in addresses; empty for the default, the best match first.
    pub sort: &'a str,
    /// The page, from 1.
    pub page: u32,
}

impl Asked<'_> {
    /// The address of this search.
    pub fn address(&self) -> String {
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let pairs = [
            ("q", self.text),
            ("category", self.category),
            ("min", self.min),
            ("max", self.max),
            ("sort", self.sort),
            ("page", &page),
        ];
        address::with_query("/search", pairs)
    }

    fn has_filters(&self) -> bool {
        !self.category.is_empty() || !self.min.is_empty() || !self.max.is_empty()
    }
}

/// How many cards are in sight when the page opens on a phone.
const IN_SIGHT: usize = 4;

impl SearchResultsPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let language = visit.language;
        let heading = title(language, self.asked.text);
        let content = html! {
            div.page-head {
                h1 { (heading) }
                p.lead role="status" { (found(language, self.total)) }
            }
            @if self.is_partial && self.total > 0 { (notice::info(SearchTexts::of(language).partial)) }
            div.results {
                (self.narrowing(language))
                div.results-found {
                    @if self.listings.is_empty() { (self.nothing_found(language)) } @else {
                        h2.unseen { (SearchTexts::of(language).results) }
                        (card::grid(language, self.listings.iter().map(Arc::as_ref), IN_SIGHT))
                    }
                    (self.pagination(language))
                }
            }
            @if self.total == 0 {
                (home::category_tiles(language, SearchTexts::of(language).browse_aisles, self.aisles))
            }
        };
        Shell::new(visit, &heading).search(self.asked.text).unlisted().render(&content)
    }

    /// Filters stand open where there is room for them beside the results, and fold away on a phone.
    fn narrowing(&self, language: Language) -> Markup {
        let texts = SearchTexts::of(language);
        html! {
            @if self.total > 0 || self.asked.has_filters() {
                aside.narrowing aria-label=(texts.narrow) {
                    (facets::chosen(self, language))
                    (facets::categories(self, language))
                    (facets::prices(self, language))
                    (facets::form(&self.asked, language))
                }
            }
        }
    }

    fn nothing_found(&self, language: Language) -> Markup {
        let texts = SearchTexts::of(language);
        if self.asked.page > 1 && self.total > 0 {
            let ways_on = html! { a.button href=(Asked { page: 1, ..self.asked }.address()) { (texts.first_page) } };
            return notice::empty_state(texts.past_the_end_title, texts.past_the_end_text, &ways_on);
        }
        if self.asked.has_filters() {
            let everywhere = Asked { category: "", min: "", max: "", page: 1, ..self.asked };
            let ways_on = html! { a.button href=(everywhere.address()) { (texts.clear_filters) } };
            return notice::empty_state(texts.nothing_title, texts.nothing_filtered_text, &ways_on);
        }
        let ways_on = html! { a.button href="/" { (texts.back_home) } };
        notice::empty_state(texts.nothing_title, texts.nothing_text, &ways_on)
    }

    fn pagination(&self, language: Language) -> Markup {
        let texts = SearchTexts::of(language);
        let page = self.asked.page;
        let link = |page| Asked { page, ..self.asked }.address();
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
mod tests {
    use super::*;

    const ASKED: Asked<'static> =
        Asked { text: "bol \"<b>", category: "bols", min: "5", max: "", sort: "price_asc", page: 2 };

    fn page(asked: Asked<'_>, total: u64, pages: u32) -> String {
        let page = SearchResultsPage {
            asked,
            path: &[],
            categories: &[],
            prices: &[],
            listings: &[],
            total,
            is_partial: false,
            pages,
            aisles: &[],
        };
        page.render(&Visit { language: Language::En, basket_pieces: 0, path_and_query: "/search?q=bol" })
    }

    #[test]
    fn what_was_typed_is_escaped_and_stands_in_the_field_again() {
        let page = page(ASKED, 0, 0);
        assert!(!page.contains("<b>"));
        assert!(page.contains("value=\"bol &quot;&lt;b&gt;\""));
    }

    #[test]
    fn links_keep_what_was_asked() {
        let page = page(ASKED, 100, 5);
        let rest = "q=bol+%22%3Cb%3E&amp;category=bols&amp;min=5&amp;sort=price_asc";
        assert!(page.contains(&format!("/search?{rest}&amp;page=3\" rel=\"next\"")), "{page}");
        assert!(page.contains(&format!("/search?{rest}\" rel=\"prev\"")), "the first page has no number");
    }

    #[test]
    fn nothing_found_offers_a_way_on() {
        let filtered = page(Asked { page: 1, ..ASKED }, 0, 0);
        assert!(filtered.contains("href=\"/search?q=bol+%22%3Cb%3E&amp;sort=price_asc\""));
        let plain = page(Asked { category: "", min: "", page: 1, ..ASKED }, 0, 0);
        assert!(plain.contains("class=\"empty\"") && plain.contains("href=\"/\""));
    }

    #[test]
    fn results_stay_out_of_search_engines() {
        assert!(page(ASKED, 0, 0).contains("noindex"));
    }
}
