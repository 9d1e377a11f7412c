//! Where an answer came from, and how old it is.

use std::cell::RefCell;
use std::fmt::Display;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// The answer with where it came from (`Cache-Status`, RFC 9211), and how long ago it was last known to be true (`Age`).
pub fn with_provenance(answer: HttpResponse, cache_status: impl Display, age: Duration) -> HttpResponse {
    with_headers(answer, as_header(&cache_status), age)
}

/// Does the same for answers that mostly come the same way, and writes that down once.
#[derive(Debug)]
pub struct Provenance<S> {
    last: RefCell<Option<(S, HeaderValue)>>,
}

impl<S> Default for Provenance<S> {
    fn default() -> Self {
        Self { last: RefCell::new(None) }
    }
}

impl<S: Display + PartialEq> Provenance<S> {
    /// As [`with_provenance`].
    pub fn add(&self, answer: HttpResponse, cache_status: S, age: Duration) -> HttpResponse {
        let mut last = self.last.borrow_mut();
        let written = match last.as_ref() {
            Some((status, written)) if *status == cache_status => written.clone(),
            _ => {
                let written = as_header(&cache_status);
                *last = Some((cache_status, written.clone()));
                written
            }
        };
        with_headers(answer, written, age)
    }
}

fn as_header(cache_status: &impl Display) -> HeaderValue {
    HeaderValue::try_from(cache_status.to_string()).expect("a status is plain text")
}

fn with_headers(mut answer: HttpResponse, cache_status: HeaderValue, age: Duration) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(CACHE_STATUS, cache_status);
    let age = match age.as_secs() {
        0 => HeaderValue::from_static("0"),
        seconds => HeaderValue::from(seconds),
    };
    headers.insert(header::AGE, age);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_says_which_way_it_came() {
        let provenance = Provenance::default();
        for (status, seconds) in [("hit", 0), ("hit", 0), ("stale", 61), ("hit", 0)] {
            let age = Duration::from_secs(seconds);
            let answer = provenance.add(HttpResponse::Ok().finish(), status, age);
            let plain = with_provenance(HttpResponse::Ok().finish(), status, age);
            for name in [CACHE_STATUS, header::AGE] {
                assert_eq!(answer.headers().get(&name), plain.headers().get(&name));
            }
            assert_eq!(answer.headers().get(CACHE_STATUS).map(HeaderValue::as_bytes), Some(status.as_bytes()));
        }
    }
}
