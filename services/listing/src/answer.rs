//! How an answer leaves: what is ready, with the visitor's own part in it, and where it came from.

use std::sync::Arc;

use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use halles_cache::Derived;
use halles_http::{Problem, Provenance, Visitor, offer_shortcut, with_provenance};
use halles_pages::{Visit, basket_link};

use crate::app::State;
use crate::browse::NoAnswer;
use crate::failure;
use crate::pages::missing;
use crate::ready::{Key, Ready};

/// What came of looking for an answer.
pub(crate) type Found = Result<Derived<Key, Ready>, NoAnswer>;

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
    state: &Arc<State>,
    visitor: &Visitor,
    request: &HttpRequest,
    found: Found,
) -> Result<HttpResponse, Problem> {
    let Derived { key, value: ready, came } = match found {
        Ok(found) => found,
        Err(reason) => return missing(state, visitor, reason).await,
    };
    if let Some(path) = &ready.path
        && request.path() != path
    {
        return Ok(moved_to(path));
    }
    remember(state, request, key);
    let answer = ready.rendered.answer_to(visitor, request.head(), |pieces| basket_link(visitor.language, pieces));
    Ok(with_provenance(answer, came, came.age()))
}

/// The same for everybody: a document or a drawing; `absent` says that there is none.
pub(crate) fn same_for_all(
    state: &Arc<State>,
    request: &HttpRequest,
    found: Found,
    absent: &'static str,
) -> Result<HttpResponse, Problem> {
    let Derived { key, value: ready, came } = found.map_err(|reason| failure::no_answer(reason, absent))?;
    remember(state, request, key);
    Ok(with_provenance(ready.rendered.answer(request.head()), came, came.age()))
}

/// Whoever asks for the same without a basket, while it is ready, need not come all this way.
fn remember(state: &Arc<State>, request: &HttpRequest, key: Key) {
    offer_shortcut(request, || {
        let (ready, provenance) = (state.ready.short_way_to(key), Provenance::default());
        move |request: &RequestHead| {
            let (ready, came) = ready.find()?;
            let has_moved = ready.path.as_ref().is_some_and(|path| request.uri.path() != path);
            (!has_moved).then(|| provenance.add(ready.rendered.answer(request), came, came.age()))
        }
    });
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
