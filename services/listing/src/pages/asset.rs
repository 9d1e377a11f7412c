//! `GET /assets/{name}`: what pages load besides themselves.
//!
//! While a release rolls out, pages of one version ask an instance of the other for their assets. A name that this
//! version would give another fingerprint is therefore answered with what we have, to be kept for a moment only: a page
//! in a slightly different dress beats a naked one.

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::{Problem, Rendered, Terms};
use halles_pages::assets;

use crate::app::State;

/// The name changes with the content, so a copy is good for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The name stays while the content may change with a release.
const FOR_A_DAY: &str = "public, max-age=86400";

/// Long enough for one page, short enough for a release.
const FOR_A_MOMENT: &str = "public, max-age=10";

/// Every asset by its path, ready to send, and by its path without the fingerprint.
pub(crate) struct Assets(HashMap<String, Rendered>);

impl Assets {
    pub(crate) fn new() -> Self {
        let asset = |media_type, cache_control, body| Rendered::new(media_type, &Terms::fixed(cache_control), body);
        let (svg, css, js) = ("image/svg+xml", "text/css; charset=utf-8", "text/javascript; charset=utf-8");
        let (stylesheet, hall) = (assets::stylesheet_path(), assets::hall_path());
        let scripts = [
            (assets::search_field_script_path(), assets::SEARCH_FIELD_SCRIPT),
            (assets::order_status_script_path(), assets::ORDER_STATUS_SCRIPT),
            (assets::checkout_script_path(), assets::CHECKOUT_SCRIPT),
        ];
        let mut all = HashMap::from([
            (any_version(&stylesheet), asset(css, FOR_A_MOMENT, assets::STYLESHEET)),
            (any_version(&hall), asset(svg, FOR_A_MOMENT, assets::HALL)),
            (stylesheet, asset(css, FOR_EVER, assets::STYLESHEET)),
            (hall, asset(svg, FOR_EVER, assets::HALL)),
            (assets::FAVICON_PATH.to_owned(), asset(svg, FOR_A_DAY, assets::FAVICON)),
        ]);
        for (path, script) in scripts {
            all.insert(any_version(&path), asset(js, FOR_A_MOMENT, script));
            all.insert(path, asset(js, FOR_EVER, script));
        }
        Self(all)
    }

    fn find(&self, path: &str) -> Result<&Rendered, Problem> {
        let asset = self.0.get(path).or_else(|| self.0.get(&any_version(path)));
        asset.ok_or_else(|| Problem::not_found("There is no such asset."))
    }
}

/// `/assets/style-0123456789abcdef.css` without its fingerprint: `/assets/style-.css`.
fn any_version(path: &str) -> String {
    let Some((name, ending)) = path.rsplit_once('.') else { return path.to_owned() };
    format!("{}.{ending}", name.trim_end_matches(|digit: char| digit.is_ascii_hexdigit()))
}

pub(crate) async fn asset(
    state: Data<State>,
    name: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(state.assets.find(&format!("/assets/{name}"))?.answer(request.head()))
}

/// Browsers ask for this name whatever the page says.
pub(crate) async fn favicon(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    Ok(state.assets.find(assets::FAVICON_PATH)?.answer(request.head()))
}
