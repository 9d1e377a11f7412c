//! `GET /s/{slug}?after=`

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::{Problem, Visitor};
use halles_pages::shop::ShopPage;
use serde::Deserialize;

use super::missing::not_found;
use crate::answer;
use crate::app::State;
use crate::browse::{find_shop, newest_place};
use crate::failure::problem;

/// Where in the shop's listings to begin.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ShopQuery {
    after: String,
}

pub(crate) async fn shop(
    state: Data<State>,
    slug: Path<String>,
    query: Query<ShopQuery>,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let place = newest_place(&query.after)?;
    let found = find_shop(&state.catalogue, &slug, place, state.sizes.page_size).await.map_err(problem)?;
    let Some(found) = found else { return Ok(not_found(&state, &visitor).await) };
    let next = found.value.shelf.next.map(|place| place.to_string());
    let page = ShopPage {
        seller: &found.value.seller,
        listings: &found.value.shelf.listings,
        is_later_page: place.is_some(),
        next: next.as_deref(),
    };
    Ok(answer::page(&request, page.render(&answer::visit(&visitor)), found.status))
}
