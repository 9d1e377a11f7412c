//! Short sessions of the test kit itself.

use tokio_postgres::{Client, NoTls};
use url::Url;

/// Opens a session; it ends when the client is dropped.
pub(crate) async fn connect(url: &Url) -> Client {
    let (client, connection) = tokio_postgres::connect(url.as_str(), NoTls)
        .await
        .unwrap_or_else(|error| panic!("connecting to a test server on port {:?}: {error:?}", url.port()));
    tokio::spawn(connection);
    client
}
