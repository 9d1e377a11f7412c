//! Pages for what is not there: a kind word, the search field, and aisles to start again from.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use halles_http::{Problem, Visitor};
use halles_pages::error_page::{Offer, Trouble, error_page};

use crate::app::State;
use crate::browse::NoAnswer;
use crate::{answer, failure};

/// What programs are told.
const NOTHING_HERE: &str = "There is nothing at this address.";

/// Whatever no route knows. Programs get a problem document.
pub(crate) async fn nothing_here(state: Data<State>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    if visitor.path_and_query.starts_with("/api/") {
        return Err(Problem::not_found(NOTHING_HERE));
    }
    missing(&state, &visitor, NoAnswer::Absent).await
}

/// The page that says why there is none, with ways on. The aisles are an extra: when they cannot be read, the page does
/// without.
pub(crate) async fn missing(state: &State, visitor: &Visitor, reason: NoAnswer) -> Result<HttpResponse, Problem> {
    let (status, trouble) = match reason {
        NoAnswer::Absent => (StatusCode::NOT_FOUND, Trouble::NotFound),
        NoAnswer::Paused => (StatusCode::NOT_FOUND, Trouble::Paused),
        NoAnswer::Closed => (StatusCode::GONE, Trouble::Gone),
        reason @ (NoAnswer::Unreadable(_) | NoAnswer::Unwritable(_)) => {
            return Err(failure::no_answer(reason, NOTHING_HERE));
        }
    };
    let tree = state.catalogue.category_tree().await.ok();
    let categories: Vec<_> = tree.iter().flat_map(|tree| tree.value.children(None)).collect();
    let offer = Offer { categories: &categories, ..Offer::default() };
    Ok(answer::missing_page(status, error_page(&answer::visit(visitor), trouble, &offer)))
}
