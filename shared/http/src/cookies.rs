//! Reading and writing cookies.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::HeaderValue;

/// The value of the cookie of this name, as it was sent.
pub(crate) fn find<'a>(header: Option<&'a HeaderValue>, name: &str) -> Option<&'a str> {
    let pairs = header?.to_str().ok()?.split(';');
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A cookie for the whole shop that scripts cannot read and that other sites cannot send along with a form.
pub(crate) fn build(name: &'static str, value: String, max_age: Duration, is_secure: bool) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .max_age(max_age)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_secure)
        .finish()
}
