//! Which request is of which class: said by each service beside its routes, asked at the door before anything is done.

use actix_web::http::header::{self, HeaderMap};
use halles_resilience::Class;

/// The classes of a service's addresses. A pattern stands for its address and all below it; `*` is any one part. Of
/// several that fit, the one with the most parts counts.
#[derive(Debug, Clone)]
pub struct Classes {
    rest: Class,
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone, Copy)]
struct Pattern {
    pattern: &'static str,
    class: Class,
    is_rate_limited: bool,
    /// Whether it lies behind the waiting room, if that does not follow from the class.
    is_inside: Option<bool>,
}

/// What the door needs to know about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) class: Class,
    pub(crate) is_rate_limited: bool,
    /// Whether only those who were let in get there while there is a waiting room.
    pub(crate) is_inside: bool,
}

impl Classes {
    /// All addresses are of this class.
    pub const fn all(class: Class) -> Self {
        Self { rest: class, patterns: Vec::new() }
    }

    /// But what is at or below `pattern`, such as `/orders/*/pay`, is of this one.
    #[must_use]
    pub fn under(self, pattern: &'static str, class: Class) -> Self {
        self.with(Pattern { pattern, class, is_rate_limited: true, is_inside: None })
    }

    /// The same for what those who wait in front of the market need, too.
    #[must_use]
    pub fn under_for_everybody(self, pattern: &'static str, class: Class) -> Self {
        self.with(Pattern { pattern, class, is_rate_limited: true, is_inside: Some(false) })
    }

    /// The same for what only those who were let in may do, whatever its class.
    #[must_use]
    pub fn under_for_those_inside(self, pattern: &'static str, class: Class) -> Self {
        self.with(Pattern { pattern, class, is_rate_limited: true, is_inside: Some(true) })
    }

    /// The same for what a few machines of others send us for everybody: no rate limit counts it.
    #[must_use]
    pub fn under_without_rate_limit(self, pattern: &'static str, class: Class) -> Self {
        self.with(Pattern { pattern, class, is_rate_limited: false, is_inside: Some(false) })
    }

    fn with(mut self, pattern: Pattern) -> Self {
        self.patterns.push(pattern);
        self.patterns.sort_by_key(|known| std::cmp::Reverse(parts(known.pattern).count()));
        self
    }

    pub(crate) fn find(&self, path: &str, headers: &HeaderMap) -> Kind {
        let known = self.patterns.iter().find(|known| is_under(path, known.pattern));
        let (class, is_rate_limited) = known.map_or((self.rest, true), |known| (known.class, known.is_rate_limited));
        // People look around inside; what belongs to orders is out in the street.
        let is_inside = known.and_then(|known| known.is_inside).unwrap_or(class < Class::OrderStatus);
        // Who says that they are a program lowers what people only look at, and never what belongs to an order.
        let class = if class < Class::OrderStatus && is_crawler(headers) { Class::Crawler } else { class };
        Kind { class, is_rate_limited, is_inside }
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

fn is_under(path: &str, pattern: &str) -> bool {
    let mut asked = parts(path);
    parts(pattern).all(|part| asked.next().is_some_and(|asked| part == "*" || part == asked))
}

/// What crawlers call themselves. The good ones do; the others meet the rate limit.
const CRAWLERS: [&[u8]; 4] = [b"bot", b"crawl", b"spider", b"slurp"];

/// A maker of telephones whose name has a crawler in it.
const NO_CRAWLER: &[u8] = b"cubot";

/// Nobody who means well has a longer name.
const MAX_NAME_BYTES: usize = 300;

fn is_crawler(headers: &HeaderMap) -> bool {
    let Some(name) = headers.get(header::USER_AGENT) else { return false };
    let name = &name.as_bytes()[..name.len().min(MAX_NAME_BYTES)];
    let has = |word: &[u8]| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    CRAWLERS.into_iter().any(has) && !has(NO_CRAWLER)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn classes() -> Classes {
        Classes::all(Class::Listing)
            .under("/orders", Class::OrderStatus)
            .under("/orders/*/pay", Class::Checkout)
            .under("/checkout", Class::Checkout)
            .under_without_rate_limit("/api/v1/payments/notices", Class::Checkout)
    }

    fn find(path: &str, agent: &str) -> Kind {
        let request = TestRequest::default().insert_header((header::USER_AGENT, agent)).to_srv_request();
        classes().find(path, request.headers())
    }

    #[test]
    fn the_pattern_with_the_most_parts_counts() {
        for (path, class) in [
            ("/", Class::Listing),
            ("/checkout", Class::Checkout),
            ("/checkout/", Class::Checkout),
            ("/checkouts", Class::Listing),
            ("/orders/7", Class::OrderStatus),
            ("/orders/7/pay", Class::Checkout),
            ("/orders/7/payments", Class::OrderStatus),
            ("/orders//7//pay", Class::Checkout),
        ] {
            let is_inside = class == Class::Listing;
            assert_eq!(find(path, "Firefox"), Kind { class, is_rate_limited: true, is_inside }, "{path}");
        }
        assert!(!find("/api/v1/payments/notices", "Provider").is_rate_limited);
    }

    #[test]
    fn crawlers_come_last_and_telephones_do_not() {
        for agent in ["Mozilla/5.0 (compatible; Googlebot/2.1)", "BaiduSPIDER", "Yahoo! Slurp", "my crawler"] {
            assert_eq!(find("/l/1", agent).class, Class::Crawler, "{agent}");
        }
        for agent in ["Mozilla/5.0 (Linux; Android 13; CUBOT X70)", "", "curl/8"] {
            assert_eq!(find("/l/1", agent).class, Class::Listing, "{agent}");
        }
        assert_eq!(find("/checkout", "PaymentBot").class, Class::Checkout);
    }
}
