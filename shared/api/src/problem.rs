//! What went wrong, as the API says it: a problem document (RFC 9457).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A problem document, sent as `application/problem+json`. Programs decide by `code`, people read `detail`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProblemDetails {
    /// A name for this kind of problem that never changes: `urn:halles:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:halles:problem:not_found")]
    pub kind: String,
    /// The kind of problem in a few words.
    #[schema(example = "Not found")]
    pub title: String,
    /// The HTTP status code.
    #[schema(example = 404)]
    pub status: u16,
    /// The kind of problem for programs. A code is never renamed within `/api/v1`.
    #[schema(example = "not_found")]
    pub code: String,
    /// What happened this time, and what may help. Safe to show.
    #[schema(example = "There is no listing with this number.")]
    pub detail: String,
    /// The name of the request, to be quoted when asking for help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Which fields of the request were wrong, when fields were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Further facts that belong to the code.
    #[serde(flatten)]
    #[schema(value_type = Object, additional_properties)]
    pub more: Map<String, Value>,
}

/// One field of a request that was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name as the sender wrote it, or `body`, `query` or `path` when no field can be named.
    #[schema(example = "quantity")]
    pub field: String,
    /// What it must be.
    #[schema(example = "must be between 1 and 999")]
    pub reason: String,
}

/// The media type of problem documents.
pub const MEDIA_TYPE: &str = "application/problem+json";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_well_on_the_wire() {
        let problem = ProblemDetails {
            kind: "urn:halles:problem:out_of_stock".to_owned(),
            title: "Out of stock".to_owned(),
            status: 409,
            code: "out_of_stock".to_owned(),
            detail: "Two pieces are left.".to_owned(),
            request_id: None,
            errors: vec![],
            more: Map::from_iter([("available".to_owned(), 2.into())]),
        };
        let json = serde_json::to_value(&problem).expect("serializes");
        let expected = serde_json::json!({
            "type": "urn:halles:problem:out_of_stock", "title": "Out of stock", "status": 409, "code": "out_of_stock",
            "detail": "Two pieces are left.", "available": 2,
        });
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<ProblemDetails>(json).expect("deserializes"), problem);
    }
}
