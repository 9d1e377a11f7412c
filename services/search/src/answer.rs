//! The headers of an answer.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use halles_cache::CacheStatus;
use halles_http::{Problem, Tagged, Visitor};
use halles_pages::Visit;
use serde::Serialize;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// A page is one visitor's (language, basket) and true for a moment: kept, but asked about again each time.
const PAGE_CACHE_CONTROL: &str = "private, no-cache";

/// JSON is the same for everybody, and a change must be seen within a second: kept, but asked about again each time.
const JSON_CACHE_CONTROL: &str = "public, no-cache";

/// What a page depends on beyond its address: the language and the basket's number.
const PAGE_VARY: HeaderValue = HeaderValue::from_static("Accept-Language, Cookie");

/// What of the visitor shows on a page.
pub(crate) fn visit(visitor: &Visitor) -> Visit<'_> {
    Visit {
        language: visitor.language,
        basket_pieces: visitor.basket.pieces(),
        path_and_query: &visitor.path_and_query,
    }
}

/// A results page; a browser that has it already gets a 304.
pub(crate) fn page(request: &HttpRequest, html: String, came: CacheStatus) -> HttpResponse {
    let mut answer = Tagged::new("text/html; charset=utf-8", PAGE_CACHE_CONTROL, html).answer(request);
    answer.headers_mut().insert(header::VARY, PAGE_VARY);
    note_cache(answer.headers_mut(), came);
    answer
}

/// A JSON document; a client that has it already gets a 304.
pub(crate) fn json(request: &HttpRequest, body: &impl Serialize, came: CacheStatus) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_vec(body).map_err(Problem::internal)?;
    let mut answer = Tagged::new("application/json", JSON_CACHE_CONTROL, body).answer(request);
    note_cache(answer.headers_mut(), came);
    Ok(answer)
}

fn note_cache(headers: &mut HeaderMap, came: CacheStatus) {
    if let Ok(value) = HeaderValue::try_from(came.to_string()) {
        headers.insert(CACHE_STATUS, value);
    }
}
