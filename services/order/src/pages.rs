//! The handlers of pages: each takes the request apart, calls one use case, and shows what came of it.

mod basket;
mod checkout;
mod live;
mod order;
mod pay;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use halles_cache::{Catalogue, CatalogueError};
use halles_domain::{BasketLine, ListingId, Review};
use halles_http::{Problem, Visitor};
use halles_pages::Visit;

pub(crate) use basket::{change_basket, put_in_basket, show_basket};
pub(crate) use checkout::{order, show_checkout};
pub(crate) use live::{live, live_once};
pub(crate) use order::{cancel_order, show_order};
pub(crate) use pay::{back_to_link, back_to_order, pay_by_link, pay_order, show_link};

/// Whatever has no route of its own.
pub(crate) async fn nothing_here() -> Result<HttpResponse, Problem> {
    Err(Problem::not_found("There is nothing at this address."))
}

/// What of the visitor shows on a page.
pub(crate) fn visit(visitor: &Visitor) -> Visit<'_> {
    Visit {
        language: visitor.language,
        basket_pieces: visitor.basket.pieces(),
        path_and_query: &visitor.path_and_query,
    }
}

/// A page of this status; baskets and orders are kept by nobody on the way.
fn page_with(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(ContentType::html())
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(html)
}

/// Leads on after a form, so that loading again sends nothing twice.
fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// The lines with their listings as they are now.
async fn review(catalogue: &Catalogue, lines: &[BasketLine]) -> Result<Review, CatalogueError> {
    let ids: Vec<ListingId> = lines.iter().map(|line| line.listing_id).collect();
    let listings = catalogue.listings(&ids).await?;
    Ok(Review::of(lines, &listings.value))
}
