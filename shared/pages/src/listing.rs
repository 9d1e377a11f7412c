//! A listing's page: its pictures, its price and what is left, the way into the basket, its words, its shop.

use std::sync::Arc;

use halles_domain::{Category, Language, Listing, Photo, Quantity, Seller};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::photo::{self, Loading};
use crate::texts::{self, Texts};
use crate::{Shell, Visit, address, attributes, breadcrumb, card, price, seller, structured_data};

/// What a listing's page shows.
#[derive(Debug)]
pub struct ListingPage<'a> {
    /// The listing itself; shown whatever its status, so ask first.
    pub listing: &'a Listing,
    /// Who sells it; a shop that cannot be read right now is left out.
    pub seller: Option<&'a Seller>,
    /// The way from the top of the tree down to its category.
    pub path: &'a [&'a Category],
    /// Others from the same shop.
    pub more: &'a [Arc<Listing>],
}

impl ListingPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let Visit { language, .. } = *visit;
        let texts = texts::texts(language);
        let listing = self.listing;
        let content = html! {
            (breadcrumb::breadcrumb(language, self.path, false))
            article.listing {
                (gallery(texts, listing))
                div.listing-aside {
                    (self.offer(language))
                    @if let Some(seller) = self.seller { (seller::seller_card(language, seller)) }
                }
                div.listing-words {
                    (description(language, listing))
                    (attributes::attributes(language, &listing.attributes))
                }
            }
            (self.more_from_shop(language))
        };
        let path = address::listing(listing);
        let summary = summary(listing);
        Shell::new(visit, listing.title.as_str())
            .description(&summary)
            .canonical(&path)
            .head(structured_data::json_ld(&product(listing, self.seller, &path)))
            .render(&content)
    }

    fn offer(&self, language: Language) -> Markup {
        let texts = texts::texts(language);
        let listing = self.listing;
        html! {
            div.offer {
                @let is_long = listing.title.as_str().chars().count() > LONG_TITLE;
                h1 class=[is_long.then_some("long")] lang=[card::foreign(language, listing)] {
                    (listing.title.as_str())
                }
                p.offer-price {
                    (price::price(language, listing.price))
                    @if listing.price.is_some() { (price::stock_label(language, listing)) }
                }
                @if listing.is_orderable() { (basket_form(texts, listing)) }
                @else if listing.price.is_none() { p.muted { (texts.no_price_text) } }
                @else { p.muted { (texts.sold_out_text) } }
            }
        }
    }

    fn more_from_shop(&self, language: Language) -> Markup {
        let texts = texts::texts(language);
        html! {
            @if !self.more.is_empty() {
                section.section aria-labelledby="more-heading" {
                    div.section-head {
                        h2 #more-heading { (texts.more_from_shop) }
                        @if let Some(seller) = self.seller {
                            a href=(address::shop(&seller.slug)) { (texts.visit_shop) }
                        }
                    }
                    (card::grid(language, self.more.iter().map(Arc::as_ref), 0))
                }
            }
        }
    }
}

/// Headlines of catalogues can be a whole data sheet; past this they are set smaller.
const LONG_TITLE: usize = 70;

fn gallery(texts: &Texts, listing: &Listing) -> Markup {
    let title = listing.title.as_str();
    html! {
        @if listing.photos.len() < 2 {
            div.gallery { (photo::main_photo(listing, title, Loading::Eager)) }
        } @else {
            // A strip to swipe through, which the keyboard can scroll as well.
            div.gallery.gallery-strip tabindex="0" role="group" aria-label=(texts.photos) {
                @for (index, photo) in listing.photos.iter().take(Photo::MAX_PER_LISTING).enumerate() {
                    @let loading = if index == 0 { Loading::Eager } else { Loading::Lazy };
                    (photo::picture(listing, Some(photo), &texts::photo_of(title, index + 1), loading))
                }
            }
        }
    }
}

fn basket_form(texts: &Texts, listing: &Listing) -> Markup {
    let most = listing.stock.available().min(Quantity::MAX);
    html! {
        form.basket-form action="/basket/lines" method="post" {
            input type="hidden" name="listing_id" value=(listing.id);
            @if most > 1 {
                label.label for="quantity" { (texts.quantity) }
                input.quantity #quantity name="quantity" type="number" inputmode="numeric" value="1" min="1" max=(most) required;
            } @else {
                input type="hidden" name="quantity" value="1";
            }
            button.button type="submit" { (texts.add_to_basket) }
        }
    }
}

fn description(language: Language, listing: &Listing) -> Markup {
    let paragraphs = || listing.description.as_str().lines().map(str::trim).filter(|line| !line.is_empty());
    html! {
        @if paragraphs().next().is_some() {
            section aria-labelledby="description-heading" {
                h2 #description-heading { (texts::texts(language).description) }
                div.prose lang=[card::foreign(language, listing)] {
                    @for paragraph in paragraphs() { p { (paragraph) } }
                }
            }
        }
    }
}

/// The first words of the description, or the title, for search engines.
fn summary(listing: &Listing) -> String {
    const LENGTH: usize = 160;
    let text = Some(listing.description.as_str()).filter(|text| !text.is_empty()).unwrap_or(listing.title.as_str());
    let mut summary = String::with_capacity(LENGTH * 2);
    for word in text.split_whitespace() {
        if summary.chars().count() + word.chars().count() >= LENGTH {
            summary.push('…');
            break;
        }
        if !summary.is_empty() {
            summary.push(' ');
        }
        summary.push_str(word);
    }
    summary
}

fn product(listing: &Listing, seller: Option<&Seller>, path: &str) -> Value {
    let availability = if listing.stock.available() > 0 { "InStock" } else { "OutOfStock" };
    let mut product = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": listing.title.as_str(),
        "description": summary(listing),
        "sku": listing.id.to_string(),
        "image": listing.photos.first().map_or_else(|| address::drawn_photo(listing.id), |photo| photo.as_str().to_owned()),
    });
    if let Some(price) = listing.price {
        product["offers"] = json!({
            "@type": "Offer",
            "url": path,
            "price": format!("{}.{:02}", price.cents() / 100, price.cents() % 100),
            "priceCurrency": price.currency().code(),
            "availability": format!("https://schema.org/{availability}"),
            "seller": seller.map(|seller| json!({"@type": "Organization", "name": seller.name})),
        });
    }
    product
}
