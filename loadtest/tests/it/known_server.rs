//! A server of which everything is known: how long it takes, when it stands still, what it says.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, sleep_until};

/// What it does with every request.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How long it takes.
    pub delay: Duration,
    /// From when to when, after its start, it stands still altogether.
    pub pause: Option<(Duration, Duration)>,
    pub status: u16,
    pub body: &'static str,
    /// More headers, each with the end of its line.
    pub headers: &'static str,
    /// From when on, after its first answers, it says something else.
    pub wrong_after: Option<Duration>,
}

impl Default for Manner {
    fn default() -> Self {
        Self { delay: Duration::ZERO, pause: None, status: 200, body: "the right page", headers: "", wrong_after: None }
    }
}

/// Over one connection, the first answers are right in any case: whoever looks around first finds the way.
const FIRST_ANSWERS: u32 = 6;

/// Serves on a thread of its own until the process ends.
pub fn serve(manner: Manner) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("a socket");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (listener, started) = (TcpListener::from_std(listener).expect("a listener"), Instant::now());
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, manner, started));
            }
        });
    });
    address
}

async fn talk(mut stream: TcpStream, manner: Manner, started: Instant) {
    let (mut received, mut answered) = (Vec::new(), 0);
    loop {
        let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else {
            let mut buffer = [0; 4_096];
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(bytes) => received.extend_from_slice(&buffer[..bytes]),
            }
            continue;
        };
        received.drain(..end + 4);
        sleep(manner.delay).await;
        if let Some((from, until)) = manner.pause
            && (from..until).contains(&started.elapsed())
        {
            sleep_until(started + until).await;
        }
        let Manner { status, mut body, headers, .. } = manner;
        if manner.wrong_after.is_some_and(|after| answered >= FIRST_ANSWERS && started.elapsed() >= after) {
            body = "another page";
        }
        answered += 1;
        let answer = format!("HTTP/1.1 {status} So\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
