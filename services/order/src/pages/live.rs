//! `/orders/{id}/live`: what an open page of an order is told.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Path, Query};
use halles_http::{Problem, RequestDeadline, Visitor};

use super::order::parse;
use crate::app::State;
use crate::failure;
use crate::live::{OpenPage, Telling, tell};
use crate::noted::NotedQuery;

/// `GET /orders/{id}/live`: server-sent events, the first at once.
pub(crate) async fn live(
    state: Data<State>,
    visitor: Visitor,
    id: Path<String>,
    query: Query<NotedQuery>,
) -> Result<HttpResponse, Problem> {
    let id = state.orders.known_to_be_ours(parse(&id)?).ok_or_else(failure::no_order)?;
    let permit = state.live.try_open().ok_or_else(|| too_many(&state))?;
    let page = OpenPage {
        viewer: state.live.watch(id).ok_or_else(|| too_many(&state))?,
        queue: state.queue.clone(),
        noted: query.position(),
        language: visitor.language,
        readiness: state.readiness.clone(),
        lasts: state.live_lasts,
        sign_of_life: state.sign_of_life,
        _permit: permit,
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")));
    answer.insert_header((header::CACHE_CONTROL, "private, no-store"));
    Ok(answer.streaming(tell(page)))
}

/// `GET /orders/{id}/live.json`: the same once, for browsers that cannot keep an answer open, or may not.
pub(crate) async fn live_once(
    state: Data<State>,
    visitor: Visitor,
    deadline: RequestDeadline,
    id: Path<String>,
    query: Query<NotedQuery>,
) -> Result<HttpResponse, Problem> {
    let id = state.orders.known_to_be_ours(parse(&id)?).ok_or_else(failure::no_order)?;
    let mut viewer = state.live.watch(id).ok_or_else(|| too_many(&state))?;
    let standing = deadline.at_most(state.retry_after).run(viewer.first()).await;
    let standing = standing.ok().flatten().ok_or_else(|| not_now(&state))?;
    let queue = query.position().and_then(|position| state.queue.place_of(position));
    let telling = Telling::new(standing, queue, visitor.language);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(telling))
}

fn too_many(state: &State) -> Problem {
    let detail = "Too many pages are kept up to date at once. This one asks again by itself.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(state.retry_after)
}

fn not_now(state: &State) -> Problem {
    let detail = "Nobody can say right now how this order stands. Nothing is lost; please ask again in a moment.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(state.retry_after)
}
