//! Who sells: the card beside a listing and the head of a shop's page.

use halles_domain::{Language, Place, Seller};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::texts::{self, texts};
use crate::{address, icon};

/// The shop as it stands beside its listings.
pub fn seller_card(language: Language, seller: &Seller) -> Markup {
    let texts = texts(language);
    html! {
        section.panel.seller aria-label=(texts.sold_by) {
            (initial(seller))
            div.seller-words {
                p.seller-label { (texts.sold_by) }
                p.seller-name { a href=(address::shop(&seller.slug)) { (seller.name) } }
                (whereabouts(language, seller))
            }
        }
    }
}

/// The head of a shop's page.
pub fn shop_head(language: Language, seller: &Seller) -> Markup {
    html! {
        header.shop-head {
            (initial(seller))
            div.seller-words {
                h1 { (seller.name) }
                (whereabouts(language, seller))
            }
            @if !seller.description.is_empty() { p.shop-description { (seller.description) } }
        }
    }
}

fn initial(seller: &Seller) -> Markup {
    let letter = seller.name.chars().find(|letter| letter.is_alphanumeric()).unwrap_or('H');
    // Six tints in the stylesheet, so that neighbouring shops look different and one shop always the same.
    let tint = seller.id.get().rem_euclid(6);
    html! {
        span class={ "initial tint-" (tint) } aria-hidden="true" { (letter.to_uppercase()) }
    }
}

fn whereabouts(language: Language, seller: &Seller) -> Markup {
    let year = seller.created_at.to_zoned(TimeZone::UTC).year();
    html! {
        p.whereabouts {
            @if let Some(place) = &seller.place { span.town { (icon::pin()) (town(place)) } }
            span { (texts::since(language, year)) }
        }
    }
}

/// The town with its department, which the first two digits of a French postcode name.
fn town(place: &Place) -> String {
    match place.postcode.as_deref().and_then(|postcode| postcode.get(..2)) {
        Some(department) => format!("{} ({department})", place.town),
        None => place.town.clone(),
    }
}
