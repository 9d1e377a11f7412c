//! The headers of an answer from the catalogue.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
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

/// What of the visitor shows on a page.
pub(crate) fn visit(visitor: &Visitor) -> Visit<'_> {
    Visit {
        language: visitor.language,
        basket_pieces: visitor.basket.pieces(),
        path_and_query: &visitor.path_and_query,
    }
}

/// A page that was found; a browser that has it already gets a 304.
pub(crate) fn page(request: &HttpRequest, html: String, came: CacheStatus) -> HttpResponse {
    let mut answer = Tagged::new("text/html; charset=utf-8", PAGE_CACHE_CONTROL, html).answer(request);
    note_visitor_and_cache(&mut answer, came);
    answer
}

/// A page that says why there is none.
pub(crate) fn missing_page(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::VARY, PAGE_VARY))
        .body(html)
}

/// What a page depends on beyond its address: the language and the basket's number.
const PAGE_VARY: &str = "Accept-Language, Cookie";

fn note_visitor_and_cache(answer: &mut HttpResponse, came: CacheStatus) {
    let headers = answer.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static(PAGE_VARY));
    note_cache(headers, came);
}

fn note_cache(headers: &mut header::HeaderMap, came: CacheStatus) {
    if let Ok(value) = HeaderValue::try_from(came.to_string()) {
        headers.insert(CACHE_STATUS, value);
    }
}

/// A JSON document; a client that has it already gets a 304.
pub(crate) fn json(request: &HttpRequest, body: &impl Serialize, came: CacheStatus) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_vec(body).map_err(Problem::internal)?;
    let mut answer = Tagged::new("application/json", JSON_CACHE_CONTROL, body).answer(request);
    note_cache(answer.headers_mut(), came);
    Ok(answer)
}
