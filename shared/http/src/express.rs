//! The express lane: a request like one before it is answered before it is routed.
//!
//! Building what actix-web hands to handlers, finding the handler, extracting its arguments and passing the layers takes longer than fetching a ready answer from
//! memory. So a handler that gave a ready answer may leave a *shortcut* ([`offer_shortcut`]): what to do when the same is
//! asked again. Each worker remembers the shortcuts of the addresses that it was asked for last.
//!
//! Promises:
//! - a shortcut holds no answer, only the way to it, so there is nothing here that could grow old; when it leads nowhere
//!   any more, the request goes the usual way;
//! - it is taken only by requests that name the same address and the same languages, carry no cookie and no body, and
//!   belong to nobody's trace, for nothing else could make a difference to the answer;
//! - memory is bounded, whatever addresses strangers invent.

use std::cell::RefCell;
use std::hash::BuildHasher;
use std::rc::Rc;

use actix_web::dev::RequestHead;
use actix_web::http::header;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use foldhash::fast::RandomState;

use crate::measures::Series;
use crate::record::TRACEPARENT;

/// How many addresses a worker remembers: those of a front page and what it leads to, some times over. With two
/// languages and addresses of 100 bytes, a MiB.
const PLACES: usize = 4_096;

/// Longer addresses are not remembered.
const MAX_ADDRESS_BYTES: usize = 512;

/// The way to an answer, without its name and security headers; none when it has to be looked for.
type Shortcut = dyn Fn(&RequestHead) -> Option<HttpResponse>;

/// Says how to answer at once whoever asks for the same as `request`, whose answer was ready. What `make` returns must
/// depend on nothing of its request but the address, the preferred languages, `Accept-Encoding` and `If-None-Match`.
pub fn offer_shortcut<F>(request: &HttpRequest, make: impl FnOnce() -> F)
where
    F: Fn(&RequestHead) -> Option<HttpResponse> + 'static,
{
    if is_plain(request.head()) && address(request.head()).len() <= MAX_ADDRESS_BYTES {
        request.extensions_mut().insert(Offer(Rc::new(make())));
    }
}

/// A shortcut on its way from the handler to the door.
struct Offer(Rc<Shortcut>);

/// The shortcuts that one worker remembers.
pub(crate) struct ExpressLane {
    /// An address has one place; of two that share it, the later one stays.
    places: RefCell<Vec<Option<Remembered>>>,
    hasher: RandomState,
}

struct Remembered {
    address: Box<str>,
    languages: Box<[u8]>,
    shortcut: Rc<Shortcut>,
    counted: Counted,
}

/// The series that answers are counted in.
#[derive(Clone)]
struct Counted {
    /// Those with a body.
    whole: Rc<Series>,
    /// Those to whoever has the body (304).
    unchanged: Rc<Series>,
}

impl ExpressLane {
    pub(crate) fn new() -> Self {
        let places = std::iter::repeat_with(|| None).take(PLACES).collect();
        Self { places: RefCell::new(places), hasher: RandomState::default() }
    }

    /// The ready answer to a request like one before it, and the series that it is counted in.
    pub(crate) fn find(&self, head: &RequestHead) -> Option<(HttpResponse, Rc<Series>)> {
        if head.method != Method::GET || !is_plain(head) {
            return None;
        }
        let (address, languages) = (address(head), languages(head));
        let (shortcut, counted) = {
            let places = self.places.borrow();
            let remembered = places[self.place_of(address, languages)].as_ref()?;
            if *remembered.address != *address || *remembered.languages != *languages {
                return None;
            }
            (Rc::clone(&remembered.shortcut), remembered.counted.clone())
        };
        let answer = shortcut(head)?;
        let is_unchanged = answer.status() == StatusCode::NOT_MODIFIED;
        Some((answer, if is_unchanged { counted.unchanged } else { counted.whole }))
    }

    /// Keeps what the handler has offered, if it has.
    pub(crate) fn remember(&self, request: &HttpRequest, count: impl Fn(StatusCode) -> Rc<Series>) {
        let offer = request.extensions_mut().remove();
        let Some(Offer(shortcut)) = offer else { return };
        let (address, languages) = (address(request.head()), languages(request.head()));
        let counted = Counted { whole: count(StatusCode::OK), unchanged: count(StatusCode::NOT_MODIFIED) };
        let remembered = Remembered { address: address.into(), languages: languages.into(), shortcut, counted };
        self.places.borrow_mut()[self.place_of(address, languages)] = Some(remembered);
    }

    #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash are as good as the others")]
    fn place_of(&self, address: &str, languages: &[u8]) -> usize {
        self.hasher.hash_one((address, languages)) as usize % PLACES
    }
}

/// Whether nothing but its address, its languages and its encodings can make a difference to a ready answer.
fn is_plain(head: &RequestHead) -> bool {
    let others = [header::COOKIE, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, TRACEPARENT];
    !others.iter().any(|name| head.headers.contains_key(name))
}

fn address(head: &RequestHead) -> &str {
    head.uri.path_and_query().map_or("/", |address| address.as_str())
}

fn languages(head: &RequestHead) -> &[u8] {
    head.headers.get(header::ACCEPT_LANGUAGE).map(|languages| languages.as_bytes()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::measures::Measures;

    fn series(status: StatusCode) -> Rc<Series> {
        Rc::new(Measures::new().series("GET", Some("/l/{id}"), status))
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let lane = ExpressLane::new();
        for number in 0..3 * PLACES {
            let request = TestRequest::with_uri(&format!("/l/{number}")).to_http_request();
            offer_shortcut(&request, || |_: &RequestHead| Some(HttpResponse::Ok().finish()));
            lane.remember(&request, series);
            assert!(lane.find(request.head()).is_some(), "the last one is remembered");
        }
        let long = TestRequest::with_uri(&format!("/{}", "x".repeat(MAX_ADDRESS_BYTES))).to_http_request();
        offer_shortcut(&long, || |_: &RequestHead| Some(HttpResponse::Ok().finish()));
        lane.remember(&long, series);
        assert!(lane.find(long.head()).is_none());
        assert_eq!(lane.places.borrow().len(), PLACES);
    }

    #[test]
    fn what_was_not_offered_is_not_remembered() {
        let lane = ExpressLane::new();
        let request = TestRequest::with_uri("/l/1").to_http_request();
        lane.remember(&request, series);
        assert!(lane.find(request.head()).is_none());
    }
}
