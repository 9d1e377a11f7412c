//! The basket's page: what a shopper may still change, what it comes to, and what stands in the way.

use halles_domain::{Language, Listing, Quantity, Review, ReviewedLine};
use maud::{Markup, html};

use crate::order_texts::{self, OrderTexts, order_texts};
use crate::photo::{self, Loading};
use crate::{Shell, Visit, address, card, notice, price};

/// The basket's page.
#[derive(Debug)]
pub struct BasketPage<'a> {
    /// The basket, judged by what is known now.
    pub review: &'a Review,
    /// What has just happened, if anything.
    pub notice: Option<BasketNotice>,
    /// The page of the order that was sent last, for whoever comes back from it to an empty basket.
    pub last_order: Option<&'a str>,
}

/// What a change of the basket came to; travels in the address of the page that tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasketNotice {
    /// Pieces were put in.
    Added,
    /// A quantity was changed.
    Changed,
    /// A line was taken out.
    Removed,
    /// Fewer are left than wanted: the quantity was lowered to this.
    Capped(u32),
    /// Nothing is left.
    SoldOut,
    /// It has no price.
    NoPrice,
    /// It is not for sale.
    NotForSale,
    /// It is in another currency than the basket.
    MixedCurrencies,
    /// The basket holds as many different listings as it may.
    Full,
    /// More pieces of one listing than anybody may order.
    TooMany,
}

impl BasketNotice {
    /// Every notice without a number.
    const NAMED: [(&'static str, Self); 9] = [
        ("added", Self::Added),
        ("changed", Self::Changed),
        ("removed", Self::Removed),
        ("sold-out", Self::SoldOut),
        ("no-price", Self::NoPrice),
        ("not-for-sale", Self::NotForSale),
        ("mixed-currencies", Self::MixedCurrencies),
        ("full", Self::Full),
        ("too-many", Self::TooMany),
    ];

    /// The notice's name in an address.
    pub fn code(self) -> String {
        match self {
            Self::Capped(available) => format!("capped-{available}"),
            named => Self::NAMED.iter().find(|(_, notice)| *notice == named).map_or("", |(name, _)| name).to_owned(),
        }
    }

    /// Reads a name from an address; an unknown one says nothing.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.strip_prefix("capped-") {
            Some(available) => available.parse().ok().map(Self::Capped),
            None => Self::NAMED.iter().find(|(name, _)| *name == code).map(|(_, notice)| *notice),
        }
    }

    fn render(self, language: Language) -> Markup {
        let texts = order_texts(language);
        match self {
            Self::Added => notice::info(texts.notice_added),
            Self::Changed => notice::info(texts.notice_changed),
            Self::Removed => notice::info(texts.notice_removed),
            Self::Capped(available) => notice::warning(&order_texts::capped(language, available)),
            Self::SoldOut => notice::warning(texts.notice_sold_out),
            Self::NoPrice => notice::warning(texts.notice_no_price),
            Self::NotForSale => notice::warning(texts.notice_not_for_sale),
            Self::MixedCurrencies => notice::warning(texts.notice_mixed_currencies),
            Self::Full => notice::warning(texts.notice_full),
            Self::TooMany => notice::warning(texts.notice_too_many),
        }
    }
}

impl BasketPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let language = visit.language;
        let texts = order_texts(language);
        let content = html! {
            h1.page-title { (texts.basket_title) }
            @if let Some(notice) = self.notice { (notice.render(language)) }
            @if self.review.lines.is_empty() {
                @if let Some(path) = self.last_order {
                    p.notice role="status" { (texts.last_order) " " a href=(path) { (texts.last_order_link) } }
                }
                (notice::empty_state(
                    texts.basket_empty_title,
                    texts.basket_empty_text,
                    &html! { a.button href="/" { (texts.browse) } },
                ))
            } @else {
                div.purchase {
                    ul.lines role="list" {
                        @for line in &self.review.lines { li.line { (line_with_forms(language, line)) } }
                    }
                    (self.summary(language, texts))
                }
            }
        };
        Shell::new(visit, texts.basket_title).unlisted().render(&content)
    }

    fn summary(&self, language: Language, texts: &OrderTexts) -> Markup {
        html! {
            aside.panel.purchase-summary aria-label=(texts.total) {
                (total(language, self.review))
                p.muted.small { (texts.total_note) }
                @if self.review.is_orderable() {
                    a.button.button-wide href="/checkout" { (texts.to_checkout) }
                } @else {
                    p.line-refusal role="status" { (texts.mend_first) }
                }
                p.summary-way-on { a href="/" { (texts.browse) } }
            }
        }
    }
}

fn line_with_forms(language: Language, line: &ReviewedLine) -> Markup {
    let texts = order_texts(language);
    let id = line.wanted.listing_id;
    let title = line.listing.as_deref().map_or(texts.gone_listing, |listing| listing.title.as_str());
    let field = format!("quantity-{id}");
    html! {
        (line_words(language, line))
        div.line-forms {
            @if let Some(listing) = line.listing.as_deref().filter(|listing| listing.stock.available() > 0) {
                form.line-quantity action={ "/basket/lines/" (id) } method="post" {
                    label.unseen for=(field) { (order_texts::quantity_of(language, title)) }
                    input id=(field) name="quantity" type="number" inputmode="numeric" required
                        value=(line.wanted.quantity.get()) min="0" max=(most(line, listing));
                    button.button.button-quiet.button-small type="submit" { (texts.update) }
                }
            }
            form action={ "/basket/lines/" (id) } method="post" {
                input type="hidden" name="quantity" value="0";
                button.link-button type="submit" aria-label=(order_texts::remove_of(language, title)) { (texts.remove) }
            }
        }
    }
}

/// What it all comes to, if that is known. Shared with the checkout.
pub(crate) fn total(language: Language, review: &Review) -> Markup {
    html! {
        @if review.total.is_some() {
            p.sum { span { (order_texts(language).total) } (price::price(language, review.total)) }
        }
    }
}

/// What the quantity field lets through; never less than what stands in it, or the browser would refuse the form.
fn most(line: &ReviewedLine, listing: &Listing) -> u32 {
    listing.stock.available().min(Quantity::MAX).max(line.wanted.quantity.get())
}

/// A line's picture, words and price, and what stands in its way. Shared with the checkout.
pub(crate) fn line_words(language: Language, line: &ReviewedLine) -> Markup {
    let texts = order_texts(language);
    html! {
        @if let Some(listing) = &line.listing {
            a.line-photo href=(address::listing(listing)) tabindex="-1" aria-hidden="true" {
                (photo::main_photo(listing, "", Loading::Lazy))
            }
            div.line-words {
                h2.line-title lang=[card::foreign(language, listing)] {
                    a href=(address::listing(listing)) { (listing.title.as_str()) }
                }
                @if let Some(unit) = listing.price {
                    p.line-unit { (unit.format(language)) " " (texts.each) }
                }
                @if let Some(refusal) = line.refusal {
                    p.line-refusal { (order_texts::line_refusal(language, refusal)) }
                } @else if listing.stock.available() <= price::FEW_LEFT {
                    p.line-unit { (price::stock_label(language, listing)) }
                }
            }
            p.line-total { @if let Some(total) = line.total { (price::price(language, Some(total))) } }
        } @else {
            div.line-words {
                h2.line-title { (if line.refusal.is_some() { texts.gone_listing } else { texts.a_listing }) }
                @if let Some(refusal) = line.refusal {
                    p.line-refusal { (order_texts::line_refusal(language, refusal)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_travel_in_addresses() {
        for (_, notice) in BasketNotice::NAMED {
            assert_eq!(BasketNotice::from_code(&notice.code()), Some(notice));
        }
        assert_eq!(BasketNotice::from_code("capped-3"), Some(BasketNotice::Capped(3)));
        for unknown in ["", "capped-", "capped--1", "<script>"] {
            assert_eq!(BasketNotice::from_code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn an_empty_basket_shows_a_way_on() {
        let visit = Visit { language: Language::Fr, basket_pieces: 0, path_and_query: "/basket" };
        let review = &Review::default();
        let page = BasketPage { review, notice: Some(BasketNotice::Removed), last_order: None }.render(&visit);
        assert!(page.contains("Votre panier est vide") && page.contains("La pièce a quitté votre panier."));
        assert!(!page.contains("/checkout") && !page.contains("dernière commande"));
        let page = BasketPage { review, notice: None, last_order: Some("/orders/x") }.render(&visit);
        assert!(page.contains("Votre dernière commande est bien partie.") && page.contains("href=\"/orders/x\""));
    }
}
