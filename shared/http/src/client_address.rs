//! From which address a request came, as far as our own proxies say so.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::dev::RequestHead;
use actix_web::http::header::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How many proxies of ours a request has passed; the server puts it beside the routes.
#[derive(Debug, Clone, Copy)]
pub struct TrustedHops(pub(crate) usize);

impl TrustedHops {
    /// As many as the server that took this request trusts.
    pub fn of_server(request: &HttpRequest) -> Self {
        request.app_data().copied().unwrap_or(Self(1))
    }

    /// The address that the outermost of our proxies saw, else the one that we see. Each proxy adds what it sees at the
    /// end, so what stands there, as many places from the end as there are proxies, is nothing that anybody outside can
    /// choose.
    pub fn client_address(self, request: &RequestHead) -> Option<IpAddr> {
        find(request.headers(), self.0, request.peer_addr.map(|peer| peer.ip()))
    }
}

pub(crate) fn find(headers: &HeaderMap, hops: usize, peer: Option<IpAddr>) -> Option<IpAddr> {
    if hops == 0 {
        return peer;
    }
    let lists = headers.get_all(FORWARDED_FOR).filter_map(|list| list.to_str().ok());
    let seen: Vec<&str> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
    // Whoever has passed fewer proxies than usual: what the outermost of those saw.
    let trusted = seen.get(seen.len().saturating_sub(hops));
    trusted.and_then(|address| address.parse().ok()).or(peer)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn client_address(request: &HttpRequest) -> Option<IpAddr> {
        TrustedHops::of_server(request).client_address(request.head())
    }

    #[test]
    fn what_strangers_claim_does_not_count() {
        let peer = "127.0.0.1:5".parse().expect("an address");
        let request = TestRequest::default().peer_addr(peer).to_http_request();
        assert_eq!(client_address(&request), "127.0.0.1".parse().ok());
        let forwarded = || {
            TestRequest::default()
                .peer_addr(peer)
                .append_header(("x-forwarded-for", "10.9.9.9"))
                .append_header(("x-forwarded-for", "10.8.8.8, 192.0.2.7"))
        };
        assert_eq!(client_address(&forwarded().to_http_request()), "192.0.2.7".parse().ok());
        for (hops, expected) in [(0, "127.0.0.1"), (2, "10.8.8.8"), (3, "10.9.9.9"), (4, "10.9.9.9")] {
            let request = forwarded().app_data(TrustedHops(hops)).to_http_request();
            assert_eq!(client_address(&request), expected.parse().ok(), "{hops}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        let request = TestRequest::default().append_header(("x-forwarded-for", "unknown")).to_http_request();
        assert_eq!(client_address(&request), None);
    }
}
