//! A shop's page: who it is and everything on its stall.

use std::sync::Arc;

use halles_domain::{Listing, Seller};
use maud::html;

use crate::texts;
use crate::{Shell, Visit, address, card, notice, pagination, seller};

/// What a shop's page shows.
#[derive(Debug)]
pub struct ShopPage<'a> {
    /// Whose shop it is.
    pub seller: &'a Seller,
    /// This page's listings, newest first.
    pub listings: &'a [Arc<Listing>],
    /// Whether this is not the first page.
    pub is_later_page: bool,
    /// Where the next page starts, if there is one.
    pub next: Option<&'a str>,
}

/// How many cards are in sight when the page opens on a phone.
const IN_SIGHT: usize = 4;

impl ShopPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let language = visit.language;
        let texts = texts(language);
        let path = address::shop(&self.seller.slug);
        let next = self.next.map(|after| address::with_query(&path, [("after", after)]));
        let content = html! {
            (seller::shop_head(language, self.seller))
            section.section aria-labelledby="listings-heading" {
                h2 #listings-heading { (texts.all_listings) }
                @if self.listings.is_empty() {
                    @let ways_on = html! { a.button href="/" { (texts.back_home) } };
                    (notice::empty_state(texts.empty_stall_title, texts.empty_stall_text, &ways_on))
                } @else {
                    (card::grid(language, self.listings.iter().map(Arc::as_ref), IN_SIGHT))
                }
                (pagination::pagination(language, self.is_later_page.then_some(path.as_str()), next.as_deref()))
            }
        };
        let town = self.seller.place.as_ref().map(|place| place.town.as_str());
        let description = texts::page_of_shop(language, &self.seller.name, town);
        let shell = Shell::new(visit, &self.seller.name).description(&description).canonical(&path);
        let shell = if self.is_later_page { shell.unlisted() } else { shell };
        shell.render(&content)
    }
}
