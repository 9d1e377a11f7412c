//! The API's description, and a page to read those of all services on.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::{DOCS_CONTENT_SECURITY_POLICY, Problem, Tagged};
use utoipa::OpenApi;
use utoipa_swagger_ui::{Config, Url, serve};

use crate::app::State;
use crate::openapi::ListingApi;

/// The documents of the three services that have an API; the balancer routes each to its own.
const DOCUMENTS: [(&str, &str); 3] = [
    ("Catalogue", "/api/v1/openapi/listing.json"),
    ("Search", "/api/v1/openapi/search.json"),
    ("Basket and orders", "/api/v1/openapi/order.json"),
];

/// What of the documentation lives as long as the process.
pub(crate) struct Docs {
    document: Tagged,
    reader: Arc<Config<'static>>,
}

impl Docs {
    pub(crate) fn new() -> Self {
        let document = ListingApi::openapi().to_json().expect("the description has nothing that JSON cannot say");
        let urls = DOCUMENTS.map(|(name, path)| Url::new(name, path));
        let reader = Config::new(urls).validator_url("none");
        Self { document: Tagged::new("application/json", "public, max-age=300", document), reader: Arc::new(reader) }
    }
}

/// `GET /api/v1/openapi/listing.json`
pub(crate) async fn openapi(state: Data<State>, request: HttpRequest) -> HttpResponse {
    state.docs.document.answer(&request)
}

/// `GET /api/docs`: the page's own links need the slash at the end.
pub(crate) async fn to_front_page() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, "/api/docs/")).finish()
}

/// `GET /api/docs/{file}`
pub(crate) async fn file(
    state: Data<State>,
    file: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let found = serve(&file, Arc::clone(&state.docs.reader)).map_err(|error| Problem::internal(error.to_string()))?;
    let found = found.ok_or_else(|| Problem::not_found("There is no such page in the documentation."))?;
    let content_type = header::HeaderValue::try_from(found.content_type).map_err(Problem::internal)?;
    let mut answer = Tagged::new("", "public, max-age=3600", found.bytes.into_owned()).answer(&request);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    // This page alone runs scripts, its own.
    headers.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(DOCS_CONTENT_SECURITY_POLICY));
    Ok(answer)
}
