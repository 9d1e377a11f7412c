use std::io;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::ports::LOOPBACK;

/// Answers every request of every connection after a pause.
async fn server(pause: Duration, answer: &'static [&'static [u8]]) -> u16 {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.expect("loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, pause, answer));
        }
    });
    port
}

async fn serve(mut stream: TcpStream, pause: Duration, answer: &'static [&'static [u8]]) -> io::Result<()> {
    let mut request = [0; 1_024];
    while stream.read(&mut request).await? > 0 {
        tokio::time::sleep(pause).await;
        for part in answer {
            stream.write_all(part).await?;
            stream.flush().await?;
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

const HELLO: &[&[u8]] = &[b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Seen: yes\r\n\r\nhello"];

#[tokio::test]
async fn each_request_is_sent_once_and_its_answer_shown() {
    let port = server(Duration::ZERO, HELLO).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = Arc::clone(&seen);
    let load = Load { ports: vec![port], connections: 4, requests: 100, per_second: None };
    let measured = load
        .run(
            |number| format!("/{number}"),
            move |number, answer| {
                assert_eq!((answer.body, answer.header("x-seen")), (&b"hello"[..], Some("yes")));
                sees.lock().expect("nobody panicked").push(number);
            },
        )
        .await
        .expect("the server is there");
    assert_eq!((measured.answered, measured.failed, measured.latencies.len()), (100, 0, 100));
    let mut seen = seen.lock().expect("nobody panicked").clone();
    seen.sort_unstable();
    assert_eq!(seen, (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn answers_in_pieces_are_put_together() {
    let port = server(Duration::ZERO, &[b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 4\r\n\r", b"\nab", b"cd"]).await;
    let mut connection = Connection::open(port).await.expect("the server is there");
    for _ in 0..2 {
        assert_eq!(connection.exchange(&get("/")).await.expect("an answer").body, b"abcd");
    }
}

#[tokio::test]
async fn refusals_and_nonsense_are_failures() {
    const REFUSAL: &[&[u8]] = &[b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"];
    const ENDLESS: &[&[u8]] = &[b"HTTP/1.1 200 OK\r\n\r\n"];
    for answer in [REFUSAL, ENDLESS] {
        let load =
            Load { ports: vec![server(Duration::ZERO, answer).await], connections: 1, requests: 3, per_second: None };
        let measured = load.run(|_| "/".to_owned(), |_, _| {}).await.expect("the server is there");
        assert_eq!((measured.answered, measured.failed), (0, 3));
    }
}

/// One connection, 20 ms for each answer, a request due every 5 ms: the wait of those that could not be sent counts.
#[tokio::test]
async fn an_open_loop_counts_from_when_a_request_was_due() {
    let port = server(Duration::from_millis(20), HELLO).await;
    let load = Load { ports: vec![port], connections: 1, requests: 20, per_second: Some(200.0) };
    let measured = load.run(|_| "/".to_owned(), |_, _| {}).await.expect("the server is there");
    assert_eq!(measured.answered, 20);
    assert!(measured.quantile(1.0) >= Duration::from_millis(250), "{:?}", measured.quantile(1.0));
}

/// The same, but nobody waits longer than 50 ms for the connection: it is free for thirteen of forty at most.
#[tokio::test]
async fn whoever_waits_too_long_for_a_connection_goes_away() {
    let port = server(Duration::from_millis(20), HELLO).await;
    let load = Load { ports: vec![port], connections: 1, requests: 40, per_second: Some(200.0) };
    let measured = load.send_impatiently(Duration::from_millis(50), |_| get("/"), |_, _| {}).await;
    let measured = measured.expect("the server is there");
    assert_eq!((measured.answered + measured.given_up, measured.failed), (40, 0));
    assert!(measured.given_up >= 27, "{} were given up", measured.given_up);
    assert_eq!(measured.latencies.len(), measured.answered, "what was never sent took no time");
}
