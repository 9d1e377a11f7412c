//! `GET /`

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use halles_cache::{Catalogue, Lookup};
use halles_domain::Language;
use halles_http::{Problem, Visitor};
use halles_pages::home::HomePage;

use crate::answer::{self, Found};
use crate::app::State;
use crate::browse::{NoAnswer, fetch_home};
use crate::ready::{Key, Ready, Subject};

pub(crate) async fn home(state: Data<State>, visitor: Visitor, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let found = find(&state, visitor.language).await;
    answer::page(&state, &visitor, &request, found).await
}

pub(crate) async fn find(state: &Arc<State>, language: Language) -> Found {
    let key = Key::Page(Subject::Market, language);
    state.ready.get(key, |ahead| make(Arc::clone(state), state.catalogue.ahead(ahead), language)).await
}

async fn make(state: Arc<State>, catalogue: Catalogue, language: Language) -> Result<Lookup<Ready>, NoAnswer> {
    let home = fetch_home(&catalogue, &state.sizes).await?;
    Ok(home.map(|home| {
        let categories: Vec<_> = home.tree.children(None).collect();
        let page = HomePage { categories: &categories, featured: &home.featured, newest: &home.newest };
        state.printer.page(language, "/", |visit| page.render(visit))
    }))
}
