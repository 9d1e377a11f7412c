//! Counts what goes to a database or to Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use halles_testkit::TestRedis;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Stands between the service and a database, lets everything through, and counts the queries.
pub struct Turnstile {
    /// The database's address, through here.
    pub url: String,
    queries: Arc<AtomicUsize>,
}

impl Turnstile {
    /// A turnstile before the database at `url`.
    pub async fn before(url: &str) -> Self {
        let host = url.split('@').next_back().and_then(|rest| rest.split('/').next()).expect("a host").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let through_here = url.replace(&host, &listener.local_addr().expect("an address").to_string());
        let queries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&queries);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&host).await else { continue };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(count_queries(from_client, to_server, Arc::clone(&counted)));
                tokio::spawn(pass_on(from_server, to_client));
            }
        });
        Self { url: through_here, queries }
    }

    /// How many queries have gone through.
    pub fn queries(&self) -> usize {
        self.queries.load(Ordering::SeqCst)
    }
}

/// Reads what a client of PostgreSQL says, message by message: a first one without a kind, then a kind, a length that
/// counts itself, and a content. A query is run by an Execute (`E`) or a simple Query (`Q`).
async fn count_queries(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    queries: Arc<AtomicUsize>,
) -> std::io::Result<()> {
    let mut is_first = true;
    loop {
        let kind = if is_first { None } else { Some(from.read_u8().await?) };
        let length = from.read_u32().await?;
        let mut message = Vec::from_iter(kind);
        message.extend_from_slice(&length.to_be_bytes());
        let content_starts = message.len();
        message.resize(content_starts + length as usize - 4, 0);
        from.read_exact(&mut message[content_starts..]).await?;
        queries.fetch_add(usize::from(matches!(kind, Some(b'E' | b'Q'))), Ordering::SeqCst);
        to.write_all(&message).await?;
        is_first = false;
    }
}

async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> std::io::Result<u64> {
    tokio::io::copy(&mut from, &mut to).await
}

/// How many commands about `kind` of this test's entries reach Redis while `work` is done.
pub async fn count_redis_commands(redis: &TestRedis, kind: &str, work: impl Future<Output = ()>) -> usize {
    let host = redis.url.trim_start_matches("redis://").trim_end_matches('/');
    let mut watching = BufReader::new(TcpStream::connect(host).await.expect("Redis"));
    watching.write_all(b"MONITOR\r\n").await.expect("Redis listens");
    let mut line = String::new();
    watching.read_line(&mut line).await.expect("Redis answers");
    assert_eq!(line.trim(), "+OK");
    work.await;
    // Redis tells in order: once it has told of our own last word, it has told everything before it.
    let last_word = format!("{}the end", redis.prefix);
    let mut speaking = TcpStream::connect(host).await.expect("Redis");
    speaking.write_all(format!("ECHO \"{last_word}\"\r\n").as_bytes()).await.expect("Redis listens");
    let mut commands = 0;
    loop {
        let mut line = Vec::new();
        watching.read_until(b'\n', &mut line).await.expect("Redis tells");
        let line = String::from_utf8_lossy(&line);
        if line.contains(&last_word) {
            return commands;
        }
        // What a script does within itself is no further round trip.
        let is_ours = line.contains(&redis.prefix) && line.contains(kind) && !line.contains(" lua]");
        commands += usize::from(is_ours);
    }
}
