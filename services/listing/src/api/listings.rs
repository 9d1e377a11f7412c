//! `/api/v1/listings`

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::listing::{Listing, ListingPage, ListingSummary};
use halles_api::problem::ProblemDetails;
use halles_domain::{Invalid, ListingId};
use halles_http::Problem;
use halles_store::ListingSort;
use serde::Deserialize;

use super::categories::limit;
use crate::answer;
use crate::app::State;
use crate::browse::{FoundListing, ListingView, find_listing};
use crate::failure::problem;

/// Which listings of the whole market to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListingsQuery {
    /// `newest`, the only order of the whole market. The orders by price are those of a category or a search.
    #[serde(default)]
    #[param(example = "newest")]
    sort: String,
    /// How many, 1 to 100; 24 when it is not given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// The newest listings of the market
#[utoipa::path(
    get, path = "/api/v1/listings", tag = "Listings", params(ListingsQuery),
    responses(
        (status = 200, description = "The newest listings, the newest first", body = ListingPage),
        (status = 400, description = "The query cannot be understood", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_listings(
    state: Data<State>,
    query: Query<ListingsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if crate::browse::parse_sort(&query.sort)? != ListingSort::Newest {
        return Err(Invalid::new("sort", "must be newest; ask a category for its listings by price").into());
    }
    let newest = state.catalogue.newest(limit(query.limit, &state.sizes)?).await.map_err(problem)?;
    let listings = newest.value.iter().map(|listing| ListingSummary::from(listing.as_ref())).collect();
    answer::json(&request, &ListingPage { listings, next: None }, newest.status)
}

/// One listing
#[utoipa::path(
    get, path = "/api/v1/listings/{id}", tag = "Listings",
    params(("id" = i64, Path, description = "The listing's number", example = 17, minimum = 1)),
    responses(
        (status = 200, description = "The listing", body = Listing),
        (status = 400, description = "The number is none", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such listing, or it is not for sale at the moment", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 410, description = "The listing has been taken down for good", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The catalogue cannot be read right now; see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn fetch_listing(
    state: Data<State>,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id: ListingId = id.parse()?;
    let found = find_listing(&state.catalogue, id, 0).await.map_err(problem)?;
    let view = match found.value {
        FoundListing::Live(view) => view,
        FoundListing::Absent => return Err(Problem::not_found("There is no listing with this number.")),
        FoundListing::Paused => return Err(paused()),
        FoundListing::Closed => return Err(closed()),
    };
    answer::json(&request, &listing(&view), found.status)
}

fn listing(view: &ListingView) -> Listing {
    let path = view.tree.path(view.listing.category_id);
    let slugs = path.iter().map(|category| category.slug.to_string()).collect();
    Listing::new(&view.listing, slugs, view.seller.as_deref())
}

fn paused() -> Problem {
    let detail = "The seller has taken this listing down for a while.";
    Problem::new(actix_web::http::StatusCode::NOT_FOUND, "listing_paused", detail)
}

fn closed() -> Problem {
    let detail = "The seller has taken this listing down for good.";
    Problem::new(actix_web::http::StatusCode::GONE, "listing_closed", detail)
}
