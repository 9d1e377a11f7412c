//! Compression of what was not made to be sent twice: the order service's pages, error pages.
//!
//! What is kept ready to send comes encoded and with a tag ([`crate::Rendered`]), and passes untouched.

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody};
use actix_web::http::header::{self, HeaderMap, HeaderValue};

use crate::rendered::encoding::Encoding;
use crate::rendered::gzip::Gzipped;

/// Below this, headers and packets weigh more than what an encoding saves.
const MIN_BYTES: u64 = 1_024;

/// Compresses the body of an answer, if it is text that lies in memory and whoever asked takes gzip.
pub(crate) fn compress<B: MessageBody + 'static>(
    request: &HeaderMap,
    mut response: HttpResponse<EitherBody<B>>,
) -> HttpResponse<EitherBody<B>> {
    if !is_compressible(&response) {
        return response;
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if Encoding::negotiate(accepted, false) != Encoding::Gzip {
        return response;
    }
    let (mut head, body) = response.into_parts();
    match body.try_into_bytes() {
        Ok(bytes) => {
            head.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            let gzipped = Gzipped::new(&bytes, None);
            head.set_body(EitherBody::right(BoxBody::new(gzipped.whole().clone())))
        }
        Err(body) => head.set_body(body),
    }
}

fn is_compressible<B: MessageBody>(response: &HttpResponse<B>) -> bool {
    let headers = response.headers();
    // A tag belongs to exactly these bytes.
    if headers.contains_key(header::ETAG) || headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_text = content_type.starts_with(b"text/")
        || content_type.starts_with(b"application/json")
        || content_type.starts_with(b"application/problem+json");
    is_text && matches!(response.body().size(), BodySize::Sized(MIN_BYTES..))
}
