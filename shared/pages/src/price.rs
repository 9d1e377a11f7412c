//! Price tags and what is said of the stock.

use halles_domain::{Language, Listing, Money};
use maud::{Markup, html};

use crate::texts::{self, texts};

/// At this many pieces or fewer we say how many; more is just "in stock", so that a page need not change with every sale.
pub const FEW_LEFT: u32 = 5;

/// A price, or that there is none.
pub fn price(language: Language, price: Option<Money>) -> Markup {
    html! {
        @match price {
            Some(price) => span.price { (price.format(language)) },
            None => span.price.price-none { (texts(language).no_price) },
        }
    }
}

/// A price in cents as it stands in an address and in a form: without a sign, without needless decimals.
pub fn units(cents: i64) -> String {
    match (cents / 100, cents % 100) {
        (units, 0) => units.to_string(),
        (units, hundredths) => format!("{units}.{hundredths:02}"),
    }
}

/// Whether it can be had: in stock, only a few left, or sold out.
pub fn stock_label(language: Language, listing: &Listing) -> Markup {
    let texts = texts(language);
    html! {
        @match listing.stock.available() {
            0 => span.stock.stock-out { (texts.sold_out) },
            few @ 1..=FEW_LEFT => span.stock.stock-few { (texts::only_left(language, few)) },
            _ => span.stock.stock-in { (texts.in_stock) },
        }
    }
}
