//! The order that a browser sent last, as it remembers it for a while.
//!
//! Whoever goes back from an order's page finds an empty basket, and should not have to wonder what became of the order.
//! The cookie holds the address of its page, which the browser knows anyway; it opens nothing that the address does not.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, time::Duration};
use actix_web::http::header;

use crate::{LocalPath, cookies};

const NAME: &str = "last_order";

/// As long as somebody may go on wondering.
const MAX_AGE: Duration = Duration::hours(1);

/// The cookie that makes the browser remember the order with its page at `path`.
pub fn remember_order(path: &str, is_secure: bool) -> Cookie<'static> {
    cookies::build(NAME, path.to_owned(), MAX_AGE, is_secure)
}

/// Where the page of the order is that this browser sent last, if it remembers one.
pub fn last_order(request: &HttpRequest) -> Option<LocalPath> {
    let path = cookies::find(request.headers().get(header::COOKIE), NAME)?;
    path.parse().ok().filter(|path: &LocalPath| path.as_str().starts_with("/orders/"))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn remembered(value: &str) -> Option<String> {
        let request = TestRequest::default().insert_header((header::COOKIE, format!("a=b; {NAME}={value}")));
        last_order(&request.to_http_request()).map(|path| path.as_str().to_owned())
    }

    #[test]
    fn an_order_is_remembered_and_nothing_else_is() {
        let path = "/orders/0190c7a2-1b2c-8d3e-8f40-112233445566?noted=5-0";
        let cookie = remember_order(path, true);
        assert_eq!(remembered(cookie.value()).as_deref(), Some(path));
        for other in ["", "/basket", "//example.org/orders/1", "https://example.org/orders/1"] {
            assert_eq!(remembered(other), None, "{other}");
        }
    }
}
