//! `GET /photos/{id}.svg` and `GET /photos/category/{slug}.svg`: the drawings that stand in for photos.

use std::sync::Arc;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_cache::{Catalogue, Lookup};
use halles_domain::{ListingId, Slug};
use halles_http::Problem;
use halles_pages::placeholder;

use crate::answer;
use crate::app::State;
use crate::browse::NoAnswer;
use crate::ready::{Drawn, Key, Ready};

const NO_DRAWING: &str = "There is no drawing of this name.";

pub(crate) async fn listing_photo(
    state: Data<State>,
    name: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id: ListingId = stem(&name).and_then(|stem| stem.parse().ok()).ok_or_else(no_drawing)?;
    let make = |ahead| make(Arc::clone(&state), state.catalogue.ahead(ahead), id);
    let found = state.ready.get(Key::Drawing(Drawn::Listing(id)), make).await;
    answer::same_for_all(&state, &request, found, NO_DRAWING)
}

async fn make(state: Arc<State>, catalogue: Catalogue, id: ListingId) -> Result<Lookup<Ready>, NoAnswer> {
    let (listing, tree) = tokio::try_join!(catalogue.listing(id), catalogue.category_tree())?;
    let listing = listing.transpose().ok_or(NoAnswer::Absent)?;
    Ok(listing.and(tree).map(|(listing, tree)| {
        let path = tree.path(listing.category_id);
        let slugs: Vec<&str> = path.iter().map(|category| category.slug.as_str()).collect();
        state.printer.drawing(placeholder::listing_svg(&listing, &slugs))
    }))
}

pub(crate) async fn category_photo(
    state: Data<State>,
    name: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let slug: Slug = stem(&name).and_then(|stem| stem.parse().ok()).ok_or_else(no_drawing)?;
    let make = |_| {
        let drawing = state.printer.drawing(placeholder::category_svg(slug.as_str()));
        std::future::ready(Ok(Lookup::certain(drawing)))
    };
    let found = state.ready.get(Key::Drawing(Drawn::Category(slug.clone())), make).await;
    answer::same_for_all(&state, &request, found, NO_DRAWING)
}

fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".svg")
}

fn no_drawing() -> Problem {
    Problem::not_found(NO_DRAWING)
}
