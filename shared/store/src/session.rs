//! Connections outside the pools, for work that needs a session of its own: migrations, bulk loads, the relay's lock.

use tokio_postgres::{Client, NoTls};

use crate::StoreError;
use crate::error::{Server, describe};

/// Opens a session on the primary. `options` are settings of the session, such as `-c statement_timeout=0`.
pub(crate) async fn open(url: &str, application_name: &str, options: &str) -> Result<Client, StoreError> {
    let mut config: tokio_postgres::Config =
        url.parse().map_err(|error| StoreError::internal("reading a database address", error))?;
    let given = config.get_options().unwrap_or_default().to_owned();
    config
        .options(format!("{given} {options}").trim())
        .application_name(application_name)
        .connect_timeout(std::time::Duration::from_secs(5))
        .keepalives_idle(std::time::Duration::from_secs(30));
    let (client, connection) = config
        .connect(NoTls)
        .await
        .map_err(|error| StoreError::Unavailable { server: Server::Primary, reason: describe(&error) })?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(reason = describe(&error), "a database session ended");
        }
    });
    Ok(client)
}
