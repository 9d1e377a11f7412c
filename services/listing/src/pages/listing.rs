//! `GET /l/{id}` and `GET /l/{id}/{slug}`

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_cache::{Catalogue, Lookup};
use halles_domain::{Language, ListingId};
use halles_http::{Problem, Rung, Visitor};
use halles_pages::address;
use halles_pages::listing::ListingPage;
use serde::Deserialize;

use crate::answer::{self, Found};
use crate::app::State;
use crate::browse::{ListingView, NoAnswer, find_listing};
use crate::ready::{Key, Ready, Subject};

/// How long a page without its extras is good: not much longer than what it goes without them for.
const LEAN_PAGE_LIFE: Duration = Duration::from_secs(30);

/// The number finds the listing; the words are for people.
#[derive(Debug, Deserialize)]
pub(crate) struct ListingPath {
    id: String,
}

pub(crate) async fn listing(
    state: Data<State>,
    path: Path<ListingPath>,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let found = match path.id.parse() {
        Ok(id) => find(&state, id, visitor.language).await,
        Err(_) => Err(NoAnswer::Absent),
    };
    answer::page(&state, &visitor, &request, found).await
}

pub(crate) async fn find(state: &Arc<State>, id: ListingId, language: Language) -> Found {
    let key = Key::Page(Subject::Listing(id), language);
    state.ready.get(key, |ahead| make(Arc::clone(state), state.catalogue.ahead(ahead), id, language)).await
}

async fn make(
    state: Arc<State>,
    catalogue: Catalogue,
    id: ListingId,
    language: Language,
) -> Result<Lookup<Ready>, NoAnswer> {
    let is_lean = state.ladder.gives_up(Rung::NoExtras);
    let more = if is_lean { 0 } else { state.sizes.more_from_shop };
    let mut found = find_listing(&catalogue, id, more).await?;
    if is_lean {
        found.freshness = found.freshness.at_most(LEAN_PAGE_LIFE);
    }
    Ok(found.map(|view| {
        let ListingView { listing, tree, seller, more } = &view;
        let path = tree.path(listing.category_id);
        let page = ListingPage { listing, seller: seller.as_deref(), path: &path, more };
        let address = address::listing(listing);
        let ready = state.printer.page(language, &address, |visit| page.render(visit));
        Ready { path: Some(address), ..ready }
    }))
}
