//! What every answer carries, and what is known of whoever asks.

use std::io::Read;

use crate::stall::{client, open, settings};

#[tokio::test]
async fn every_answer_has_its_name_and_its_security_headers() {
    let server = open(settings());
    for path in ["/", "/nothing", "/api/v1/broken", "/panic", "/style.css"] {
        let answer = client().get(server.url(path)).header("x-request-id", "tv-show-1").send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers["x-request-id"], "tv-show-1", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{path}");
        assert!(!headers.contains_key("strict-transport-security"), "{path}");
    }
    let secure = client().get(server.url("/")).header("x-forwarded-proto", "https").send().await.unwrap();
    assert!(secure.headers().contains_key("strict-transport-security"));
    server.stop().await;
}

#[tokio::test]
async fn a_request_belongs_to_the_trace_of_its_caller() {
    let server = open(settings());
    let caller = "4bf92f3577b34da6a3ce929d0e0e4736";
    let traceparent = format!("00-{caller}-00f067aa0ba902b7-01");
    let trace = async |request: reqwest::RequestBuilder| request.send().await.unwrap().text().await.unwrap();
    let url = server.url("/trace");
    assert_eq!(trace(client().get(&url).header("traceparent", &traceparent)).await, caller);
    // Nobody collects traces here, so none is begun, and what the caller does not record costs us nothing.
    let nothing = "0".repeat(32);
    let unrecorded = format!("00-{caller}-00f067aa0ba902b7-00");
    for header in [&unrecorded, "00-0-0-00", "garbage"] {
        assert_eq!(trace(client().get(&url).header("traceparent", header)).await, nothing, "{header}");
    }
    assert_eq!(trace(client().get(&url)).await, nothing);
    // A made-up trace is not joined.
    let own = trace(client().get(&url).header("traceparent", "00-0-0-01")).await;
    assert!(own != nothing && own != caller, "{own}");
    server.stop().await;
}

#[tokio::test]
async fn a_handlers_own_policy_is_kept() {
    let server = open(settings());
    let answer = client().get(server.url("/docs")).send().await.unwrap();
    assert_eq!(answer.headers()["content-security-policy"], "default-src 'self'");
    server.stop().await;
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let server = open(settings());
    let answer = client().head(server.url("/style.css")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/css");
    assert_eq!(answer.text().await.unwrap(), "");
    server.stop().await;
}

#[tokio::test]
async fn what_a_browser_has_already_is_not_sent_again() {
    let server = open(settings());
    let first = client().get(server.url("/style.css")).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let second = client().get(server.url("/style.css")).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(second.status(), 304);
    assert_eq!(second.text().await.unwrap(), "");
    server.stop().await;
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_can_read_it() {
    let server = open(settings());
    let answer = client().get(server.url("/style.css")).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let compressed = answer.bytes().await.unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(&compressed[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, "body { color: black }".repeat(100));
    assert!(compressed.len() < text.len() / 10);
    server.stop().await;
}

#[tokio::test]
async fn the_language_can_be_chosen_and_leads_back() {
    let server = open(settings());
    let client = client();
    let answer = client.get(server.url("/language?to=en&back=/l/17%3Fx=y")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (303, &"/l/17?x=y".parse().unwrap()));
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("language=en;") && cookie.contains("SameSite=Lax"), "{cookie}");
    let chosen = cookie.split(';').next().unwrap();
    let request = client.get(server.url("/?q=1")).header("cookie", chosen).header("accept-language", "fr");
    assert_eq!(request.send().await.unwrap().text().await.unwrap(), "en 0 /?q=1");

    for path in ["/language?to=en&back=//evil.example", "/language?to=tlh", "/language"] {
        assert_eq!(client.get(server.url(path)).send().await.unwrap().status(), 400, "{path}");
    }
    server.stop().await;
}
