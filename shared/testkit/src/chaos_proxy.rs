//! A TCP proxy that a test can cut, mend, slow down and silence.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens on the wire at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    /// Bytes pass, each read after this delay.
    Passing(Duration),
    /// Connections are open, and nothing passes.
    Stalled,
    /// Connections are closed, and new ones are closed at once.
    Cut,
}

/// Stands between clients and one server. It listens until it is dropped.
#[derive(Debug)]
pub struct ChaosProxy {
    /// Where clients connect.
    pub addr: SocketAddr,
    weather: watch::Sender<Weather>,
    accepting: JoinHandle<()>,
}

impl ChaosProxy {
    /// Starts a proxy before `upstream` (`host:port`), on a free port, with everything passing.
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("a bound socket has an address");
        let (weather, forecast) = watch::channel(Weather::Passing(Duration::ZERO));
        let accepting = tokio::spawn(accept(listener, upstream.to_owned(), forecast));
        Self { addr, weather, accepting }
    }

    /// Starts a proxy before the server of `url`; returns it with the address that leads through it.
    pub async fn before(url: &str) -> (Self, String) {
        let mut url: url::Url = url.parse().expect("an address");
        let host = url.host_str().expect("an address with a host").to_owned();
        let port = url.port().expect("an address with a port");
        let proxy = Self::start(&format!("{host}:{port}")).await;
        url.set_host(Some(&proxy.addr.ip().to_string())).expect("a host");
        url.set_port(Some(proxy.addr.port())).expect("a port");
        (proxy, url.into())
    }

    /// Closes every connection, and every new one at once, until [`ChaosProxy::restore`].
    pub fn cut(&self) {
        self.weather.send_replace(Weather::Cut);
    }

    /// Lets everything pass again.
    pub fn restore(&self) {
        self.weather.send_replace(Weather::Passing(Duration::ZERO));
    }

    /// Holds back whatever passes, in both directions, by `delay`.
    pub fn delay(&self, delay: Duration) {
        self.weather.send_replace(Weather::Passing(delay));
    }

    /// Keeps every connection open and lets nothing pass, as a server does whose machine hangs.
    pub fn stall(&self) {
        self.weather.send_replace(Weather::Stalled);
    }
}

impl Drop for ChaosProxy {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, upstream: String, forecast: watch::Receiver<Weather>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(serve(client, upstream.clone(), forecast.clone()));
    }
}

/// Carries one connection until either side closes it or it is cut.
async fn serve(client: TcpStream, upstream: String, mut forecast: watch::Receiver<Weather>) {
    let mut cut = forecast.clone();
    let carried = async move {
        // Only a server that can be reached at this moment takes the connection.
        if forecast.wait_for(|weather| *weather != Weather::Stalled).await.is_err() {
            return;
        }
        let Ok(server) = TcpStream::connect(upstream).await else { return };
        // Small packets pass at once, or every delay would be Nagle's.
        drop((client.set_nodelay(true), server.set_nodelay(true)));
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::select! {
            () = carry(from_client, to_server, forecast.clone()) => {}
            () = carry(from_server, to_client, forecast) => {}
        }
    };
    tokio::select! {
        () = carried => {}
        _ = cut.wait_for(|weather| *weather == Weather::Cut) => {}
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut forecast: watch::Receiver<Weather>) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(length) => length,
        };
        let Ok(weather) = forecast.wait_for(|weather| matches!(weather, Weather::Passing(_))).await.map(|now| *now)
        else {
            return;
        };
        if let Weather::Passing(delay) = weather
            && !delay.is_zero()
        {
            tokio::time::sleep(delay).await;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, timeout};

    use super::*;

    /// A server that says back whatever it hears.
    async fn echo() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("an address").to_string();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = client.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        addr
    }

    async fn ask(wire: &mut TcpStream) -> std::io::Result<u8> {
        wire.write_all(b"?").await?;
        wire.read_u8().await
    }

    #[tokio::test]
    async fn cuts_and_mends() {
        let proxy = ChaosProxy::start(&echo().await).await;
        let mut wire = TcpStream::connect(proxy.addr).await.expect("connects");
        assert_eq!(ask(&mut wire).await.expect("passes"), b'?');
        proxy.cut();
        assert!(ask(&mut wire).await.is_err(), "the connection is closed");
        let mut refused = TcpStream::connect(proxy.addr).await.expect("the proxy itself is there");
        assert!(ask(&mut refused).await.is_err(), "and so is a new one");
        proxy.restore();
        let mut wire = TcpStream::connect(proxy.addr).await.expect("connects");
        assert_eq!(ask(&mut wire).await.expect("passes again"), b'?');
    }

    #[tokio::test]
    async fn slows_down_and_falls_silent() {
        let proxy = ChaosProxy::start(&echo().await).await;
        let mut wire = TcpStream::connect(proxy.addr).await.expect("connects");
        assert_eq!(ask(&mut wire).await.expect("passes"), b'?');
        let start = Instant::now();
        proxy.delay(Duration::from_millis(20));
        assert_eq!(ask(&mut wire).await.expect("passes, late"), b'?');
        assert!(start.elapsed() >= Duration::from_millis(40), "once there, once back");
        proxy.stall();
        assert!(timeout(Duration::from_millis(50), ask(&mut wire)).await.is_err(), "open, and nothing passes");
        proxy.restore();
        assert_eq!(wire.read_u8().await.expect("what was held back passes"), b'?');
    }
}
