//! Pages for what is not there: a kind word, the search field, and aisles to start again from.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use halles_http::{Problem, Visitor};
use halles_pages::error_page::{Offer, Trouble, error_page};

use crate::answer;
use crate::app::State;

/// Whatever no route knows. Programs get a problem document.
pub(crate) async fn nothing_here(state: Data<State>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    if visitor.path_and_query.starts_with("/api/") {
        return Err(Problem::not_found("There is nothing at this address."));
    }
    Ok(not_found(&state, &visitor).await)
}

/// 404, with ways on.
pub(crate) async fn not_found(state: &State, visitor: &Visitor) -> HttpResponse {
    missing(state, visitor, StatusCode::NOT_FOUND, Trouble::NotFound).await
}

/// The page for `trouble`. The aisles are an extra: when they cannot be read, the page does without.
pub(crate) async fn missing(state: &State, visitor: &Visitor, status: StatusCode, trouble: Trouble) -> HttpResponse {
    let tree = state.catalogue.category_tree().await.ok();
    let categories: Vec<_> = tree.iter().flat_map(|tree| tree.value.children(None)).collect();
    let offer = Offer { categories: &categories, ..Offer::default() };
    answer::missing_page(status, error_page(&answer::visit(visitor), trouble, &offer))
}
