//! What browsers are told not to do with our answers.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// For our pages: nothing but our stylesheet, our scripts with what they fetch from us, pictures, and forms to
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

const FOR_ALL: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static(REFERRER_POLICY)),
];

const FOR_SECURE: [(HeaderName, HeaderValue); 1] =
    [(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT_SECURITY))];

/// Adds what is missing; what a handler has set stays.
pub(crate) fn add(headers: &mut HeaderMap, is_secure: bool) {
    for (name, value) in all(is_secure) {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
}

/// Sets them all, for an answer that has none of its own.
pub(crate) fn set(headers: &mut HeaderMap, is_secure: bool) {
    for (name, value) in all(is_secure) {
        headers.insert(name, value);
    }
}

fn all(is_secure: bool) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    FOR_ALL.into_iter().chain(is_secure.then_some(FOR_SECURE).into_iter().flatten())
}
