//! Servers that are spoken to by TLS only, as ElastiCache and MemoryDB are.

use halles_redis::{Connection, RedisError, RedisSettings};
use halles_settings::Secret;
use halles_testkit::{TestRedis, TlsFront};

async fn front() -> TlsFront {
    let redis = TestRedis::cache();
    let upstream = redis.url.strip_prefix("redis://").expect("an address").trim_end_matches('/').to_owned();
    TlsFront::before_redis(&upstream).await
}

async fn connect(host: &str, front: &TlsFront, authority: &TlsFront) -> Result<Connection, RedisError> {
    let settings = RedisSettings {
        ca_path: authority.authority().to_owned(),
        connect_timeout_ms: 2_000,
        ..RedisSettings::for_log()
    };
    Connection::connect("test", &Secret::new(format!("rediss://{host}:{}", front.addr.port())), &settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_used_by_tls_when_its_authority_vouches_for_it() {
    let front = front().await;
    let connection = connect("localhost", &front, &front).await.expect("an address");
    connection.ping().await.expect("a pong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_prove_its_name_is_not_spoken_to() {
    let (front, stranger) = (front().await, front().await);
    for (host, authority) in [("localhost", &stranger), ("127.0.0.1", &front)] {
        let connection = connect(host, &front, authority).await.expect("an address");
        assert!(matches!(connection.ping().await, Err(RedisError::Unavailable(_))), "{host}");
    }
    let plain = Secret::new(format!("redis://localhost:{}", front.addr.port()));
    let settings = RedisSettings { connect_timeout_ms: 500, ..RedisSettings::for_log() };
    let connection = Connection::connect("test", &plain, &settings).await.expect("an address");
    assert!(connection.ping().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_is_not_there_is_named() {
    let settings = RedisSettings { ca_path: "/no/such/file".into(), ..RedisSettings::for_log() };
    let refused = Connection::connect("test", &Secret::new("rediss://localhost:1"), &settings).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("/no/such/file")));
}
