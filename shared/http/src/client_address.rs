//! From which address a request came, as far as the load balancer says so.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that the load balancer saw, else the one that we see. Each balancer adds what it sees at the end, so the
/// last address is the only one that nobody outside can choose.
pub fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let forwarded = request.headers().get_all(FORWARDED_FOR).last().and_then(|list| list.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    last.or_else(|| request.peer_addr().map(|peer| peer.ip()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn what_strangers_claim_does_not_count() {
        let peer = "127.0.0.1:5".parse().expect("an address");
        let request = TestRequest::default().peer_addr(peer).to_http_request();
        assert_eq!(client_address(&request), "127.0.0.1".parse().ok());
        let forwarded = TestRequest::default()
            .peer_addr(peer)
            .append_header(("x-forwarded-for", "10.9.9.9"))
            .append_header(("x-forwarded-for", "10.8.8.8, 192.0.2.7"))
            .to_http_request();
        assert_eq!(client_address(&forwarded), "192.0.2.7".parse().ok());
    }
}
