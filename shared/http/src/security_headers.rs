//! What browsers are told not to do with our answers.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// For our pages: nothing but our stylesheet, our one script with what it fetches from us, pictures, and forms to
/// ourselves. Pictures may come from elsewhere because imported listings keep the addresses of theirs.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; img-src 'self' https: http: data:; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For the browsable API documentation, which needs its own scripts and inline styles. Set it on the answer: what a
/// handler sets, the door keeps.
pub const DOCS_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// The address of a page, such as that of an order, is nobody else's business; our own forms still say where they
/// come from.
const REFERRER_POLICY: &str = "same-origin";

/// Half a year, as long as a browser may be away.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=15552000; includeSubDomains";

/// Adds what is missing; what a handler has set stays.
pub(crate) fn add(headers: &mut HeaderMap, is_secure: bool) {
    add_one(headers, header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    add_one(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add_one(headers, header::REFERRER_POLICY, REFERRER_POLICY);
    if is_secure {
        add_one(headers, header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
    }
}

fn add_one(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
