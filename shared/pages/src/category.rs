//! A category's page: the way there, the aisles below, a filter, and the listings page by page.

use std::sync::Arc;

use halles_domain::{Category, Language, Listing};
use maud::{Markup, html};

use crate::texts::{self, Texts};
use crate::{Shell, Visit, address, breadcrumb, card, notice, pagination};

/// What a category's page shows.
#[derive(Debug)]
pub struct CategoryPage<'a> {
    /// The way from the top down to the category itself, which is the last.
    pub path: &'a [&'a Category],
    /// The categories directly below.
    pub children: &'a [&'a Category],
    /// This page's listings.
    pub listings: &'a [Arc<Listing>],
    /// What the visitor asked for.
    pub filter: Filter<'a>,
    /// Whether this is not the first page.
    pub is_later_page: bool,
    /// Where the next page starts, if there is one.
    pub next: Option<&'a str>,
}

/// A price filter and an order, as they stand in the address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// The lowest price in whole units with decimals; empty for none.
    pub min: &'a str,
    /// The highest price; empty for none.
    pub max: &'a str,
    /// The order's name in addresses; empty for the default, newest first.
    pub sort: &'a str,
}

impl Filter<'_> {
    fn has_prices(&self) -> bool {
        !self.min.is_empty() || !self.max.is_empty()
    }

    /// The address of the category at `path`, filtered like this, from the place `after` on.
    pub fn address(&self, path: &str, after: &str) -> String {
        address::with_query(path, [("min", self.min), ("max", self.max), ("sort", self.sort), ("after", after)])
    }
}

/// How many cards are in sight when the page opens on a phone.
const IN_SIGHT: usize = 4;

impl CategoryPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let language = visit.language;
        let name = self.path.last().map_or("", |category| category.name(language));
        let path = self.path.last().map_or_else(String::new, |category| address::category(&category.slug));
        let content = html! {
            (breadcrumb::breadcrumb(language, self.path, true))
            div.page-head { h1 { (name) } }
            (self.aisles(language))
            (filter_form(texts::texts(language), &path, &self.filter))
            @if self.listings.is_empty() { (self.nothing_here(language, &path)) } @else {
                h2.unseen { (texts::texts(language).all_listings) }
                (card::grid(language, self.listings.iter().map(Arc::as_ref), IN_SIGHT))
            }
            (self.pagination(language, &path))
        };
        let shell = Shell::new(visit, name).canonical(&path);
        // One page of a category is enough for search engines; filtered and later ones repeat it.
        let shell = if self.is_later_page || self.filter != Filter::default() { shell.unlisted() } else { shell };
        shell.render(&content)
    }

    fn aisles(&self, language: Language) -> Markup {
        html! {
            @if !self.children.is_empty() {
                nav.chips.aisles aria-label=(texts::texts(language).subcategories) {
                    @for child in self.children {
                        a.chip href=(address::category(&child.slug)) { (child.name(language)) }
                    }
                }
            }
        }
    }

    fn pagination(&self, language: Language, path: &str) -> Markup {
        let first = self.is_later_page.then(|| self.filter.address(path, ""));
        let next = self.next.map(|after| self.filter.address(path, after));
        pagination::pagination(language, first.as_deref(), next.as_deref())
    }

    fn nothing_here(&self, language: Language, path: &str) -> Markup {
        let texts = texts::texts(language);
        if self.filter.has_prices() {
            let ways_on = html! { a.button href=(path) { (texts.clear_filter) } };
            notice::empty_state(texts.nothing_here_title, texts.nothing_filtered_text, &ways_on)
        } else {
            let ways_on = html! { a.button href="/" { (texts.back_home) } };
            notice::empty_state(texts.nothing_here_title, texts.nothing_here_text, &ways_on)
        }
    }
}

fn filter_form(texts: &Texts, path: &str, filter: &Filter<'_>) -> Markup {
    let sorts = [("", texts.sort_newest), ("price_asc", texts.sort_price_asc), ("price_desc", texts.sort_price_desc)];
    html! {
        form.filter action=(path) method="get" aria-label=(texts.filter) {
            (price_field("min", texts.price_from, filter.min))
            (price_field("max", texts.price_to, filter.max))
            div.field.filter-sort {
                label for="sort" { (texts.sort) }
                select #sort name="sort" {
                    @for (value, words) in sorts {
                        option value=(value) selected[value == filter.sort] { (words) }
                    }
                }
            }
            div.actions {
                button.button type="submit" { (texts.apply) }
                @if filter.has_prices() { a href=(path) { (texts.clear_filter) } }
            }
        }
    }
}

fn price_field(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(value) inputmode="decimal" maxlength="14" autocomplete="off" pattern="[0-9]+([.,][0-9]{1,2})?" placeholder="€";
        }
    }
}
