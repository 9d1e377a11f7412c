//! What the door notes about a request before it lets it in: enough to answer even when the request itself is gone,
//! because its deadline passed or its handler panicked.

use std::time::{Duration, Instant};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::web::Bytes;

use crate::chance::Chance;
use crate::{Signer, Visitor};

/// The name of a request, given by whoever is in front of us or else by us.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Longer ones are not names.
const MAX_REQUEST_ID_CHARS: usize = 64;

pub(crate) struct Arrival {
    /// Plain ASCII.
    pub(crate) request_id: HeaderValue,
    pub(crate) started: Instant,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) is_secure: bool,
    /// Whether it gets an access line in any case.
    pub(crate) is_logged: bool,
    /// Whether it was refused for load: so are thousands of others, and a line for each would be a load of its own.
    pub(crate) is_turned_away: bool,
    accept: Option<HeaderValue>,
    cookies: Option<HeaderValue>,
    accept_language: Option<HeaderValue>,
}

impl Arrival {
    pub(crate) fn note(request: &ServiceRequest, chance: &Chance, is_logged: bool) -> Self {
        let headers = request.headers();
        Self {
            request_id: request_id(headers, chance),
            started: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            is_secure: is_secure(headers),
            is_logged,
            is_turned_away: false,
            accept: headers.get(header::ACCEPT).cloned(),
            cookies: headers.get(header::COOKIE).cloned(),
            accept_language: headers.get(header::ACCEPT_LANGUAGE).cloned(),
        }
    }

    /// The name of the request, for people and logs.
    pub(crate) fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }

    /// How long ago it came in.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Programs get JSON, people get pages.
    pub(crate) fn wants_json(&self) -> bool {
        let accept = self.accept.as_ref().and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let is_program = accept.contains("application/json") && !accept.contains("text/html");
        self.uri.path().starts_with("/api/") || is_program
    }

    /// Whoever asked, for the error page.
    pub(crate) fn visitor(&self, signer: &Signer) -> Visitor {
        Visitor::read(signer, &self.uri, self.cookies.as_ref(), self.accept_language.as_ref(), self.is_secure)
    }
}

/// Whether the shopper's own connection is encrypted, as the balancer says. Believed because a lie changes only the
/// liar's own answer.
pub(crate) fn is_secure(headers: &HeaderMap) -> bool {
    headers.get(&FORWARDED_PROTO).is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"))
}

/// A name from outside is kept when it can do no harm in a log line or a header.
pub(crate) fn request_id(headers: &HeaderMap, chance: &Chance) -> HeaderValue {
    let is_harmless = |name: &&HeaderValue| {
        (1..=MAX_REQUEST_ID_CHARS).contains(&name.len())
            && name.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
    };
    match headers.get(&REQUEST_ID).filter(is_harmless) {
        Some(name) => name.clone(),
        None => HeaderValue::from_maybe_shared(Bytes::copy_from_slice(&chance.name()))
            .expect("hexadecimal digits fit into a header"),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn arrival(path: &str, header: (&'static str, &str)) -> Arrival {
        Arrival::note(&TestRequest::with_uri(path).insert_header(header).to_srv_request(), &Chance::new(), false)
    }

    #[test]
    fn a_harmless_name_is_kept_and_any_other_replaced() {
        assert_eq!(arrival("/", ("x-request-id", "abc-1.2:3_4")).request_id(), "abc-1.2:3_4");
        for bad in ["", "a b", "a\"b", &"x".repeat(65)] {
            let arrival = arrival("/", ("x-request-id", bad));
            let name = arrival.request_id();
            assert!(name.len() == 32 && name != bad, "{bad:?} became {name:?}");
        }
    }

    #[test]
    fn programs_get_json_and_people_get_pages() {
        assert!(arrival("/api/v1/listings/1", ("accept", "*/*")).wants_json());
        assert!(arrival("/l/1", ("accept", "application/json")).wants_json());
        assert!(!arrival("/l/1", ("accept", "text/html,application/json;q=0.9")).wants_json());
        assert!(!arrival("/apiary", ("accept", "*/*")).wants_json());
    }
}
