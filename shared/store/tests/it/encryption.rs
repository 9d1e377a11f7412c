//! Databases that are spoken to by TLS only, as RDS is: reached by those who know its authority, and by nobody else.

use halles_store::{Reader, StoreError, StoreSettings};
use halles_testkit::TlsFront;
use url::Url;

use crate::market::{Market, settings};

async fn front(market: &Market) -> TlsFront {
    let url: Url = market.database.replica_url.parse().expect("an address");
    let (host, port) = (url.host_str().expect("a host"), url.port().expect("a port"));
    TlsFront::before_postgres(&format!("{host}:{port}")).await
}

/// The replica as `host` at the front's port, with these parameters.
fn through(market: &Market, front: &TlsFront, host: &str, parameters: &str) -> StoreSettings {
    let mut url: Url = market.database.replica_url.parse().expect("an address");
    url.set_host(Some(host)).expect("a host");
    url.set_port(Some(front.addr.port())).expect("a port");
    url.set_query((!parameters.is_empty()).then_some(parameters));
    // Without a primary: nothing else may answer in its place.
    let url = String::from(url).into();
    StoreSettings { replica_url: url, primary_url: "".into(), connect_timeout_ms: 5_000, ..settings(&market.database) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_read_by_tls_when_its_authority_vouches_for_it() {
    let market = Market::open().await;
    let bowl = market.listing(1).await;
    market.database.wait_for_replica().await;
    let front = front(&market).await;
    let verified = format!("sslmode=verify-full&sslrootcert={}", front.authority().display());
    let reader = Reader::new(&through(&market, &front, "localhost", &verified)).expect("a reader");
    let found = reader.find_listing(bowl.id).await.expect("an answer").expect("the bowl");
    assert_eq!(found.id, bowl.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_prove_its_name_is_not_spoken_to() {
    let market = Market::open().await;
    let bowl = market.listing(1).await;
    let front = front(&market).await;
    let stranger = TlsFront::before_postgres("127.0.0.1:1").await;
    let by_its_own = format!("sslmode=verify-full&sslrootcert={}", front.authority().display());
    let by_another = format!("sslmode=verify-full&sslrootcert={}", stranger.authority().display());
    // Another's authority; another name than the certificate has; no TLS at all where the server wants it.
    for (host, parameters) in [("localhost", by_another.as_str()), ("127.0.0.1", &by_its_own), ("localhost", "")] {
        let reader = Reader::new(&through(&market, &front, host, parameters)).expect("a reader");
        let refused = reader.find_listing(bowl.id).await;
        assert!(matches!(refused, Err(StoreError::Unavailable { .. })), "{host} {parameters}: {refused:?}");
    }
}
