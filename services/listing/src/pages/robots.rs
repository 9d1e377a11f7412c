//! `GET /robots.txt`: search engines are welcome among the listings and nowhere else.

use actix_web::HttpResponse;
use actix_web::http::header;

const ROBOTS: &str = "User-agent: *
Disallow: /api/
Disallow: /basket
Disallow: /checkout
Disallow: /orders
Disallow: /search
Disallow: /language
";

pub(crate) async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        // Short: a wrong one that is remembered keeps search engines away.
        .insert_header((header::CACHE_CONTROL, "public, max-age=600"))
        .body(ROBOTS)
}
