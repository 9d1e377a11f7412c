//! TLS in front of a server that speaks none, under a certificate of an authority made for the test.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// How a client of PostgreSQL asks for TLS before it begins: a length of 8 and a number that no version has.
const POSTGRES_ASKS_FOR_TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Takes connections by TLS for `localhost` and passes on what is inside. It listens until it is dropped.
#[derive(Debug)]
pub struct TlsFront {
    /// Where clients connect.
    pub addr: SocketAddr,
    authority: PathBuf,
    accepting: JoinHandle<()>,
    _directory: TempDir,
}

impl TlsFront {
    /// Before a PostgreSQL at `upstream` (`host:port`), whose clients ask for TLS in the clear first.
    pub async fn before_postgres(upstream: &str) -> Self {
        Self::start(upstream, true).await
    }

    /// Before a Redis at `upstream`, whose clients speak TLS from the first byte.
    pub async fn before_redis(upstream: &str) -> Self {
        Self::start(upstream, false).await
    }

    /// The file with the authority that vouches for this server, and for no other.
    pub fn authority(&self) -> &Path {
        &self.authority
    }

    async fn start(upstream: &str, clients_ask_first: bool) -> Self {
        let (config, authority) = certified();
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("authority.pem");
        std::fs::write(&path, authority).expect("writable");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("a bound socket has an address");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let accepting = tokio::spawn(accept(listener, acceptor, upstream.to_owned(), clients_ask_first));
        Self { addr, authority: path, accepting, _directory: directory }
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A server's configuration under a new authority, and that authority as PEM.
fn certified() -> (ServerConfig, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().expect("a key");
    let authority_certificate = authority.self_signed(&authority_key).expect("a certificate");
    let issuer = Issuer::new(authority, authority_key);
    let server_key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let server_certificate = server.signed_by(&server_key, &issuer).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![server_certificate.der().clone()], key)
        .expect("a certificate and its key");
    (config, authority_certificate.pem())
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, upstream: String, clients_ask_first: bool) {
    while let Ok((client, _)) = listener.accept().await {
        let (acceptor, upstream) = (acceptor.clone(), upstream.clone());
        // A client that will not trust us goes away in the middle of it; that is what some tests are about.
        tokio::spawn(async move { pass(client, &acceptor, &upstream, clients_ask_first).await.ok() });
    }
}

async fn pass(
    mut client: TcpStream,
    acceptor: &TlsAcceptor,
    upstream: &str,
    clients_ask_first: bool,
) -> std::io::Result<()> {
    if clients_ask_first {
        let mut asked = [0; 8];
        client.read_exact(&mut asked).await?;
        if asked != POSTGRES_ASKS_FOR_TLS {
            return Ok(());
        }
        client.write_all(b"S").await?;
    }
    let mut inside = acceptor.accept(client).await?;
    let mut server = TcpStream::connect(upstream).await?;
    copy_bidirectional(&mut inside, &mut server).await?;
    Ok(())
}
