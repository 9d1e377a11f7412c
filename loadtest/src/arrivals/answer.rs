//! An HTTP/1.1 answer (RFC 9112), read into a buffer that its connection keeps: at most some `recv`s and no other work than
//! finding where it ends.

use std::ops::Range;
use std::time::Instant;

use httparse::{EMPTY_HEADER, Response, Status, parse_chunk_size};
use reqwest::StatusCode;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use super::connection::Broken;

/// Room for one read: most answers fit.
const READ_BYTES: usize = 32 << 10;
/// No answer of ours is longer.
const LONGEST: usize = 8 << 20;
/// More headers than any answer has.
const MOST_HEADERS: usize = 64;

/// What came, but for its body, which is this part of the buffer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub first_byte: Instant,
    pub is_gzip: bool,
    pub body: Range<usize>,
    /// Whether the shopper was led to the waiting room, or is in it.
    pub waits: bool,
    /// Whether the connection may be used again.
    pub keeps_open: bool,
}

/// What a head says about what follows.
struct Head {
    status: StatusCode,
    length: Length,
    is_gzip: bool,
    waits: bool,
    closes: bool,
    ends_at: usize,
}

#[derive(Clone, Copy)]
enum Length {
    Known(usize),
    Chunked,
    UntilClosed,
}

/// Reads one answer. What the buffer held before is gone.
pub(super) async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Answer, Broken> {
    buffer.clear();
    let mut incoming = Incoming { stream, buffer };
    incoming.more().await?;
    let first_byte = Instant::now();
    let head = incoming.head().await?;
    let body = match head.length {
        Length::Known(length) => {
            let body = head.ends_at..head.ends_at + length;
            incoming.until(body.end).await?;
            body
        }
        Length::Chunked => incoming.chunks(head.ends_at).await?,
        Length::UntilClosed => incoming.rest(head.ends_at).await?,
    };
    let is_framed = !matches!(head.length, Length::UntilClosed);
    let Head { status, is_gzip, waits, closes, .. } = head;
    Ok(Answer { status, first_byte, is_gzip, body, waits, keeps_open: is_framed && !closes })
}

struct Incoming<'a> {
    stream: &'a mut TcpStream,
    buffer: &'a mut Vec<u8>,
}

impl Incoming<'_> {
    async fn more(&mut self) -> Result<(), Broken> {
        if self.buffer.len() > LONGEST {
            return Err(Broken);
        }
        self.buffer.reserve(READ_BYTES);
        match self.stream.read_buf(self.buffer).await {
            Ok(0) | Err(_) => Err(Broken),
            Ok(_) => Ok(()),
        }
    }

    async fn until(&mut self, length: usize) -> Result<(), Broken> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn head(&mut self) -> Result<Head, Broken> {
        loop {
            match Head::parse(self.buffer)? {
                // "Early hints" and their like come before the answer.
                Some(head) if head.status.is_informational() => drop(self.buffer.drain(..head.ends_at)),
                Some(head) => return Ok(head),
                None => self.more().await?,
            }
        }
    }

    /// Brings the chunks together where the first one begins.
    async fn chunks(&mut self, begins: usize) -> Result<Range<usize>, Broken> {
        let (mut read, mut written) = (begins, begins);
        loop {
            let (line, size) = match parse_chunk_size(&self.buffer[read..]).map_err(|_| Broken)? {
                Status::Complete(found) => found,
                Status::Partial => {
                    self.more().await?;
                    continue;
                }
            };
            let size = usize::try_from(size).ok().filter(|size| *size <= LONGEST).ok_or(Broken)?;
            let chunk = read + line..read + line + size;
            // The end of a line follows each, also the last one, which is empty.
            self.until(chunk.end + 2).await?;
            if size == 0 {
                return Ok(begins..written);
            }
            read = chunk.end + 2;
            self.buffer.copy_within(chunk, written);
            written += size;
        }
    }

    async fn rest(&mut self, begins: usize) -> Result<Range<usize>, Broken> {
        while self.buffer.len() <= LONGEST {
            self.buffer.reserve(READ_BYTES);
            if self.stream.read_buf(self.buffer).await.map_err(|_| Broken)? == 0 {
                return Ok(begins..self.buffer.len());
            }
        }
        Err(Broken)
    }
}

impl Head {
    /// The head that the buffer begins with; none when it has not come whole.
    fn parse(buffer: &[u8]) -> Result<Option<Self>, Broken> {
        let mut headers = [EMPTY_HEADER; MOST_HEADERS];
        let mut response = Response::new(&mut headers);
        let Status::Complete(ends_at) = response.parse(buffer).map_err(|_| Broken)? else { return Ok(None) };
        let status = response.code.and_then(|code| StatusCode::from_u16(code).ok()).ok_or(Broken)?;
        let mut head = Self {
            status,
            length: Length::UntilClosed,
            is_gzip: false,
            waits: false,
            closes: response.version != Some(1),
            ends_at,
        };
        for header in response.headers {
            let is = |value: &str| header.value.eq_ignore_ascii_case(value.as_bytes());
            match header.name {
                name if name.eq_ignore_ascii_case("content-length") => {
                    let digits = str::from_utf8(header.value).map_err(|_| Broken)?;
                    let length = digits.parse().ok().filter(|length| *length <= LONGEST).ok_or(Broken)?;
                    head.length = Length::Known(length);
                }
                name if name.eq_ignore_ascii_case("transfer-encoding") && is("chunked") => {
                    head.length = Length::Chunked
                }
                name if name.eq_ignore_ascii_case("content-encoding") => head.is_gzip = is("gzip"),
                name if name.eq_ignore_ascii_case("x-waiting-room") => head.waits = true,
                name if name.eq_ignore_ascii_case("connection") => head.closes |= is("close"),
                _ => {}
            }
        }
        if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) || status.is_informational() {
            head.length = Length::Known(0);
        }
        Ok(Some(head))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    /// What is read when a server says this, in these pieces, and hangs up.
    async fn told(pieces: &[&str]) -> Result<(u16, String, bool), Broken> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let mut asking = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("a connection");
        let (mut telling, _) = listener.accept().await.expect("a connection");
        let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let telling = tokio::spawn(async move {
            for piece in pieces {
                telling.write_all(piece.as_bytes()).await.expect("somebody reads");
                telling.flush().await.expect("somebody reads");
                tokio::task::yield_now().await;
            }
        });
        let mut buffer = b"of an earlier answer".to_vec();
        let answer = read(&mut asking, &mut buffer).await;
        telling.await.expect("told");
        let answer = answer?;
        let body = String::from_utf8(buffer[answer.body].to_vec()).expect("text");
        Ok((answer.status.as_u16(), body, answer.keeps_open))
    }

    fn read_as(status: u16, body: &str, keeps_open: bool) -> Result<(u16, String, bool), Broken> {
        Ok((status, body.to_owned(), keeps_open))
    }

    #[tokio::test]
    async fn an_answer_ends_where_it_says() {
        let plain = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage";
        assert_eq!(told(&[plain]).await, read_as(200, "page", true));
        assert_eq!(
            told(&["HTTP/1.1 20", "0 OK\r\ncontent-le", "ngth: 4\r\n\r", "\npa", "ge"]).await,
            read_as(200, "page", true)
        );
        let closing = "HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(told(&[closing]).await, read_as(503, "", false));
        assert_eq!(told(&["HTTP/1.1 304 Same\r\nContent-Length: 9000\r\n\r\n"]).await, read_as(304, "", true));
        assert_eq!(told(&["HTTP/1.0 200 OK\r\n\r\nto the ", "end"]).await, read_as(200, "to the end", false));
        let hinted = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
        assert_eq!(told(&[hinted]).await, read_as(200, "x", true));
    }

    #[tokio::test]
    async fn chunks_are_brought_together_wherever_they_are_torn() {
        let whole =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nthe \r\nA;x=y\r\nright page\r\n0\r\n\r\n";
        for cut in 1..whole.len() {
            let (before, after) = whole.split_at(cut);
            assert_eq!(told(&[before, after]).await, read_as(200, "the right page", true), "cut at {cut}");
        }
    }

    #[tokio::test]
    async fn what_breaks_off_is_broken() {
        for pieces in [
            &[""][..],
            &["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npage"],
            &["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\npage"],
            &["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\npage"],
            &["HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\npage"],
            &["SSH-2.0-elsewhere\r\n"],
        ] {
            assert_eq!(told(pieces).await, Err(Broken), "{pieces:?}");
        }
    }
}
