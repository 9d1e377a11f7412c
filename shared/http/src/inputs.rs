//! What handlers are given of a request, and what happens when it cannot be understood: a 400 problem that names the
//! field where one can be named, or a 413 when there is too much of it.

use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError, UrlencodedError};
use actix_web::http::StatusCode;
use actix_web::web::{FormConfig, JsonConfig, PathConfig, PayloadConfig, QueryConfig, ServiceConfig};

use crate::Problem;

/// Makes every extractor of the app refuse with a problem.
pub(crate) fn configure(app: &mut ServiceConfig, body_limit_bytes: usize) {
    app.app_data(PayloadConfig::new(body_limit_bytes))
        .app_data(JsonConfig::default().limit(body_limit_bytes).error_handler(move |error, _| match error {
            JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
                too_large(body_limit_bytes).into()
            }
            JsonPayloadError::ContentType => not_the_media_type("application/json").into(),
            JsonPayloadError::Deserialize(error) => unreadable("body", &error.to_string()).into(),
            _ => unreadable("body", "must be complete JSON").into(),
        }))
        .app_data(FormConfig::default().limit(body_limit_bytes).error_handler(move |error, _| match error {
            UrlencodedError::Overflow { .. } => too_large(body_limit_bytes).into(),
            UrlencodedError::ContentType => not_the_media_type("application/x-www-form-urlencoded").into(),
            UrlencodedError::Parse(error) => unreadable("body", &error.to_string()).into(),
            _ => unreadable("body", "must be a complete form").into(),
        }))
        .app_data(QueryConfig::default().error_handler(|error, _| match error {
            QueryPayloadError::Deserialize(error) => unreadable("query", &error.to_string()).into(),
            _ => unreadable("query", "must be a query string").into(),
        }))
        // A path whose parts make no sense names nothing.
        .app_data(PathConfig::default().error_handler(|error, _| match error {
            PathError::Deserialize(_) => Problem::not_found("There is nothing at this address.").into(),
            _ => unreadable("path", "must be a path").into(),
        }));
}

/// 413, in words.
pub(crate) fn too_large(limit_bytes: usize) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The request is larger than this address takes.")
        .with("limit_bytes", limit_bytes)
}

fn not_the_media_type(expected: &str) -> Problem {
    let detail = format!("The body must be sent as {expected}.");
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
}

fn unreadable(part: &str, message: &str) -> Problem {
    let (field, reason) = blame(message).unwrap_or_else(|| (part.to_owned(), message.to_owned()));
    Problem::bad_request("invalid", format!("{field}: {reason}")).with_field(field, reason)
}

/// Which field a deserializer's message is about, if it says so: by its own words, or as `field: reason` when one of
/// our domain types refused the value.
fn blame(message: &str) -> Option<(String, String)> {
    if let Some(field) = between_ticks(message, "missing field ") {
        return Some((field, "is required".to_owned()));
    }
    if let Some(field) = between_ticks(message, "unknown field ") {
        return Some((field, "is not a field of this request".to_owned()));
    }
    let (field, reason) = message.split_once(": ")?;
    let is_name = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    // The place in the text helps nobody who knows the field.
    let reason = reason.split(" at line ").next().unwrap_or(reason);
    is_name.then(|| (field.to_owned(), reason.to_owned()))
}

fn between_ticks(message: &str, introduction: &str) -> Option<String> {
    let field = message.split_once(introduction)?.1.strip_prefix('`')?.split('`').next()?;
    Some(field.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_named_where_the_message_names_one() {
        let blamed = |message| blame(message).map(|(field, reason)| format!("{field} {reason}"));
        assert_eq!(blamed("missing field `quantity` at line 1 column 9").as_deref(), Some("quantity is required"));
        assert_eq!(
            blamed("unknown field `colour`, expected `color`").as_deref(),
            Some("colour is not a field of this request")
        );
        assert_eq!(
            blamed("quantity: must be between 1 and 999 at line 3 column 7").as_deref(),
            Some("quantity must be between 1 and 999")
        );
        assert_eq!(blamed("invalid type: string \"x\", expected i64"), None);
        assert_eq!(blamed("EOF while parsing a value at line 1 column 0"), None);
    }
}
