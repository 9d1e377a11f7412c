//! `/api/v1/shops`

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::listing::{ListingPage, Shop};
use halles_api::problem::ProblemDetails;
use halles_cache::Lookup;
use halles_domain::Slug;
use halles_http::Problem;
use serde::Deserialize;

use super::categories::{limit, page};
use crate::answer;
use crate::app::State;
use crate::browse::{find_shop, newest_place};
use crate::failure::problem;

/// Which of a shop's listings to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShopListingsQuery {
    /// The `next` of the page before this one.
    #[serde(default)]
    after: String,
    /// How many, 1 to 100; 24 when it is not given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// One shop
#[utoipa::path(
    get, path = "/api/v1/shops/{slug}", tag = "Shops",
    params(("slug" = String, Path, description = "The shop's name in addresses", example = "l-atelier-du-port")),
    responses(
        (status = 200, description = "The shop", body = Shop),
        (status = 404, description = "There is no such shop", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The catalogue cannot be read right now; see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn fetch_shop(
    state: Data<State>,
    slug: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let slug: Slug = slug.parse().map_err(|_| no_shop())?;
    let found = state.catalogue.seller_by_slug(&slug).await.map_err(problem)?;
    let Lookup { value: seller, status, .. } = found.transpose().ok_or_else(no_shop)?;
    answer::json(&request, &Shop::from(seller.as_ref()), status)
}

/// A shop's listings
///
/// The newest first, page by page: pass `next` back as `after`.
#[utoipa::path(
    get, path = "/api/v1/shops/{slug}/listings", tag = "Shops",
    params(("slug" = String, Path, description = "The shop's name in addresses", example = "l-atelier-du-port"), ShopListingsQuery),
    responses(
        (status = 200, description = "A page of listings", body = ListingPage),
        (status = 400, description = "The query cannot be understood", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such shop", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The catalogue cannot be read right now; see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_shop(
    state: Data<State>,
    slug: Path<String>,
    query: Query<ShopListingsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let place = newest_place(&query.after)?;
    let limit = limit(query.limit, &state.sizes)?;
    let found = find_shop(&state.catalogue, &slug, place, limit).await.map_err(problem)?.ok_or_else(no_shop)?;
    answer::json(&request, &page(&found.value.shelf), found.status)
}

fn no_shop() -> Problem {
    Problem::not_found("There is no shop of this name.")
}
