//! The handlers for whoever pays.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};
use actix_web::web::{Data, Form, Path};
use halles_http::Problem;
use halles_payment::wire::HostedState;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use crate::api::problem;
use crate::app::Provider;
use crate::drawing::{STYLESHEET, draw};
use crate::ledger::{Account, LedgerError};
use crate::notices::NoticePlan;

/// Longer than any test waits.
const MAX_DELAY_MS: u64 = 600_000;
/// How long "on its way" and "late" take when nobody says.
const DEFAULT_DELAY_MS: u64 = 5_000;

/// `GET /sandbox/payments/{id}`
pub(crate) async fn show(provider: Data<Provider>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let account = provider.ledger.find(*id, Timestamp::now()).map_err(problem)?;
    Ok(page(&account))
}

/// What whoever pays has chosen.
#[derive(Debug, Deserialize)]
pub(crate) struct PayForm {
    outcome: Outcome,
    #[serde(default)]
    notice: NoticeChoice,
    /// A text, because a browser sends an empty field as an empty text.
    #[serde(default)]
    delay_ms: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Paid,
    Declined,
    /// Paid, and on its way for a while.
    Slow,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NoticeChoice {
    #[default]
    AtOnce,
    Twice,
    Late,
    Never,
}

/// `POST /sandbox/payments/{id}`
pub(crate) async fn pay(
    provider: Data<Provider>,
    id: Path<Uuid>,
    form: Form<PayForm>,
) -> Result<HttpResponse, Problem> {
    let plan = form.plan();
    let ended = match form.outcome {
        Outcome::Paid => provider.end(*id, HostedState::Captured, plan),
        Outcome::Declined => provider.end(*id, HostedState::Declined, plan),
        Outcome::Slow => provider.end_later(*id, NoticePlan { delay_ms: form.delay_ms(), ..plan }),
    };
    match ended {
        Ok(account) => Ok(HttpResponse::SeeOther()
            .insert_header((header::LOCATION, account.opened.return_url))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish()),
        // The back button, a double click, or a page that was open for too long: it says how things stand.
        Err(LedgerError::Over) => show(provider, id).await,
        Err(error) => Err(problem(error)),
    }
}

impl PayForm {
    fn plan(&self) -> NoticePlan {
        let (times, delay_ms) = match self.notice {
            NoticeChoice::AtOnce => (1, 0),
            NoticeChoice::Twice => (2, 0),
            NoticeChoice::Late => (1, self.delay_ms()),
            NoticeChoice::Never => (0, 0),
        };
        NoticePlan { times, delay_ms }
    }

    fn delay_ms(&self) -> u64 {
        self.delay_ms.trim().parse().unwrap_or(DEFAULT_DELAY_MS).min(MAX_DELAY_MS)
    }
}

/// `GET /sandbox/style.css`
pub(crate) async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(STYLESHEET)
}

/// The page may send its form to itself, and on from there to the shop: browsers look at where a form ends up.
fn page(account: &Account) -> HttpResponse {
    let shop = Url::parse(&account.opened.return_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {shop}; base-uri 'none'; frame-ancestors 'none'"
    );
    HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .body(draw(account))
}
