//! A listing in a row or a grid of others.

use std::ops::Range;

use halles_domain::{Language, Listing};
use maud::{Markup, html};

use crate::photo::{self, Loading};
use crate::texts::distance;
use crate::{Marked, address, price};

/// A grid of cards. The first `eager` pictures are in sight when the page opens and are not held back.
pub fn grid<'a>(language: Language, listings: impl IntoIterator<Item = &'a Listing>, eager: usize) -> Markup {
    html! {
        ul.grid role="list" {
            @for (index, listing) in listings.into_iter().enumerate() {
                li { (card(language, listing, if index < eager { Loading::Eager } else { Loading::Lazy })) }
            }
        }
    }
}

/// A listing that a search found, with what its card says of that.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The listing.
    pub listing: &'a Listing,
    /// The words of its title that it was found by.
    pub title_marks: &'a [Range<usize>],
    /// A piece of its description, where the title does not say it all.
    pub snippet: Option<Marked<'a>>,
    /// How far away it is, in kilometres, when somebody asked for what is near.
    pub distance_km: Option<f64>,
}

/// A grid of what was found.
pub fn found_grid<'a>(language: Language, found: impl IntoIterator<Item = Found<'a>>, eager: usize) -> Markup {
    html! {
        ul.grid role="list" {
            @for (index, found) in found.into_iter().enumerate() {
                li { (found_card(language, &found, if index < eager { Loading::Eager } else { Loading::Lazy })) }
            }
        }
    }
}

/// One card: the whole of it leads to the listing.
pub fn card(language: Language, listing: &Listing, loading: Loading) -> Markup {
    found_card(language, &Found { listing, title_marks: &[], snippet: None, distance_km: None }, loading)
}

fn found_card(language: Language, found: &Found<'_>, loading: Loading) -> Markup {
    let listing = found.listing;
    let title = Marked { text: listing.title.as_str(), marks: found.title_marks };
    let available = listing.stock.available();
    html! {
        article.card.card-sold-out[available == 0] {
            (photo::main_photo(listing, "", loading))
            div.card-words {
                h3.card-title lang=[foreign(language, listing)] {
                    a href=(address::listing(listing)) { (title.render()) }
                }
                @if let Some(snippet) = &found.snippet {
                    p.card-snippet lang=[foreign(language, listing)] { (snippet.render()) }
                }
                p.card-price { (price::price(language, listing.price)) }
                p.card-notes {
                    @if available <= price::FEW_LEFT { (price::stock_label(language, listing)) }
                    @if let Some(place) = &listing.place { span.card-town { (place.town) } }
                    @if let Some(km) = found.distance_km { span.card-distance { (distance(language, km)) } }
                }
            }
        }
    }
}

/// The language of a listing's texts, when it is not the page's: for `lang` attributes, so that it is read out right.
pub fn foreign(language: Language, listing: &Listing) -> Option<&'static str> {
    (listing.language != language).then(|| listing.language.code())
}
