//! The description of this service's API (OpenAPI 3.1), made from its handler and wire types.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use halles_api::listing::{Category, ListingSummary};
use halles_api::problem::{FieldProblem, ProblemDetails};
use halles_api::search::{
    CategoryCount, CodeCount, FoundPlace, HitDetails, ListingExplanation, PriceCount, PropertyCounts, SearchMatch,
    SearchPage, ShopCount, SuggestionList, TextPiece, ValueCounts, WithoutCount,
};
use halles_http::{Rendered, Terms};
use utoipa::OpenApi;

use crate::app::State;
use crate::{api, suggestion_pages};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Halles: search",
        description = "Finding listings. Amounts are whole minor units with an ISO 4217 currency. Errors are problem \
            documents (RFC 9457) with a stable `code`. Fields are only ever added within `/api/v1`.",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This shop")),
    paths(api::search, suggestion_pages::suggestions),
    components(schemas(
        SearchPage, SearchMatch, ListingExplanation, CategoryCount, PriceCount, PropertyCounts, ValueCounts, ShopCount, CodeCount,
        WithoutCount, HitDetails, TextPiece, FoundPlace, SuggestionList, Category, ListingSummary, ProblemDetails,
        FieldProblem,
    )),
    tags((name = "Search", description = "Finding listings"))
)]
struct SearchApi;

/// The document, ready to send.
pub(crate) fn document() -> Rendered {
    let document = SearchApi::openapi().to_json().expect("the description has nothing that JSON cannot say");
    Rendered::new("application/json", &Terms::fixed("public, max-age=300"), document)
}

/// `GET /api/v1/openapi/search.json`
pub(crate) async fn openapi(state: Data<State>, request: HttpRequest) -> HttpResponse {
    state.openapi.answer(request.head())
}
