//! The search field in the header of every page, and the list of suggestions below it.
//!
//! The field is a plain form: it needs no script. Where scripts run, `search_field.js` fetches the list while somebody
//! types and makes the two a combobox (WAI-ARIA): the arrows walk through the list, Enter follows, Escape closes.

use std::sync::Arc;

use halles_domain::{Category, Language, Listing};
use maud::{Markup, html};

use crate::photo::{self, Loading};
use crate::texts::{self, texts};
use crate::{address, card, icon, price};

/// The field, with what was searched for.
pub(crate) fn form(language: Language, query: &str) -> Markup {
    let texts = texts(language);
    html! {
        form.search role="search" action="/search" method="get" {
            label.unseen for="q" { (texts.search_label) }
            input #q type="search" name="q" value=(query) maxlength="200" placeholder=(texts.search_placeholder)
                autocomplete="off" autocapitalize="off" enterkeyhint="search";
            button type="submit" aria-label=(texts.search_button) { (icon::magnifier()) }
        }
    }
}

/// What is suggested.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Searches to go on with.
    pub searches: &'a [String],
    /// Categories to go to.
    pub categories: &'a [&'a Category],
    /// Listings to look at.
    pub listings: &'a [Arc<Listing>],
}

/// The list below the field, without a page round it. Its first line is what a screen reader says of it.
pub fn suggestions(language: Language, offer: &Offer<'_>) -> String {
    let texts = texts(language);
    let count = offer.searches.len() + offer.categories.len() + offer.listings.len();
    let list = html! {
        p.unseen { (texts::suggestion_count(language, count)) }
        @if !offer.searches.is_empty() {
            div role="group" aria-label=(texts.suggested_searches) {
                @for search in offer.searches {
                    a.suggestion role="option" tabindex="-1" href=(address::with_query("/search", [("q", search.as_str())])) {
                        (icon::magnifier()) span.suggestion-words { (search) }
                    }
                }
            }
        }
        @if !offer.categories.is_empty() {
            div role="group" aria-label=(texts.categories) {
                @for category in offer.categories {
                    a.suggestion role="option" tabindex="-1" href=(address::category(&category.slug)) {
                        (icon::aisle()) span.suggestion-words { (category.name(language)) }
                        span.suggestion-note { (texts.suggested_category) }
                    }
                }
            }
        }
        @if !offer.listings.is_empty() {
            div role="group" aria-label=(texts.suggested_listings) {
                @for listing in offer.listings { (suggested_listing(language, listing)) }
            }
        }
    };
    list.into_string()
}

fn suggested_listing(language: Language, listing: &Listing) -> Markup {
    html! {
        a.suggestion.suggestion-listing role="option" tabindex="-1" href=(address::listing(listing)) {
            (photo::main_photo(listing, "", Loading::Eager))
            span.suggestion-words lang=[card::foreign(language, listing)] { (listing.title.as_str()) }
            (price::price(language, listing.price))
        }
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::{CategoryId, Slug};

    use super::*;

    #[test]
    fn the_list_leads_to_searches_and_categories_and_escapes_what_others_wrote() {
        let category = Category {
            id: CategoryId::new(1),
            parent_id: None,
            slug: Slug::from_text("bols").expect("a slug"),
            name_fr: "Bols".into(),
            name_en: "Bowls".into(),
            position: 0,
        };
        let searches = ["bol <b> & co".to_owned()];
        let offer = Offer { searches: &searches, categories: &[&category], listings: &[] };
        let list = suggestions(Language::En, &offer);
        assert!(list.contains("href=\"/search?q=bol+%3Cb%3E+%26+co\"") && !list.contains("<b>"), "{list}");
        assert!(list.contains("href=\"/c/bols\"") && list.contains("Bowls") && list.contains("2 suggestions"));
        assert_eq!(list.matches("role=\"option\"").count(), 2);
    }

    #[test]
    fn nothing_suggested_is_said_too() {
        let nothing = Offer { searches: &[], categories: &[], listings: &[] };
        assert_eq!(suggestions(Language::Fr, &nothing), "<p class=\"unseen\">Aucune suggestion</p>");
    }
}
