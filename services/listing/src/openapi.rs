//! The description of this service's API (OpenAPI 3.1), made from its handlers and wire types.

use halles_api::listing::{Category, CategoryList, Listing, ListingPage, ListingSummary, Place, Shop};
use halles_api::problem::{FieldProblem, ProblemDetails};
use utoipa::OpenApi;

use crate::api;

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Halles: the catalogue",
        description = "Listings, categories and shops of the market, as its pages show them. Amounts are whole minor \
            units with an ISO 4217 currency. Lists are read page by page with a cursor. Errors are problem documents \
            (RFC 9457) with a stable `code`. Fields are only ever added within `/api/v1`.",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This shop")),
    paths(
        api::list_listings, api::fetch_listing,
        api::list_categories, api::list_category,
        api::fetch_shop, api::list_shop,
    ),
    components(schemas(
        Listing, ListingSummary, ListingPage, Category, CategoryList, Shop, Place, ProblemDetails, FieldProblem,
    )),
    tags(
        (name = "Listings", description = "Sellers' live offers"),
        (name = "Categories", description = "The tree that every listing hangs in"),
        (name = "Shops", description = "Who sells"),
    )
)]
pub(crate) struct ListingApi;
