//! What the admin port shows of the door, and how a rung is set by hand.
//!
//! - `GET /status`: a plain page: where the ladder stands, who set it and why, what is let in and what is not;
//! - `GET /rung`: the same about the ladder, as JSON;
//! - `PUT /rung` with `{"rung": 4, "seconds": 600, "why": "…", "by": "…"}`: sets a rung until its time is up; with
//!   `"air_at"` the waiting room draws lots at that time among those who came before;
//! - `DELETE /rung` with `{"by": "…"}`: lets go of it.
//!
//! The last two need `Authorization: Bearer` with `http.admission.rung_token`. Whatever is set is logged.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use halles_resilience::{Class, Rung};
use halles_settings::Secret;
use jiff::Timestamp;
use serde::Deserialize;

use crate::Signer;
use crate::admission::Admission;
use crate::error_page::escape;
use crate::rungs::Rungs;
use crate::tally::Fate;

/// Nobody sets a rung for longer than a day: who wants that wants another setting.
const LONGEST_SECONDS: u64 = 24 * 60 * 60;

/// Reasons and names are for a line.
const MAX_CHARS: usize = 200;

/// What the admin port knows about the door.
pub(crate) struct Backstage {
    pub(crate) service: &'static str,
    pub(crate) admission: Arc<Admission>,
    pub(crate) rungs: Arc<Rungs>,
    pub(crate) token: Secret,
    pub(crate) signer: Signer,
}

pub(crate) fn routes(app: &mut ServiceConfig, backstage: &Arc<Backstage>) {
    app.app_data(Data::from(Arc::clone(backstage)))
        .route("/status", web::get().to(status))
        .route("/rung", web::get().to(rung))
        .route("/rung", web::put().to(set_rung))
        .route("/rung", web::delete().to(let_go));
}

impl Backstage {
    /// Whether a request bears the token. Compared by code, so that the answer's delay tells nothing about the right one.
    fn knows(&self, request: &HttpRequest) -> bool {
        let Some(token) = self.token.expose_if_set() else { return false };
        let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = bearer.and_then(|bearer| bearer.strip_prefix("Bearer ")).unwrap_or_default();
        let code = |token: &str| self.signer.mac("rung token", &[token.as_bytes()]);
        code(shown) == code(token)
    }
}

/// An order to the ladder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RungOrder {
    /// The rung's number.
    rung: u8,
    /// For how long.
    seconds: u64,
    /// What for.
    why: String,
    /// Who says so.
    by: String,
    /// When the show begins that people wait for.
    #[serde(default)]
    air_at: Option<Timestamp>,
}

/// An order to let go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LetGo {
    /// Who says so.
    by: String,
}

async fn rung(backstage: Data<Backstage>) -> HttpResponse {
    answer(&backstage)
}

async fn set_rung(backstage: Data<Backstage>, request: HttpRequest, order: Json<RungOrder>) -> HttpResponse {
    if !backstage.knows(&request) {
        return refusal(StatusCode::FORBIDDEN, "this needs the token of http.admission.rung_token");
    }
    let RungOrder { rung, seconds, why, by, air_at } = order.into_inner();
    let Some(rung) = Rung::from_number(rung) else {
        return refusal(StatusCode::UNPROCESSABLE_ENTITY, "rung must be between 0 and 6");
    };
    if !(1..=LONGEST_SECONDS).contains(&seconds) {
        return refusal(StatusCode::UNPROCESSABLE_ENTITY, "seconds must be between 1 and 86400");
    }
    if !is_line(&why) || !is_line(&by) {
        return refusal(StatusCode::UNPROCESSABLE_ENTITY, "why and by must have between 1 and 200 characters");
    }
    if let Some(room) = backstage.admission.room() {
        room.set_air_at(air_at);
    }
    backstage.rungs.set(rung, Duration::from_secs(seconds), by, why);
    answer(&backstage)
}

async fn let_go(backstage: Data<Backstage>, request: HttpRequest, order: Json<LetGo>) -> HttpResponse {
    if !backstage.knows(&request) {
        return refusal(StatusCode::FORBIDDEN, "this needs the token of http.admission.rung_token");
    }
    if !is_line(&order.by) {
        return refusal(StatusCode::UNPROCESSABLE_ENTITY, "by must have between 1 and 200 characters");
    }
    if let Some(room) = backstage.admission.room() {
        room.set_air_at(None);
    }
    backstage.rungs.let_go(order.into_inner().by);
    answer(&backstage)
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_CHARS && !text.chars().any(char::is_control)
}

fn answer(backstage: &Backstage) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(backstage.rungs.standing())
}

fn refusal(status: StatusCode, why: &str) -> HttpResponse {
    HttpResponse::build(status).json(serde_json::json!({ "detail": why }))
}

async fn status(backstage: Data<Backstage>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .body(draw(&backstage))
}

/// A page that says it all without a script, and looks again by itself.
fn draw(backstage: &Backstage) -> String {
    let (service, standing) = (backstage.service, backstage.rungs.standing());
    let limit = backstage.admission.limit();
    let mut page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <meta http-equiv=refresh content=5><title>{service}: rung {number}</title>\
         <style>body{{font:16px/1.5 sans-serif;margin:1rem}}td,th{{padding:.1rem .8rem .1rem 0;text-align:right}}\
         td:first-child,th:first-child{{text-align:left}}</style>\
         <h1>{service}</h1><p>Rung {number}, <b>{rung}</b>; by itself it would be {automatic}.</p>",
        number = standing.number,
        rung = standing.rung,
        automatic = standing.automatic,
    );
    if let Some(hand) = &standing.by_hand {
        let (by, why, left) = (escape(&hand.by), escape(&hand.why), hand.seconds_left);
        let _ = write!(page, "<p>Set by {by} for another {left} s: {why}</p>");
    }
    if let Some(room) = backstage.admission.room().filter(|room| room.is_open()) {
        let book = room.book();
        let _ = write!(page, "<p>In front of the market: {} came, {} were let in.</p>", book.came(), book.serving());
    }
    // Who buys is counted apart, so all together may be twice as many as the limit.
    let (working, most) = (limit.in_flight(), limit.limit());
    let _ = write!(page, "<p>In work: {working}, of at most {most} who buy and {most} who do not.</p>");
    page.push_str("<table><tr><th>class");
    for fate in Fate::ALL {
        let _ = write!(page, "<th>{}", fate.name());
    }
    let counts = backstage.admission.counts();
    for class in Class::ALL.into_iter().rev() {
        let _ = write!(page, "<tr><td>{}", class.name());
        for fate in Fate::ALL {
            let _ = write!(page, "<td>{}", counts.of(class, fate));
        }
    }
    page.push_str("</table><h2>Moves</h2><ul>");
    for entry in &standing.moves {
        let (by, why) = (entry.by.as_deref().unwrap_or("-"), entry.why.as_deref().unwrap_or("-"));
        let (at, what, from, to) = (entry.at, entry.what, entry.from, entry.to);
        let _ = write!(page, "<li>{at} {what}: {from} → {to} ({}: {})", escape(by), escape(why));
    }
    page.push_str("</ul>");
    page
}
