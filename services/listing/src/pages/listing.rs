//! `GET /l/{id}` and `GET /l/{id}/{slug}`

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::{Problem, Visitor};
use halles_pages::address;
use halles_pages::error_page::Trouble;
use halles_pages::listing::ListingPage;
use serde::Deserialize;

use super::missing::{missing, not_found};
use crate::answer;
use crate::app::State;
use crate::browse::{FoundListing, ListingView, find_listing};
use crate::failure::problem;

/// The number finds the listing; the words are for people.
#[derive(Debug, Deserialize)]
pub(crate) struct ListingPath {
    id: String,
}

pub(crate) async fn listing(
    state: Data<State>,
    path: Path<ListingPath>,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let Ok(id) = path.id.parse() else { return Ok(not_found(&state, &visitor).await) };
    let found = find_listing(&state.catalogue, id, state.sizes.more_from_shop).await.map_err(problem)?;
    let view = match found.value {
        FoundListing::Live(view) => view,
        FoundListing::Absent => return Ok(not_found(&state, &visitor).await),
        FoundListing::Paused => return Ok(missing(&state, &visitor, StatusCode::NOT_FOUND, Trouble::Paused).await),
        FoundListing::Closed => return Ok(missing(&state, &visitor, StatusCode::GONE, Trouble::Gone).await),
    };
    let canonical = address::listing(&view.listing);
    if request.path() != canonical {
        return Ok(moved_to(&canonical));
    }
    Ok(answer::page(&request, draw(&view, &visitor), found.status))
}

/// Titles change, and with them the words in the address; so browsers may remember this only for a while.
fn moved_to(path: &str) -> HttpResponse {
    HttpResponse::MovedPermanently()
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "public, max-age=600"))
        .finish()
}

fn draw(view: &ListingView, visitor: &Visitor) -> String {
    let path = view.tree.path(view.listing.category_id);
    let page = ListingPage { listing: &view.listing, seller: view.seller.as_deref(), path: &path, more: &view.more };
    page.render(&answer::visit(visitor))
}
