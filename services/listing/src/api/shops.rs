//! `/api/v1/shops`

use std::sync::Arc;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::listing::{ListingPage, Shop};
use halles_api::problem::ProblemDetails;
use halles_domain::Slug;
use halles_http::Problem;
use serde::Deserialize;

use super::categories::{limit, page};
use crate::answer;
use crate::app::State;
use crate::browse::{NoAnswer, find_shop, newest_place};
use crate::ready::{Key, Subject};

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
    let make = |ahead| {
        let (state, catalogue, slug) = (Arc::clone(&state), state.catalogue.ahead(ahead), slug.clone());
        async move {
            let seller = catalogue.seller_by_slug(&slug).await?.transpose().ok_or(NoAnswer::Absent)?;
            seller.try_map(|seller| state.printer.document(&Shop::from(seller.as_ref())))
        }
    };
    let found = state.ready.get(Key::Document(Subject::Shop(slug.clone()), 0), make).await;
    answer::same_for_all(&state, &request, found, NO_SHOP)
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
    let (after, limit) = (newest_place(&query.after)?, limit(query.limit, &state.sizes)?);
    let slug: Slug = slug.parse().map_err(|_| no_shop())?;
    let make = |ahead| {
        let (state, catalogue, slug) = (Arc::clone(&state), state.catalogue.ahead(ahead), slug.clone());
        async move {
            let found = find_shop(&catalogue, &slug, after, limit).await?;
            found.try_map(|view| state.printer.document(&page(&view.shelf)))
        }
    };
    let found = state.ready.get(Key::Document(Subject::ShopListings(slug.clone(), after), limit), make).await;
    answer::same_for_all(&state, &request, found, NO_SHOP)
}

const NO_SHOP: &str = "There is no shop of this name.";

fn no_shop() -> Problem {
    Problem::not_found(NO_SHOP)
}
