//! One keep-alive connection that asks one thing at a time, with as little work as possible for each answer.

use std::io::{self, ErrorKind};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::ports::LOOPBACK;

/// Room for one read: most answers fit.
const READ_BYTES: usize = 64 << 10;
/// How long an answer may take. Without a limit, a server that hangs would hang the benchmark.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest head of an answer.
const MAX_HEAD_BYTES: usize = 16 << 10;

/// A connection to a server on this machine; a new one follows when the server ends it after an answer.
pub struct Connection {
    port: u16,
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The last answer said that it is the last.
    is_over: bool,
}

/// A whole answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }
}

/// The bytes of a `GET` request.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {LOOPBACK}\r\n\r\n").into_bytes()
}

/// The bytes of a request with a JSON document and other headers, each ended by `\r\n`.
pub fn with_json(method: &str, path: &str, headers: &str, json: &str) -> Vec<u8> {
    let length = json.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {LOOPBACK}\r\n{headers}content-type: application/json\r\n\
         content-length: {length}\r\n\r\n{json}"
    )
    .into_bytes()
}

impl Connection {
    /// Connects.
    pub async fn open(port: u16) -> io::Result<Self> {
        Ok(Self { port, stream: connect(port).await?, buffer: Vec::new(), is_over: false })
    }

    /// Connects anew, after an answer that was broken off.
    pub async fn reopen(&mut self) -> io::Result<()> {
        self.stream = connect(self.port).await?;
        self.is_over = false;
        Ok(())
    }

    /// Sends a request and reads the whole answer. After an error the connection is of no more use.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        timeout(PATIENCE, self.exchange_patiently(request)).await?
    }

    async fn exchange_patiently(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        if self.is_over {
            self.reopen().await?;
        }
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head_length = self.read_head().await?;
        let Frame { status, body_length } = Frame::parse(&self.buffer[..head_length])?;
        let whole = head_length + body_length;
        while self.buffer.len() < whole {
            self.read_more().await?;
        }
        let head = std::str::from_utf8(&self.buffer[..head_length]).map_err(|_| broken("the head is not text"))?;
        self.is_over = header(head, "connection").is_some_and(|word| word.eq_ignore_ascii_case("close"));
        Ok(Answer { status, head, body: &self.buffer[head_length..whole] })
    }

    async fn read_head(&mut self) -> io::Result<usize> {
        let mut searched = 0;
        loop {
            self.read_more().await?;
            if let Some(end) = self.buffer[searched..].windows(4).position(|four| four == b"\r\n\r\n") {
                return Ok(searched + end + 4);
            }
            searched = self.buffer.len().saturating_sub(3);
            if searched > MAX_HEAD_BYTES {
                return Err(broken("the head does not end"));
            }
        }
    }

    async fn read_more(&mut self) -> io::Result<()> {
        self.buffer.reserve(READ_BYTES);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

async fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((LOOPBACK, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// What of a head is needed to read the rest.
struct Frame {
    status: u16,
    body_length: usize,
}

impl Frame {
    fn parse(head: &[u8]) -> io::Result<Self> {
        let head = std::str::from_utf8(head).map_err(|_| broken("the head is not text"))?;
        let status = head.get(9..12).and_then(|digits| digits.parse().ok());
        let status = status.filter(|_| head.starts_with("HTTP/1.1 ")).ok_or_else(|| broken("no status line"))?;
        if matches!(status, 204 | 304) {
            return Ok(Self { status, body_length: 0 });
        }
        let length = header(head, "content-length").and_then(|digits| digits.parse().ok());
        Ok(Self { status, body_length: length.ok_or_else(|| broken("no Content-Length"))? })
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn broken(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
