//! How an answer leaves: what is ready, with the visitor's own part in it, and where it came from.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use halles_cache::Derived;
use halles_http::{Problem, Visitor, with_provenance};
use halles_pages::{Visit, basket_link};

use crate::app::State;
use crate::browse::NoAnswer;
use crate::failure;
use crate::pages::missing;
use crate::ready::Ready;

/// What came of looking for an answer.
pub(crate) type Found = Result<Derived<Ready>, NoAnswer>;

/// What of the visitor shows on a page.
pub(crate) fn visit(visitor: &Visitor) -> Visit<'_> {
    Visit {
        language: visitor.language,
        basket_pieces: visitor.basket.pieces(),
        path_and_query: &visitor.path_and_query,
    }
}

/// A page for this visitor, the way to its true address, or a page that says why there is none.
pub(crate) async fn page(
    state: &State,
    visitor: &Visitor,
    request: &HttpRequest,
    found: Found,
) -> Result<HttpResponse, Problem> {
    let Derived { value: ready, came } = match found {
        Ok(found) => found,
        Err(reason) => return missing(state, visitor, reason).await,
    };
    if let Some(path) = &ready.path
        && request.path() != path
    {
        return Ok(moved_to(path));
    }
    let answer = ready.rendered.answer_to(visitor, request, |pieces| basket_link(visitor.language, pieces));
    Ok(with_provenance(answer, came, came.age()))
}

/// The same for everybody: a document or a drawing; `absent` says that there is none.
pub(crate) fn same_for_all(request: &HttpRequest, found: Found, absent: &'static str) -> Result<HttpResponse, Problem> {
    let found = found.map_err(|reason| failure::no_answer(reason, absent))?;
    Ok(with_provenance(found.value.rendered.answer(request), found.came, found.came.age()))
}

/// Titles change, and with them the words in the address; so browsers may remember this only for a while.
fn moved_to(path: &str) -> HttpResponse {
    HttpResponse::MovedPermanently()
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "public, max-age=600"))
        .finish()
}

/// A page that says why there is none, kept by nobody.
pub(crate) fn missing_page(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::VARY, "Accept-Language, Cookie"))
        .body(html)
}
