//! A problem in the form that suits whoever asked.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};
use halles_api::problem::MEDIA_TYPE;

use crate::arrival::Arrival;
use crate::{Problem, Signer, Visitor};

/// Draws a problem as a page. The services pass one that looks like the rest of the shop.
pub type ErrorPage = fn(&Problem, &Visitor) -> String;

/// The page of a server that was given no better one.
pub(crate) fn plain(problem: &Problem, visitor: &Visitor) -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{status}</title><h1>{status}</h1><p>{}",
        visitor.language,
        escape(problem.detail()),
        status = problem.status(),
    )
}

/// The answer to a request that met `problem`.
pub(crate) fn answer(problem: Problem, arrival: &Arrival, signer: &Signer, page: ErrorPage) -> HttpResponse {
    let problem = problem.about_request(arrival.request_id());
    let mut answer = HttpResponse::build(problem.status());
    if let Some(seconds) = problem.retry_after_seconds() {
        answer.insert_header((header::RETRY_AFTER, seconds));
    }
    // An error is true for a moment; whoever remembers it would keep a shopper away from what works again.
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if arrival.wants_json() {
        let document = serde_json::to_vec(problem.details()).expect("a problem has nothing that JSON cannot say");
        answer.insert_header((header::CONTENT_TYPE, MEDIA_TYPE)).body(document)
    } else {
        answer.insert_header(ContentType::html()).body(page(&problem, &arrival.visitor(signer)))
    }
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
