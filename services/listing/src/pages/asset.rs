//! `GET /assets/{name}`: what pages load besides themselves.

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::{Problem, Tagged};
use halles_pages::assets;

use crate::app::State;

/// The name changes with the content, so a copy is good for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The name stays while the content may change with a release.
const FOR_A_DAY: &str = "public, max-age=86400";

/// Every asset by its path, ready to send.
pub(crate) struct Assets(HashMap<String, Tagged>);

impl Assets {
    pub(crate) fn new() -> Self {
        let svg = "image/svg+xml";
        Self(HashMap::from([
            (assets::stylesheet_path(), Tagged::new("text/css; charset=utf-8", FOR_EVER, assets::STYLESHEET)),
            (assets::hall_path(), Tagged::new(svg, FOR_EVER, assets::HALL)),
            (assets::FAVICON_PATH.to_owned(), Tagged::new(svg, FOR_A_DAY, assets::FAVICON)),
        ]))
    }

    fn find(&self, path: &str) -> Result<&Tagged, Problem> {
        self.0.get(path).ok_or_else(|| Problem::not_found("There is no such asset."))
    }
}

pub(crate) async fn asset(
    state: Data<State>,
    name: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(state.assets.find(&format!("/assets/{name}"))?.answer(&request))
}

/// Browsers ask for this name whatever the page says.
pub(crate) async fn favicon(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    Ok(state.assets.find(assets::FAVICON_PATH)?.answer(&request))
}
