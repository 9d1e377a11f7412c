//! `GET /s/{slug}?after=`

use std::sync::Arc;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{Language, Slug};
use halles_http::{Problem, Visitor};
use halles_pages::address;
use halles_pages::shop::ShopPage;
use halles_store::Keyset;
use serde::Deserialize;

use crate::answer::{self, Found};
use crate::app::State;
use crate::browse::{NoAnswer, ShopView, find_shop, newest_place};
use crate::ready::{Key, Ready, Subject};

/// Where in the shop's listings to begin.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ShopQuery {
    after: String,
}

pub(crate) async fn shop(
    state: Data<State>,
    slug: Path<String>,
    query: Query<ShopQuery>,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let after = newest_place(&query.after)?;
    let found = match slug.parse() {
        Ok(slug) => find(&state, slug, after, visitor.language).await,
        Err(_) => Err(NoAnswer::Absent),
    };
    answer::page(&state, &visitor, &request, found).await
}

async fn find(state: &Arc<State>, slug: Slug, after: Option<Keyset>, language: Language) -> Found {
    let key = Key::Page(Subject::ShopListings(slug.clone(), after), language);
    let make = |ahead| {
        let (state, catalogue, slug) = (Arc::clone(state), state.catalogue.ahead(ahead), slug.clone());
        async move {
            let found = find_shop(&catalogue, &slug, after, state.sizes.page_size).await?;
            Ok(found.map(|view| draw(&state, &view, after, language)))
        }
    };
    state.ready.get(key, make).await
}

fn draw(state: &State, view: &ShopView, after: Option<Keyset>, language: Language) -> Ready {
    let as_text = |place: Keyset| place.to_string();
    let (after, next) = (after.map(as_text), view.shelf.next.map(as_text));
    let page = ShopPage {
        seller: &view.seller,
        listings: &view.shelf.listings,
        is_later_page: after.is_some(),
        next: next.as_deref(),
    };
    let path = address::shop(&view.seller.slug);
    let address = address::with_query(&path, [("after", after.as_deref().unwrap_or_default())]);
    state.printer.page(language, &address, |visit| page.render(visit))
}
