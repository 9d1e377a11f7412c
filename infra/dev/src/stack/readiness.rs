//! When a process of the stack counts as ready.
//!
//! One look at a time: the supervisor and `status` decide how often to look. A look never takes longer than its limit.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::ports::LOOPBACK;

/// Longest time one look may take; a process that needs longer to answer a health check is not ready.
const LOOK: Duration = Duration::from_secs(2);

/// How to see whether a process is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Readiness {
    /// `GET /readyz` on this port answers 200.
    Http {
        /// The admin port.
        port: u16,
    },
    /// A Prometheus that has read its rules and its data.
    Prometheus {
        /// The port that it serves on.
        port: u16,
    },
    /// A Redis that answers `PING` with `PONG`, which it does not while it loads its files.
    Redis {
        /// The port that it serves on.
        port: u16,
    },
    /// A PostgreSQL that accepts connections: for the standby, once what it replayed is consistent.
    Postgres {
        /// The port that it serves on.
        port: u16,
        /// PostgreSQL's own tool for the question.
        pg_isready: PathBuf,
    },
}

impl Readiness {
    /// Looks once.
    pub async fn look(&self) -> bool {
        let look = async {
            match self {
                Self::Http { port } => http_is_ok(*port, "/readyz").await,
                Self::Prometheus { port } => http_is_ok(*port, "/-/ready").await,
                Self::Redis { port } => answers(*port, b"PING\r\n", b"+PONG").await,
                Self::Postgres { port, pg_isready } => accepts_connections(*port, pg_isready).await,
            }
        };
        timeout(LOOK, look).await.unwrap_or(false)
    }
}

async fn http_is_ok(port: u16, path: &str) -> bool {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nConnection: close\r\n\r\n");
    answers(port, request.as_bytes(), b"HTTP/1.1 200").await
}

/// Whether a server answers `question` with something that begins with `expected`.
async fn answers(port: u16, question: &[u8], expected: &[u8]) -> bool {
    let exchange = async {
        let mut stream = TcpStream::connect((LOOPBACK, port)).await?;
        stream.write_all(question).await?;
        let mut answer = vec![0; expected.len()];
        stream.read_exact(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    exchange.await.is_ok_and(|answer| answer == expected)
}

async fn accepts_connections(port: u16, pg_isready: &PathBuf) -> bool {
    let mut command = Command::new(pg_isready);
    command.args(["--quiet", "--host", "127.0.0.1", "--port", &port.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.status().await.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    async fn server_that_says(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind((LOOPBACK, 0)).await.expect("loopback has free ports");
        let port = listener.local_addr().expect("it is bound").port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut question = [0; 256];
                let _read = stream.read(&mut question).await;
                let _written = stream.write_all(answer).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn only_a_200_is_ready() {
        let ready = server_that_says(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        let busy = server_that_says(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await;
        assert!(Readiness::Http { port: ready }.look().await);
        assert!(!Readiness::Http { port: busy }.look().await);
    }

    #[tokio::test]
    async fn a_redis_that_still_loads_is_not_ready() {
        let loading = server_that_says(b"-LOADING Redis is loading the dataset in memory\r\n").await;
        let ready = server_that_says(b"+PONG\r\n").await;
        assert!(!Readiness::Redis { port: loading }.look().await);
        assert!(Readiness::Redis { port: ready }.look().await);
    }
}
