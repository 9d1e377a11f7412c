//! `/api/v1/listings`

use std::sync::Arc;

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
use crate::browse::{ListingView, find_listing};
use crate::ready::{Key, Subject};

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
    let limit = limit(query.limit, &state.sizes)?;
    let make = |ahead| {
        let (state, catalogue) = (Arc::clone(&state), state.catalogue.ahead(ahead));
        async move {
            let newest = catalogue.newest(limit).await?;
            newest.try_map(|newest| {
                let listings = newest.iter().map(|listing| ListingSummary::from(listing.as_ref())).collect();
                state.printer.document(&ListingPage { listings, next: None })
            })
        }
    };
    let found = state.ready.get(Key::Document(Subject::Market, limit), make).await;
    answer::same_for_all(&state, &request, found, "There are no listings.")
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
    let make = |ahead| {
        let (state, catalogue) = (Arc::clone(&state), state.catalogue.ahead(ahead));
        async move { find_listing(&catalogue, id, 0).await?.try_map(|view| state.printer.document(&listing(&view))) }
    };
    let found = state.ready.get(Key::Document(Subject::Listing(id), 0), make).await;
    answer::same_for_all(&state, &request, found, "There is no listing with this number.")
}

fn listing(view: &ListingView) -> Listing {
    let path = view.tree.path(view.listing.category_id);
    let slugs = path.iter().map(|category| category.slug.to_string()).collect();
    Listing::new(&view.listing, slugs, view.seller.as_deref())
}
