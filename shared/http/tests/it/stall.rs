//! A small service to try the server with.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::problem::ProblemDetails;
use halles_domain::{BasketLine, Invalid, ListingId, Quantity};
use halles_http::{
    Class, Classes, HttpSettings, LocalPath, Problem, Readiness, Rendered, RequestDeadline, RunningServer, Seat,
    Server, Signer, SigningSettings, Terms, Visitor, switch_language,
};
use halles_telemetry::{Telemetry, TelemetrySettings};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use serde::Deserialize;
use tokio::sync::Notify;

/// The bell of the `/slow` route.
#[derive(Default)]
pub(crate) struct Bell {
    /// Rung by the route when a request has come in.
    pub(crate) has_entered: Notify,
    /// Rung by the test when the route may answer.
    pub(crate) may_leave: Notify,
}

/// Settings for a server on free ports that stops without ado.
pub(crate) fn settings() -> HttpSettings {
    HttpSettings { workers: 1, drain_delay_ms: 0, ..HttpSettings::default() }
}

/// A server on its own, with the routes below.
pub(crate) fn open(settings: HttpSettings) -> RunningServer {
    open_with(settings, Readiness::new(), Arc::default())
}

/// A server whose `/slow` route answers when its bell is rung.
pub(crate) fn open_with(settings: HttpSettings, readiness: Readiness, bell: Arc<Bell>) -> RunningServer {
    server(settings, readiness).start(move |app| routes(app, Arc::clone(&bell))).expect("a server on free ports")
}

/// The same server before it listens.
pub(crate) fn server(settings: HttpSettings, readiness: Readiness) -> Server {
    let signing = SigningSettings { secret: "0123456789abcdef0123456789abcdef".into(), ..SigningSettings::default() };
    Server::new("halles-test", settings, Signer::new(&signing), readiness, telemetry()).error_page(error_page).classes(
        Classes::all(Class::Listing).under("/api/v1/slow", Class::Checkout).under("/api/v1/burn", Class::Checkout),
    )
}

/// The telemetry of these tests, which says nothing.
pub(crate) fn telemetry() -> Telemetry {
    let settings = TelemetrySettings { log: "off".to_owned(), ..TelemetrySettings::default() };
    Telemetry::start("halles-test", &settings).expect("telemetry")
}

/// A client that neither follows redirects nor keeps cookies.
pub(crate) fn client() -> reqwest::Client {
    let no_redirects = reqwest::redirect::Policy::none();
    // Bodies as they travel: the tests look at the compression themselves.
    let client = reqwest::Client::builder().redirect(no_redirects).no_gzip();
    client.timeout(Duration::from_secs(20)).build().expect("a client")
}

/// The problem document in an answer.
pub(crate) async fn problem_of(answer: reqwest::Response) -> ProblemDetails {
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    answer.json().await.expect("a problem document")
}

fn error_page(problem: &Problem, visitor: &Visitor) -> String {
    format!("<h1 lang={}>{}</h1><p>{}", visitor.language, problem.code(), problem.detail())
}

fn routes(app: &mut ServiceConfig, bell: Arc<Bell>) {
    app.app_data(web::Data::from(bell))
        .route("/", web::get().to(home))
        .route("/style.css", web::get().to(style))
        .route("/language", web::get().to(switch_language))
        .route("/slow", web::get().to(slow))
        .route("/patient", web::get().to(patient))
        .route("/burn", web::get().to(burn))
        .route("/panic", web::get().to(panics))
        .route("/trace", web::get().to(trace))
        .route("/docs", web::get().to(docs))
        .route("/sold-out", web::get().to(sold_out))
        .route("/lines", web::post().to(add_line))
        .service(
            web::scope("/api/v1")
                .route("/things/{id}", web::get().to(thing))
                .route("/things", web::post().to(new_thing))
                .route("/search", web::get().to(search))
                .route("/panic", web::get().to(panics))
                .route("/slow", web::get().to(slow))
                .route("/burn", web::get().to(burn))
                .route("/broken", web::get().to(broken))
                .route("/away", web::get().to(away))
                .route("/bytes", web::post().to(count_bytes)),
        );
}

async fn home(visitor: Visitor) -> HttpResponse {
    let page = format!("{} {} {}", visitor.language, visitor.basket.pieces(), visitor.path_and_query);
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}

async fn style(request: HttpRequest) -> HttpResponse {
    let terms = Terms::fixed("public, max-age=60");
    Rendered::new("text/css", &terms, "body { color: black }".repeat(100)).answer(request.head())
}

async fn docs() -> HttpResponse {
    HttpResponse::Ok().insert_header(("content-security-policy", "default-src 'self'")).body("docs")
}

/// The trace that this request belongs to.
async fn trace() -> String {
    Context::current().span().span_context().trace_id().to_string()
}

async fn sold_out() -> HttpResponse {
    HttpResponse::Conflict().content_type("text/html; charset=utf-8").body("a page of its own")
}

async fn slow(bell: web::Data<Bell>, deadline: RequestDeadline) -> Result<&'static str, Problem> {
    assert!(!deadline.has_passed());
    bell.has_entered.notify_one();
    bell.may_leave.notified().await;
    Ok("at last")
}

/// Work that is done, but for waiting.
async fn patient(bell: web::Data<Bell>, seat: Seat) -> &'static str {
    seat.leave();
    let may_leave = bell.may_leave.notified();
    bell.has_entered.notify_one();
    may_leave.await;
    "at last"
}

/// Work that never waits: what comes meanwhile waits in front of the door.
async fn burn() -> &'static str {
    let began = std::time::Instant::now();
    while began.elapsed() < Duration::from_millis(3) {
        std::hint::spin_loop();
    }
    "ashes"
}

async fn panics() -> HttpResponse {
    panic!("the shelf fell over")
}

async fn broken() -> Result<&'static str, Problem> {
    Err(Problem::internal(std::io::Error::other("a pipe burst in the cellar")))
}

async fn away() -> Result<&'static str, Problem> {
    Err(Problem::unavailable("the cellar does not answer").retry_after(Duration::from_secs(7)))
}

async fn count_bytes(body: web::Bytes) -> String {
    body.len().to_string()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
    #[serde(default)]
    pieces: u32,
}

async fn new_thing(thing: web::Json<Thing>) -> Result<String, Problem> {
    Quantity::new(thing.pieces)?;
    Ok(thing.name.clone())
}

async fn thing(id: web::Path<i64>) -> String {
    id.to_string()
}

#[derive(Deserialize)]
struct Search {
    page: u32,
}

async fn search(search: web::Query<Search>) -> String {
    search.page.to_string()
}

#[derive(Deserialize)]
struct LineForm {
    listing_id: i64,
    quantity: u32,
    back: Option<String>,
}

async fn add_line(form: web::Form<LineForm>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    let quantity = Quantity::new(form.quantity)?;
    let mut basket = visitor.basket.clone();
    basket
        .add(BasketLine { listing_id: ListingId::new(form.listing_id), quantity })
        .map_err(|error| Invalid::new("basket", error))?;
    let back: LocalPath = form.back.as_deref().unwrap_or("/").parse()?;
    Ok(HttpResponse::SeeOther()
        .cookie(visitor.basket_cookie(&basket))
        .insert_header(("location", back.as_str()))
        .finish())
}
