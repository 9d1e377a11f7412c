//! Connections to one server that stay open, as a browser's do.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::answer::{self, Answer};
use super::{Ask, Wants, lock};

/// Open connections that nobody uses at this moment.
pub(super) struct Connections {
    address: SocketAddr,
    host: String,
    idle: Mutex<Vec<Connection>>,
    opened: AtomicU64,
}

/// One connection, and the last answer that came over it.
pub(super) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

/// No connection, or one that broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

impl Connections {
    pub fn to(address: SocketAddr, host: String) -> Self {
        Self { address, host, idle: Mutex::new(Vec::new()), opened: AtomicU64::new(0) }
    }

    /// How many were opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// Asks over an open connection, or over a new one. Whoever has read the answer puts the connection back.
    pub async fn exchange(&self, ask: &Ask) -> Result<(Answer, Connection), Broken> {
        let idle = lock(&self.idle).pop();
        if let Some(mut connection) = idle {
            // The server may have closed it a moment ago; a browser would open another one, too. Orders carry a key, so
            // that asking twice is asking once.
            if let Ok(answer) = connection.exchange(&self.host, ask).await {
                return Ok((answer, connection));
            }
        }
        let mut connection = self.connect().await?;
        let answer = connection.exchange(&self.host, ask).await?;
        Ok((answer, connection))
    }

    /// Keeps a connection for the next who asks, if the server does.
    pub fn put_back(&self, connection: Connection, answer: &Answer) {
        if answer.keeps_open {
            lock(&self.idle).push(connection);
        }
    }

    async fn connect(&self) -> Result<Connection, Broken> {
        let stream = TcpStream::connect(self.address).await.map_err(|_| Broken)?;
        // A request's last small packet must not wait for an acknowledgement.
        stream.set_nodelay(true).map_err(|_| Broken)?;
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Connection { stream, request: Vec::new(), buffer: Vec::new() })
    }
}

impl Connection {
    /// The body of the answer that came last.
    pub fn body(&self, answer: &Answer) -> &[u8] {
        &self.buffer[answer.body.clone()]
    }

    async fn exchange(&mut self, host: &str, ask: &Ask) -> Result<Answer, Broken> {
        self.request.clear();
        write_request(&mut self.request, host, ask).map_err(|_| Broken)?;
        self.stream.write_all(&self.request).await.map_err(|_| Broken)?;
        answer::read(&mut self.stream, &mut self.buffer).await
    }
}

/// A request as a browser would send it.
fn write_request(into: &mut Vec<u8>, host: &str, ask: &Ask) -> std::io::Result<()> {
    let method = match ask.wants {
        Wants::Page(_) => "GET",
        Wants::Order { .. } => "POST",
    };
    let (path, user_agent) = (&ask.path, ask.visitor.user_agent());
    write!(
        into,
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: {user_agent}\r\naccept-language: fr,en;q=0.5\r\n"
    )?;
    if let Some(cookies) = &ask.visitor.cookies {
        write!(into, "cookie: {cookies}\r\n")?;
    }
    match &ask.wants {
        Wants::Page(_) => write!(into, "accept: text/html\r\naccept-encoding: gzip\r\n\r\n"),
        Wants::Order { key, body } => write!(
            into,
            "accept: application/json\r\ncontent-type: application/json\r\nidempotency-key: {key}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrivals::Visitor;

    fn written(ask: &Ask) -> String {
        let mut bytes = Vec::new();
        write_request(&mut bytes, "shop:8080", ask).expect("memory");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn a_request_says_who_asks_and_for_what() {
        let mut page = Ask::page(0, "/l/1", "<h1>");
        let plain = written(&page);
        assert!(plain.starts_with("GET /l/1 HTTP/1.1\r\nhost: shop:8080\r\n") && plain.ends_with("gzip\r\n\r\n"));
        assert!(!plain.contains("cookie"), "{plain}");
        page.visitor = Visitor { has_phone: true, cookies: Some("basket=1".into()) };
        assert!(written(&page).contains("\r\ncookie: basket=1\r\n") && written(&page).contains("Mobile"));
        let wants = Wants::Order { key: "intent-1".to_owned(), body: "{\"é\":1}".to_owned() };
        let order = written(&Ask { wants, ..page });
        assert!(order.starts_with("POST ") && order.contains("\r\nidempotency-key: intent-1\r\n"));
        assert!(order.ends_with("\r\ncontent-length: 8\r\n\r\n{\"é\":1}"), "{order}");
    }
}
