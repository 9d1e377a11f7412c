//! Connections outside the pools, for work that needs a session of its own: migrations, bulk loads, the relay's lock.

use tokio_postgres::Client;

use crate::StoreError;
use crate::address::{Address, ConnectError};
use crate::error::{Server, describe};

/// Opens a session on the primary. `options` are settings of the session, such as `-c statement_timeout=0`.
pub(crate) async fn open(url: &str, application_name: &str, options: &str) -> Result<Client, StoreError> {
    let unusable = |error| StoreError::internal("reading a database address", error);
    let mut address = Address::parse(url).map_err(unusable)?;
    let given = address.config.get_options().unwrap_or_default().to_owned();
    address
        .config
        .options(format!("{given} {options}").trim())
        .application_name(application_name)
        .connect_timeout(std::time::Duration::from_secs(5))
        .keepalives_idle(std::time::Duration::from_secs(30));
    address.connect().await.map_err(|error| match error {
        ConnectError::Address(error) => unusable(error),
        ConnectError::Server(error) => StoreError::Unavailable { server: Server::Primary, reason: describe(&error) },
    })
}
