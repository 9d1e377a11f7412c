//! `GET /`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use halles_http::{Problem, Visitor};
use halles_pages::home::HomePage;

use crate::answer;
use crate::app::State;
use crate::browse::fetch_home;
use crate::failure::problem;

pub(crate) async fn home(state: Data<State>, visitor: Visitor, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let home = fetch_home(&state.catalogue, &state.sizes).await.map_err(problem)?;
    let categories: Vec<_> = home.value.tree.children(None).collect();
    let page = HomePage { categories: &categories, featured: &home.value.featured, newest: &home.value.newest };
    Ok(answer::page(&request, page.render(&answer::visit(&visitor)), home.status))
}
