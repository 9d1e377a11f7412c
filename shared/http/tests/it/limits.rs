//! Nothing without a bound: bodies, heads, time.

use std::time::{Duration, Instant};

use halles_http::HttpSettings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stall::{client, open, problem_of, settings};

/// Little room: for tests of what is too large.
fn narrow() -> HttpSettings {
    HttpSettings { body_limit_bytes: 2_000, ..settings() }
}

/// Little time: for tests of what takes too long.
fn hasty() -> HttpSettings {
    HttpSettings { request_deadline_ms: 300, head_timeout_ms: 1_000, ..settings() }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_announced_or_not() {
    let server = open(narrow());
    let client = client();
    let answer = client.post(server.url("/api/v1/bytes")).body(vec![b'x'; 2_000]).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "2000");
    let answer = client.post(server.url("/api/v1/bytes")).body(vec![b'x'; 2_001]).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    let problem = problem_of(answer).await;
    assert_eq!((problem.code.as_str(), &problem.more["limit_bytes"]), ("too_large", &2_000.into()));

    for (path, media_type) in [
        ("/api/v1/bytes", "application/octet-stream"),
        ("/api/v1/things", "application/json"),
        ("/lines", "application/x-www-form-urlencoded"),
    ] {
        let answer = send_in_chunks(server.addr, path, media_type, 5).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
    }
    server.stop().await;
}

/// Sends a body of 500 bytes a chunk, without saying how many will come.
async fn send_in_chunks(addr: std::net::SocketAddr, path: &str, media_type: &str, chunks: usize) -> String {
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\n\
         connection: close\r\n\r\n"
    );
    let mut message = head.into_bytes();
    for _ in 0..chunks {
        message.extend_from_slice(b"1f4\r\n");
        message.extend_from_slice(&[b'1'; 500]);
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(b"0\r\n\r\n");
    stream.write_all(&message).await.expect("sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn past_its_deadline_a_request_is_told_to_come_back() {
    let server = open(hasty());
    let start = Instant::now();
    let answer = client().get(server.url("/api/v1/slow")).send().await.unwrap();
    let took = start.elapsed();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "1");
    assert!(answer.headers().contains_key("x-request-id"));
    assert_eq!(problem_of(answer).await.code, "deadline_exceeded");
    assert!((Duration::from_millis(300)..Duration::from_secs(5)).contains(&took), "{took:?}");
    let answer = client().get(server.url("/slow")).header("cookie", "language=en").send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.text().await.unwrap().starts_with("<h1 lang=en>deadline_exceeded</h1>"));
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_dawdles_meets_the_deadline() {
    let server = open(hasty());
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    stream.write_all(b"POST /api/v1/bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc").await.unwrap();
    let mut answer = vec![0; 1_024];
    let length = stream.read(&mut answer).await.unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 503 "), "{}", String::from_utf8_lossy(&answer));
    server.stop().await;
}

#[tokio::test]
async fn a_head_that_dawdles_is_cut_off() {
    let server = open(hasty());
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x").await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer));
    server.stop().await;
}

#[tokio::test]
async fn nonsense_gets_an_answer_and_harms_nobody() {
    let server = open(narrow());
    for nonsense in [
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\0\0\0\0\r\n\r\n".to_owned(),
        "GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(300_000)),
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n".to_owned(),
    ] {
        let mut stream = TcpStream::connect(server.addr).await.unwrap();
        let _ = stream.write_all(nonsense.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(client().get(server.url("/")).send().await.unwrap().status(), 200);
    server.stop().await;
}
