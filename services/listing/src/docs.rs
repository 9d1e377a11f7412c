//! The API's description, and a page to read those of all services on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::{DOCS_CONTENT_SECURITY_POLICY, Problem, Rendered, Terms};
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
    document: Rendered,
    reader: Arc<Config<'static>>,
    /// The reader's own files, encoded once: its script is larger than all our pages together.
    files: Mutex<HashMap<String, Arc<Rendered>>>,
}

impl Docs {
    pub(crate) fn new() -> Self {
        let document = ListingApi::openapi().to_json().expect("the description has nothing that JSON cannot say");
        let urls = DOCUMENTS.map(|(name, path)| Url::new(name, path));
        let reader = Config::new(urls).validator_url("none");
        let document = Rendered::new("application/json", &Terms::fixed("public, max-age=300"), document);
        Self { document, reader: Arc::new(reader), files: Mutex::default() }
    }

    fn find_file(&self, name: &str) -> Result<Arc<Rendered>, Problem> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(name) {
            return Ok(Arc::clone(file));
        }
        let found = serve(name, Arc::clone(&self.reader)).map_err(|error| Problem::internal(error.to_string()))?;
        let found = found.ok_or_else(|| Problem::not_found("There is no such page in the documentation."))?;
        let terms = Terms::fixed("public, max-age=3600");
        let file = Arc::new(Rendered::new(&found.content_type, &terms, found.bytes.into_owned()));
        files.insert(name.to_owned(), Arc::clone(&file));
        Ok(file)
    }
}

/// `GET /api/v1/openapi/listing.json`
pub(crate) async fn openapi(state: Data<State>, request: HttpRequest) -> HttpResponse {
    state.docs.document.answer(request.head())
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
    let mut answer = state.docs.find_file(&file)?.answer(request.head());
    // This page alone runs scripts, its own.
    let policy = header::HeaderValue::from_static(DOCS_CONTENT_SECURITY_POLICY);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}
