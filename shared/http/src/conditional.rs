//! Answers that a browser may already have.

use actix_web::http::header::{self, ContentType, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

/// A body with a tag made from its bytes, and how long it may be reused. Whoever has the same tag already gets a 304
/// without the body.
#[derive(Debug, Clone)]
pub struct Tagged {
    content_type: HeaderValue,
    cache_control: HeaderValue,
    tag: HeaderValue,
    body: web::Bytes,
}

impl Tagged {
    /// A body of this type; make it once and keep it when it is always the same.
    pub fn new(content_type: &'static str, cache_control: &'static str, body: impl Into<web::Bytes>) -> Self {
        let body = body.into();
        let digest = Sha256::digest(&body);
        let tag: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            content_type: HeaderValue::from_static(content_type),
            cache_control: HeaderValue::from_static(cache_control),
            // Weak, because the door may compress the body.
            tag: HeaderValue::try_from(format!("W/\"{tag}\"")).expect("hexadecimal digits fit into a header"),
            body,
        }
    }

    /// The answer: the body, or a 304 when the request's `If-None-Match` has its tag.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let mut answer = if self.is_known_to(request) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header((header::ETAG, self.tag.clone()))
            .insert_header((header::CACHE_CONTROL, self.cache_control.clone()));
        if self.is_known_to(request) {
            return answer.finish();
        }
        answer.insert_header((header::CONTENT_TYPE, self.content_type.clone())).body(self.body.clone())
    }

    /// Weak comparison (RFC 9110, section 8.8.3.2).
    fn is_known_to(&self, request: &HttpRequest) -> bool {
        let Some(known) = request.headers().get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()) else {
            return false;
        };
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let ours = opaque(self.tag.to_str().unwrap_or_default());
        known.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == ours)
    }
}

/// A page made for this visitor at this moment: kept by nobody.
pub fn page(html: impl Into<String>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(html.into())
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn whoever_has_it_already_gets_no_body() {
        let style = Tagged::new("text/css", "public, max-age=60", "body { color: black }");
        let first = style.answer(&TestRequest::default().to_http_request());
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers().get(header::ETAG).expect("a tag").to_str().unwrap().to_owned();
        for known in [tag.clone(), format!("\"other\", {tag}"), tag.trim_start_matches("W/").to_owned(), "*".to_owned()]
        {
            let request = TestRequest::default().insert_header((header::IF_NONE_MATCH, known)).to_http_request();
            assert_eq!(style.answer(&request).status(), StatusCode::NOT_MODIFIED);
        }
        let request = TestRequest::default().insert_header((header::IF_NONE_MATCH, "\"other\"")).to_http_request();
        assert_eq!(style.answer(&request).status(), StatusCode::OK);
    }
}
