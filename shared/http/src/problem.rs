//! What went wrong, for whoever asked and for whoever repairs it.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use halles_api::problem::{FieldProblem, ProblemDetails};
use halles_domain::Invalid;
use halles_resilience::{BulkheadFull, DeadlineExceeded};
use serde::Serialize;
use serde_json::Map;

/// When a refusal does not say by itself when to come back.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(1);

/// The code of what is refused because there is too much to do.
pub(crate) const OVERLOADED: &str = "overloaded";
/// The code of what would have come too late.
const DEADLINE_EXCEEDED: &str = "deadline_exceeded";

/// A problem (RFC 9457) with a stable code. Handlers return it as their error; the door renders it, as JSON for
/// programs and as a page for people, and logs its cause once.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    details: Box<ProblemDetails>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem with a status, a code for programs and a sentence for people. Every 429 and 503 says when to come
    /// back: after a second, unless told otherwise.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let is_for_later = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let details = ProblemDetails {
            kind: format!("urn:halles:problem:{code}"),
            title: title_of(code),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            request_id: None,
            errors: Vec::new(),
            more: Map::new(),
        };
        let retry_after = is_for_later.then_some(DEFAULT_RETRY_AFTER);
        Self { status, details: Box::new(details), retry_after, cause: None }
    }

    /// 400: something about the request as a whole.
    pub fn bad_request(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 404: there is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// 503: something that we need did not answer. The cause is logged and not shown.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let detail = "Something this page needs does not answer right now. Please try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).caused_by(cause)
    }

    /// 500: a bug of ours. The cause is logged and not shown.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", INTERNAL_DETAIL).caused_by(cause)
    }

    /// Adds a fact that belongs to the code.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or_default();
        self.details.more.insert(name.to_owned(), value);
        self
    }

    /// Adds a field of the request that was wrong.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, reason: impl Into<String>) -> Self {
        self.details.errors.push(FieldProblem { field: field.into(), reason: reason.into() });
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Notes why, for the log alone.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The code for programs.
    pub fn code(&self) -> &str {
        &self.details.code
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.details.detail
    }

    /// What the API says about it.
    pub fn details(&self) -> &ProblemDetails {
        &self.details
    }

    /// When to come back, in whole seconds and at least one, as the header wants it.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after.map(|wait| wait.as_millis().div_ceil(1_000).clamp(1, 86_400) as u64)
    }

    /// Whether it says that there is too much to do, here or behind us.
    pub(crate) fn is_overload(&self) -> bool {
        [OVERLOADED, DEADLINE_EXCEEDED].contains(&self.code())
    }

    /// A problem for a status that some layer below us gave without further words.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        let detail = match status {
            StatusCode::NOT_FOUND => "There is nothing at this address.",
            StatusCode::METHOD_NOT_ALLOWED => "This address does not take this kind of request.",
            StatusCode::PAYLOAD_TOO_LARGE => "The request is larger than this address takes.",
            StatusCode::REQUEST_TIMEOUT => "The request took too long to arrive.",
            _ if status.is_client_error() => "The request cannot be understood.",
            _ => INTERNAL_DETAIL,
        };
        let words = status.canonical_reason().unwrap_or("error");
        let code = match status {
            StatusCode::INTERNAL_SERVER_ERROR => "internal".to_owned(),
            StatusCode::SERVICE_UNAVAILABLE => "unavailable".to_owned(),
            _ => words.to_lowercase().replace([' ', '-'], "_"),
        };
        Self::new(status, &code, detail)
    }

    /// The same problem without its cause, which is not needed to show it.
    pub(crate) fn without_cause(&self) -> Self {
        Self { status: self.status, details: self.details.clone(), retry_after: self.retry_after, cause: None }
    }

    /// Names the request that it is about.
    pub(crate) fn about_request(mut self, request_id: &str) -> Self {
        self.details.request_id = Some(request_id.to_owned());
        self
    }

    /// Why, with every cause behind it.
    pub(crate) fn causes(&self) -> Option<String> {
        let first: &(dyn Error + 'static) = self.cause.as_deref()?;
        let chain: Vec<String> =
            std::iter::successors(Some(first), |error| (*error).source()).map(ToString::to_string).collect();
        Some(chain.join(": "))
    }
}

const INTERNAL_DETAIL: &str = "Something went wrong on our side. We have been told about it.";

/// `out_of_stock` reads `Out of stock`.
fn title_of(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code(), self.detail())
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// Only the status: the door knows who asked and writes the rest.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status)
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::bad_request("invalid", invalid.to_string()).with_field(invalid.field, invalid.reason)
    }
}

impl From<DeadlineExceeded> for Problem {
    fn from(_: DeadlineExceeded) -> Self {
        let detail = "The answer took too long, so we stopped working on it. Please try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, DEADLINE_EXCEEDED, detail)
    }
}

impl From<BulkheadFull> for Problem {
    fn from(full: BulkheadFull) -> Self {
        let detail = "Too many people ask for this at once. Please try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, OVERLOADED, detail).caused_by(full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_429_and_503_says_when_to_come_back() {
        for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE] {
            assert_eq!(Problem::new(status, "busy", "Later.").retry_after_seconds(), Some(1));
        }
        assert_eq!(Problem::not_found("No.").retry_after_seconds(), None);
        let later = Problem::from(DeadlineExceeded).retry_after(Duration::from_millis(2_001));
        assert_eq!(later.retry_after_seconds(), Some(3));
    }

    #[test]
    fn an_invalid_field_is_named() {
        let problem = Problem::from(Invalid::new("quantity", "must be between 1 and 999"));
        assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
        assert_eq!(problem.details().errors[0].field, "quantity");
        assert_eq!(problem.details().title, "Invalid");
    }

    #[test]
    fn the_cause_is_for_the_log_alone() {
        let problem = Problem::internal(std::io::Error::other("the cellar is flooded"));
        assert_eq!(problem.causes().as_deref(), Some("the cellar is flooded"));
        assert!(!serde_json::to_string(problem.details()).expect("serializes").contains("cellar"));
    }
}
