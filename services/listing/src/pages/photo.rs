//! `GET /photos/{id}.svg` and `GET /photos/category/{slug}.svg`: the drawings that stand in for photos.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{ListingId, Slug};
use halles_http::{Problem, Tagged};
use halles_pages::placeholder;

use crate::app::State;
use crate::failure::problem;

/// A drawing changes only when its listing's title, colour or category does, and then nobody minds the old one for a day.
const CACHE_CONTROL: &str = "public, max-age=86400, stale-while-revalidate=604800";

pub(crate) async fn listing_photo(
    state: Data<State>,
    name: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id: ListingId = stem(&name).and_then(|stem| stem.parse().ok()).ok_or_else(no_drawing)?;
    let (listing, tree) =
        tokio::try_join!(state.catalogue.listing(id), state.catalogue.category_tree()).map_err(problem)?;
    let listing = listing.value.ok_or_else(no_drawing)?;
    let path = tree.value.path(listing.category_id);
    let slugs: Vec<&str> = path.iter().map(|category| category.slug.as_str()).collect();
    Ok(drawing(&request, placeholder::listing_svg(&listing, &slugs)))
}

pub(crate) async fn category_photo(name: Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let slug: Slug = stem(&name).and_then(|stem| stem.parse().ok()).ok_or_else(no_drawing)?;
    Ok(drawing(&request, placeholder::category_svg(slug.as_str())))
}

fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".svg")
}

fn no_drawing() -> Problem {
    Problem::not_found("There is no drawing of this name.")
}

fn drawing(request: &HttpRequest, svg: String) -> HttpResponse {
    Tagged::new("image/svg+xml", CACHE_CONTROL, svg).answer(request)
}
