//! Connections to one server that stay open, as a browser's do.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, ACCEPT_LANGUAGE, HOST, USER_AGENT};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Open connections that nobody uses at this moment.
pub(super) struct Connections {
    address: SocketAddr,
    host: String,
    idle: Mutex<Vec<SendRequest<Empty<Bytes>>>>,
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub status: StatusCode,
    pub first_byte: Instant,
    pub body: Vec<u8>,
}

/// No connection, or one that broke.
#[derive(Debug)]
pub(super) struct Broken;

impl Connections {
    pub fn to(address: SocketAddr, host: String) -> Self {
        Self { address, host, idle: Mutex::new(Vec::new()) }
    }

    /// Asks for a path over an open connection, or over a new one.
    pub async fn get(&self, path: &str) -> Result<Answer, Broken> {
        if let Some(connection) = self.take_idle() {
            // The server may have closed it a moment ago; a browser would open another one, too.
            if let Ok(answer) = self.get_over(connection, path).await {
                return Ok(answer);
            }
        }
        self.get_over(self.connect().await?, path).await
    }

    async fn get_over(&self, mut connection: SendRequest<Empty<Bytes>>, path: &str) -> Result<Answer, Broken> {
        let request = Request::get(path)
            .header(HOST, &self.host)
            .header(USER_AGENT, "halles-rehearse")
            .header(ACCEPT, "text/html")
            .header(ACCEPT_LANGUAGE, "fr,en;q=0.5");
        let request = request.body(Empty::new()).map_err(|_| Broken)?;
        let response = connection.send_request(request).await.map_err(|_| Broken)?;
        let answer = read(response).await?;
        if connection.is_ready() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        Ok(answer)
    }

    fn take_idle(&self) -> Option<SendRequest<Empty<Bytes>>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connection) = idle.pop() {
            if connection.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    async fn connect(&self) -> Result<SendRequest<Empty<Bytes>>, Broken> {
        let stream = TcpStream::connect(self.address).await.map_err(|_| Broken)?;
        // A request's last small packet must not wait for an acknowledgement.
        stream.set_nodelay(true).map_err(|_| Broken)?;
        let (requests, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| Broken)?;
        // How it ends shows in the request that it was carrying.
        tokio::spawn(connection);
        Ok(requests)
    }
}

async fn read(response: Response<hyper::body::Incoming>) -> Result<Answer, Broken> {
    let (first_byte, status) = (Instant::now(), response.status());
    let mut frames = response.into_body();
    let mut body = Vec::new();
    while let Some(frame) = frames.frame().await {
        if let Ok(data) = frame.map_err(|_| Broken)?.into_data() {
            body.extend_from_slice(&data);
        }
    }
    Ok(Answer { status, first_byte, body })
}
