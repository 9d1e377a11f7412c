//! Connections to one server that stay open, as a browser's do.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HOST, USER_AGENT,
};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Ask, Wants};

/// Open connections that nobody uses at this moment.
pub(super) struct Connections {
    address: SocketAddr,
    host: String,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
    opened: AtomicU64,
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub status: StatusCode,
    pub first_byte: Instant,
    pub is_gzip: bool,
    pub body: Vec<u8>,
}

/// No connection, or one that broke.
#[derive(Debug)]
pub(super) struct Broken;

impl Connections {
    pub fn to(address: SocketAddr, host: String) -> Self {
        Self { address, host, idle: Mutex::new(Vec::new()), opened: AtomicU64::new(0) }
    }

    /// How many were opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// Asks over an open connection, or over a new one.
    pub async fn exchange(&self, ask: &Ask) -> Result<Answer, Broken> {
        if let Some(connection) = self.take_idle() {
            // The server may have closed it a moment ago; a browser would open another one, too. Orders carry a key, so
            // that asking twice is asking once.
            if let Ok(answer) = self.exchange_over(connection, ask).await {
                return Ok(answer);
            }
        }
        self.exchange_over(self.connect().await?, ask).await
    }

    async fn exchange_over(&self, mut connection: SendRequest<Full<Bytes>>, ask: &Ask) -> Result<Answer, Broken> {
        let response = connection.send_request(self.request(ask)?).await.map_err(|_| Broken)?;
        let answer = read(response).await?;
        if connection.is_ready() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        Ok(answer)
    }

    fn request(&self, ask: &Ask) -> Result<Request<Full<Bytes>>, Broken> {
        let request = Request::builder()
            .uri(&ask.path)
            .header(HOST, &self.host)
            .header(USER_AGENT, ask.visitor.user_agent())
            .header(ACCEPT_LANGUAGE, "fr,en;q=0.5");
        let request = match &ask.visitor.cookies {
            Some(cookies) => request.header(COOKIE, &**cookies),
            None => request,
        };
        let request = match &ask.wants {
            Wants::Page(_) => request.header(ACCEPT, "text/html").header(ACCEPT_ENCODING, "gzip").body(Full::default()),
            Wants::Order { key, body } => request
                .method(Method::POST)
                .header(ACCEPT, "application/json")
                .header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", key)
                .body(Full::from(body.clone())),
        };
        request.map_err(|_| Broken)
    }

    fn take_idle(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connection) = idle.pop() {
            if connection.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Broken> {
        let stream = TcpStream::connect(self.address).await.map_err(|_| Broken)?;
        // A request's last small packet must not wait for an acknowledgement.
        stream.set_nodelay(true).map_err(|_| Broken)?;
        let (requests, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| Broken)?;
        self.opened.fetch_add(1, Ordering::Relaxed);
        // How it ends shows in the request that it was carrying.
        tokio::spawn(connection);
        Ok(requests)
    }
}

async fn read(response: Response<hyper::body::Incoming>) -> Result<Answer, Broken> {
    let (first_byte, status) = (Instant::now(), response.status());
    let is_gzip = response.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
    let mut frames = response.into_body();
    let mut body = Vec::new();
    while let Some(frame) = frames.frame().await {
        if let Ok(data) = frame.map_err(|_| Broken)?.into_data() {
            body.extend_from_slice(&data);
        }
    }
    Ok(Answer { status, first_byte, is_gzip, body })
}
