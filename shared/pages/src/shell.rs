//! The frame round every page: head, header with search and basket, footer.

use std::ops::Range;

use halles_domain::Language;
use maud::{DOCTYPE, Markup, html};

use crate::texts::{self, texts};
use crate::{address, assets, icon, search_field};

/// What of a visitor shows on a page; everything else on it is the same for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit<'a> {
    /// The page's language.
    pub language: Language,
    /// How many pieces are in the basket.
    pub basket_pieces: u32,
    /// Where the visitor is, for the language switch to come back to.
    pub path_and_query: &'a str,
}

/// A page before its content.
#[derive(Debug, Clone)]
pub struct Shell<'a> {
    visit: &'a Visit<'a>,
    title: &'a str,
    description: Option<&'a str>,
    canonical: Option<&'a str>,
    search: &'a str,
    is_indexed: bool,
    refresh_s: Option<u32>,
    plain_refresh_s: Option<u32>,
    is_in_front: bool,
    head: Option<Markup>,
}

impl<'a> Shell<'a> {
    /// A page with this title for this visitor.
    pub const fn new(visit: &'a Visit<'a>, title: &'a str) -> Self {
        Self {
            visit,
            title,
            description: None,
            canonical: None,
            search: "",
            is_indexed: true,
            refresh_s: None,
            plain_refresh_s: None,
            is_in_front: false,
            head: None,
        }
    }

    /// What search engines say below the title.
    pub const fn description(mut self, description: &'a str) -> Self {
        self.description = Some(description);
        self
    }

    /// The page's one true path, whatever way it was reached.
    pub const fn canonical(mut self, path: &'a str) -> Self {
        self.canonical = Some(path);
        self
    }

    /// What stands in the search field.
    pub const fn search(mut self, query: &'a str) -> Self {
        self.search = query;
        self
    }

    /// Keeps the page out of search engines: baskets, orders, results and errors are nobody else's business.
    pub const fn unlisted(mut self) -> Self {
        self.is_indexed = false;
        self
    }

    /// Lets the browser load the page again after so many seconds.
    pub const fn refresh_after(mut self, seconds: u32) -> Self {
        self.refresh_s = Some(seconds);
        self
    }

    /// The same for browsers that run no scripts: where they do, the page keeps itself up to date.
    pub const fn refresh_without_script_after(mut self, seconds: u32) -> Self {
        self.plain_refresh_s = Some(seconds);
        self
    }

    /// For whoever stands in front of the market: without search, basket and ways on, none of which would lead anywhere.
    pub const fn in_front(mut self) -> Self {
        self.is_in_front = true;
        self
    }

    /// More for the head, such as structured data.
    pub fn head(mut self, head: Markup) -> Self {
        self.head = Some(head);
        self
    }

    /// The whole document round `content`, which brings its own `h1`.
    pub fn render(&self, content: &Markup) -> String {
        let language = self.visit.language;
        let page = html! {
            (DOCTYPE)
            html lang=(language) {
                head { (self.head_elements()) }
                body {
                    a.skip href="#content" { (texts(language).skip_to_content) }
                    (self.header())
                    main.wrap #content tabindex="-1" { (content) }
                    (self.footer())
                }
            }
        };
        page.into_string()
    }

    fn head_elements(&self) -> Markup {
        let texts = texts(self.visit.language);
        html! {
            meta charset="utf-8";
            title { (self.title) " · Halles" }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="theme-color" content="#f6efe2" media="(prefers-color-scheme: light)";
            meta name="theme-color" content="#1d1813" media="(prefers-color-scheme: dark)";
            meta name="description" content=(self.description.unwrap_or(texts.site_description));
            @if !self.is_indexed { meta name="robots" content="noindex"; }
            @if let Some(seconds) = self.refresh_s { meta http-equiv="refresh" content=(seconds); }
            @if let Some(seconds) = self.plain_refresh_s { noscript { meta http-equiv="refresh" content=(seconds); } }
            @if let Some(path) = self.canonical { link rel="canonical" href=(path); }
            link rel="icon" type="image/svg+xml" href=(assets::FAVICON_PATH);
            link rel="stylesheet" href=(assets::stylesheet_path());
            @if !self.is_in_front { script src=(assets::search_field_script_path()) defer {} }
            @if let Some(head) = &self.head { (head) }
        }
    }

    fn header(&self) -> Markup {
        let Visit { language, basket_pieces, path_and_query } = *self.visit;
        let texts = texts(language);
        html! {
            header.masthead {
                div.masthead-row.wrap {
                    a.brand href="/" aria-current=[(path_and_query == "/").then_some("page")] {
                        (icon::stall()) span.brand-name { "Halles" }
                    }
                    @if !self.is_in_front {
                        (search_field::form(language, self.search))
                        nav.tools aria-label=(texts.shop_tools) {
                            (language_switch(language, path_and_query))
                            (basket(language, basket_pieces, path_and_query == "/basket"))
                        }
                    }
                }
                div.awning aria-hidden="true" {}
            }
        }
    }

    fn footer(&self) -> Markup {
        let texts = texts(self.visit.language);
        html! {
            footer.footer {
                div.footer-row.wrap {
                    p.footer-promise { strong { "Halles" } ", " (texts.tagline) ". " (texts.footer_promise) }
                    @if !self.is_in_front {
                        nav aria-label=(texts.footer_navigation) {
                            a href="/" { (texts.home) }
                            a href="/#newest" { (texts.footer_newest) }
                            a href="/basket" { (texts.basket) }
                            a href="/api/docs" { (texts.footer_api) }
                        }
                    }
                }
            }
        }
    }
}

/// The link to the basket on every page but the basket's own: what of a page is one visitor's alone.
pub fn basket_link(language: Language, pieces: u32) -> String {
    basket(language, pieces, false).into_string()
}

/// Where the link to the basket stands in a page that was drawn for an empty basket. Nothing that others wrote can look
/// like it, for their texts are escaped.
pub fn find_basket_link(page: &str, language: Language) -> Option<Range<usize>> {
    let link = basket_link(language, 0);
    page.find(&link).map(|start| start..start + link.len())
}

fn basket(language: Language, pieces: u32, is_here: bool) -> Markup {
    html! {
        a.basket-link href="/basket" aria-label=(texts::basket_label(language, pieces))
            aria-current=[is_here.then_some("page")] {
            (icon::basket())
            span.basket-word aria-hidden="true" { (texts(language).basket) }
            @if pieces > 0 { span.count aria-hidden="true" { (pieces) } }
        }
    }
}

pub(crate) fn language_switch(language: Language, back: &str) -> Markup {
    html! {
        @for other in Language::ALL.into_iter().filter(|other| *other != language) {
            a.language href=(address::language_switch(other, back)) lang=(other) hreflang=(other) rel="nofollow" {
                span.language-name { (texts(language).other_language) }
                span.language-code aria-hidden="true" { (other.code().to_uppercase()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(language: Language, path_and_query: &str) -> Visit<'_> {
        Visit { language, basket_pieces: 3, path_and_query }
    }

    #[test]
    fn speaks_the_visitors_language_and_offers_the_other() {
        let french = Shell::new(&visit(Language::Fr, "/c/bols?min=3"), "Bols").render(&html! {});
        assert!(french.contains("<html lang=\"fr\">"));
        assert!(french.contains("Panier, 3 articles"));
        assert!(french.contains("/language?to=en&amp;back=%2Fc%2Fbols%3Fmin%3D3"));
        let english = Shell::new(&visit(Language::En, "/"), "Bowls").render(&html! {});
        assert!(english.contains("Basket, 3 items") && english.contains("lang=\"fr\""));
    }

    #[test]
    fn only_the_link_to_the_basket_is_the_visitors_own() {
        for language in Language::ALL {
            let page = |basket_pieces| {
                let visit = Visit { language, basket_pieces, path_and_query: "/c/bols" };
                let copied = basket_link(language, 0);
                Shell::new(&visit, &copied).search(&copied).description(&copied).render(&html! { p { (copied) } })
            };
            let empty = page(0);
            let hole = find_basket_link(&empty, language).expect("the link");
            for pieces in [0, 1, 12, 100] {
                let (before, after) = (&empty[..hole.start], &empty[hole.end..]);
                assert_eq!(format!("{before}{}{after}", basket_link(language, pieces)), page(pieces));
            }
        }
    }

    #[test]
    fn what_visitors_typed_is_escaped() {
        let page = Shell::new(&visit(Language::En, "/"), "</title><script>")
            .search("\"><script>")
            .description("\"><b>")
            .render(&html! {});
        assert!(!page.contains("<script>") && !page.contains("<b>"));
    }

    #[test]
    fn private_pages_stay_out_of_search_engines() {
        let visit = visit(Language::En, "/basket");
        assert!(Shell::new(&visit, "x").unlisted().render(&html! {}).contains("noindex"));
        assert!(!Shell::new(&visit, "x").render(&html! {}).contains("noindex"));
    }
}
