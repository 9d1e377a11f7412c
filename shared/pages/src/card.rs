//! A listing in a row or a grid of others.

use halles_domain::{Language, Listing};
use maud::{Markup, html};

use crate::photo::{self, Loading};
use crate::{address, price};

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

/// One card: the whole of it leads to the listing.
pub fn card(language: Language, listing: &Listing, loading: Loading) -> Markup {
    let available = listing.stock.available();
    html! {
        article.card.card-sold-out[available == 0] {
            (photo::main_photo(listing, "", loading))
            div.card-words {
                h3.card-title lang=[foreign(language, listing)] {
                    a href=(address::listing(listing)) { (listing.title.as_str()) }
                }
                p.card-price { (price::price(language, listing.price)) }
                p.card-notes {
                    @if available <= price::FEW_LEFT { (price::stock_label(language, listing)) }
                    @if let Some(place) = &listing.place { span.card-town { (place.town) } }
                }
            }
        }
    }
}

/// The language of a listing's texts, when it is not the page's: for `lang` attributes, so that it is read out right.
pub fn foreign(language: Language, listing: &Listing) -> Option<&'static str> {
    (listing.language != language).then(|| listing.language.code())
}
