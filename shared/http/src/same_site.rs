//! Forms are only taken from our own pages.
//!
//! Cookies are `SameSite=Lax`, so a foreign form arrives without the basket; this refuses it altogether, at the door and
//! for every service. The API under `/api/` carries no authority in cookies and may be called from anywhere.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{StatusCode, Uri};

use crate::Problem;

/// Refuses a form that another site's page has sent.
pub(crate) fn check(request: &ServiceRequest) -> Result<(), Problem> {
    if request.method().is_safe() || request.path().starts_with("/api/") {
        return Ok(());
    }
    let headers = request.headers();
    let is_ours = match text(headers, "sec-fetch-site") {
        Some("cross-site") => false,
        // The browser vouches for it; a page that hides its origin sends `Origin: null` even to itself.
        Some("same-origin") => true,
        _ => text(headers, header::ORIGIN.as_str()).is_none_or(|origin| is_same_host(origin, headers)),
    };
    if is_ours {
        return Ok(());
    }
    let detail = "This form was sent from another site. Please use the shop's own pages.";
    Err(Problem::new(StatusCode::FORBIDDEN, "cross_site", detail))
}

fn is_same_host(origin: &str, headers: &HeaderMap) -> bool {
    let origin_host = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
    let host = text(headers, header::HOST.as_str());
    matches!((origin_host, host), (Some(origin_host), Some(host)) if origin_host.eq_ignore_ascii_case(host))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn is_taken(path: &str, headers: &[(&'static str, &str)]) -> bool {
        let mut request = TestRequest::post().uri(path).insert_header(("host", "shop.example:8080"));
        for header in headers {
            request = request.insert_header(*header);
        }
        check(&request.to_srv_request()).is_ok()
    }

    #[test]
    fn our_own_pages_may_send_forms() {
        assert!(is_taken("/basket/lines", &[]));
        assert!(is_taken("/basket/lines", &[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(is_taken("/basket/lines", &[("origin", "http://Shop.example:8080")]));
    }

    #[test]
    fn other_sites_may_not() {
        assert!(!is_taken("/basket/lines", &[("sec-fetch-site", "cross-site")]));
        assert!(!is_taken("/basket/lines", &[("origin", "http://evil.example")]));
        assert!(!is_taken("/basket/lines", &[("origin", "http://shop.example:9999")]));
        assert!(!is_taken("/basket/lines", &[("origin", "null")]));
    }

    #[test]
    fn the_api_may_be_called_from_anywhere() {
        assert!(is_taken("/api/v1/orders", &[("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn reading_is_always_allowed() {
        let request = TestRequest::get().uri("/").insert_header(("sec-fetch-site", "cross-site")).to_srv_request();
        assert!(check(&request).is_ok());
    }
}
