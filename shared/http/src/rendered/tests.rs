use std::collections::HashSet;
use std::io::Read as _;

use actix_web::body::MessageBody as _;
use actix_web::http::header::HeaderName;
use actix_web::test::TestRequest;
use flate2::read::GzDecoder;

use super::*;

const BEFORE: &str = "<!DOCTYPE html><html><body>";
const DRAWN: &str = "<a href=\"/basket\">Basket, empty</a>";

fn body() -> String {
    format!("{BEFORE}{DRAWN}{}", "<p>Stalls under one roof.</p>".repeat(100))
}

fn page() -> Rendered {
    let hole = BEFORE.len()..BEFORE.len() + DRAWN.len();
    Rendered::page(&Terms::pages(&CachingSettings::default()), body(), Some(hole))
}

fn own(pieces: u32) -> OwnPart {
    OwnPart { text: format!("<a href=\"/basket\">Basket, {pieces} items</a>"), mark: pieces }
}

fn request(headers: &[(&'static str, &str)]) -> RequestHead {
    let request = TestRequest::default();
    headers.iter().fold(request, |request, header| request.append_header(*header)).to_http_request().head().clone()
}

fn header(answer: &HttpResponse, name: HeaderName) -> String {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// The body as the browser shows it.
async fn read(answer: HttpResponse) -> String {
    let encoding = header(&answer, header::CONTENT_ENCODING);
    let length = answer.body().size();
    let bytes = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
    assert_eq!(length, actix_web::body::BodySize::Sized(bytes.len() as u64), "the announced length");
    let mut text = String::new();
    match encoding.as_str() {
        "gzip" => GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap(),
        "br" => brotli::Decompressor::new(&bytes[..], 4_096).read_to_string(&mut text).unwrap(),
        _ => (&bytes[..]).read_to_string(&mut text).unwrap(),
    };
    text
}

#[actix_web::test]
async fn every_encoding_is_the_same_page_under_a_tag_of_its_own() {
    let page = page();
    let mut tags = HashSet::new();
    for (accepted, encoding) in [("identity", ""), ("gzip", "gzip"), ("gzip, br", "br")] {
        let answer = page.answer(&request(&[("accept-encoding", accepted)]));
        assert_eq!(header(&answer, header::CONTENT_ENCODING), encoding);
        assert!(header(&answer, header::CACHE_CONTROL).starts_with("public, max-age=0, s-maxage=1"));
        assert_eq!(header(&answer, header::VARY), "Accept-Encoding, Accept-Language, Cookie");
        let tag = header(&answer, header::ETAG);
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag} is strong");
        tags.insert(tag);
        assert_eq!(read(answer).await, body());
    }
    assert_eq!(tags.len(), 3);
}

#[actix_web::test]
async fn a_visitors_own_part_stands_in_the_hole_and_is_nobody_elses() {
    let page = page();
    let mut tags = HashSet::new();
    for accepted in ["identity", "gzip", "gzip, br", "br"] {
        for pieces in [1, 12, 100] {
            let answer = page.answer_with(&request(&[("accept-encoding", accepted)]), own(pieces));
            assert_eq!(header(&answer, header::CACHE_CONTROL), "private, no-cache");
            assert_ne!(header(&answer, header::CONTENT_ENCODING), "br");
            tags.insert(header(&answer, header::ETAG));
            assert_eq!(read(answer).await, body().replace("Basket, empty", &format!("Basket, {pieces} items")));
        }
    }
    assert_eq!(tags.len(), 6, "two encodings with three numbers each");
}

#[actix_web::test]
async fn whoever_has_it_gets_no_body_but_the_same_terms() {
    let page = page();
    for own_part in [None, Some(12)] {
        let answer = |request: &RequestHead| match own_part {
            None => page.answer(request),
            Some(pieces) => page.answer_with(request, own(pieces)),
        };
        let first = answer(&request(&[("accept-encoding", "gzip")]));
        let tag = header(&first, header::ETAG);
        for known in [tag.clone(), format!("\"a\", W/{tag} ,\"b\""), "*".to_owned()] {
            let again = answer(&request(&[("accept-encoding", "gzip"), ("if-none-match", &known)]));
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
            for name in [header::ETAG, header::CACHE_CONTROL, header::VARY] {
                assert_eq!(header(&again, name.clone()), header(&first, name));
            }
            assert!(again.headers().get(header::CONTENT_TYPE).is_none());
        }
        let in_two_lines = request(&[("accept-encoding", "gzip"), ("if-none-match", "\"a\""), ("if-none-match", &tag)]);
        assert_eq!(answer(&in_two_lines).status(), StatusCode::NOT_MODIFIED);
        for unknown in ["\"other\"", "", "garbage", &tag.replace("-gz", ""), &tag.replace("-gz", "-br")] {
            let other = answer(&request(&[("accept-encoding", "gzip"), ("if-none-match", unknown)]));
            assert_eq!(other.status(), StatusCode::OK, "{unknown}");
        }
    }
}

#[test]
fn the_same_bytes_have_the_same_tags_and_other_bytes_have_others() {
    let tag = |rendered: &Rendered| header(&rendered.answer(&request(&[])), header::ETAG);
    assert_eq!(tag(&page()), tag(&page()));
    let other = Rendered::page(&Terms::pages(&CachingSettings::default()), body() + " ", None);
    assert_ne!(tag(&page()), tag(&other));
}

#[actix_web::test]
async fn without_a_hole_everybody_gets_the_same() {
    let document = Rendered::new("application/json", &Terms::documents(&CachingSettings::default()), "{}");
    let answer = document.answer_with(&request(&[("accept-encoding", "gzip")]), own(3));
    assert_eq!(header(&answer, header::VARY), "Accept-Encoding");
    assert_eq!(header(&answer, header::CONTENT_ENCODING), "", "too small to be worth it");
    assert!(header(&answer, header::CACHE_CONTROL).starts_with("public"));
    assert_eq!(read(answer).await, "{}");
    let nowhere = Rendered::page(&Terms::pages(&CachingSettings::default()), body(), Some(5..1_000_000));
    assert_eq!(read(nowhere.answer_with(&request(&[]), own(3))).await, body());
}

#[test]
fn all_encodings_together_weigh_no_more_than_was_said() {
    let page = page();
    page.warm();
    let taken = page.body.len() + page.gzip().whole().len() + page.brotli().len();
    assert!(taken < page.weight(), "{taken} of {}", page.weight());
}
