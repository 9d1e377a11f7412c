//! Addresses of databases, and whether the way there is encrypted.
//!
//! An address is what libpq takes: `postgres://user:password@host:port/database`. With
//! `?sslmode=verify-full&sslrootcert=FILE` the connection is encrypted and the server has to prove its name to one of the
//! authorities in FILE (for RDS: Amazon's bundle); without, it is in the clear, which is for a machine of one's own. There is
//! nothing in between: encryption to whoever answers is no protection.

use std::path::PathBuf;
use std::sync::Arc;

use deadpool_postgres::{Manager, ManagerConfig};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::describe;

/// Why an address cannot be used. Never repeats it: there is a password in it.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It is not written as an address is.
    #[error("is no address of a database such as postgres://user@host:port/database")]
    Form,
    /// It asks for a kind of encryption that we do not offer.
    #[error("sslmode is verify-full, together with sslrootcert, or neither is there")]
    Encryption,
    /// The authorities could not be read.
    #[error("the authorities in {path} cannot be used: {reason}")]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// Where a database is, and how it is spoken to.
#[derive(Debug)]
pub(crate) struct Address {
    /// Everything but the encryption.
    pub(crate) config: Config,
    authorities: Option<PathBuf>,
}

impl Address {
    /// Reads an address, and no file.
    pub(crate) fn parse(text: &str) -> Result<Self, AddressError> {
        let (place, parameters) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut authorities, mut others) = (None, None, Vec::new());
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => authorities = Some(PathBuf::from(value)),
                _ => others.push(parameter),
            }
        }
        let is_encrypted = match (mode, &authorities) {
            (None | Some("disable"), None) => false,
            (Some("verify-full"), Some(_)) => true,
            _ => return Err(AddressError::Encryption),
        };
        let rest = if others.is_empty() { place.to_owned() } else { format!("{place}?{}", others.join("&")) };
        let mut config: Config = rest.parse().map_err(|_| AddressError::Form)?;
        if config.get_hosts().is_empty() {
            return Err(AddressError::Form);
        }
        config.ssl_mode(if is_encrypted { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, authorities })
    }

    /// What makes connections for a pool.
    pub(crate) fn manager(self, settings: ManagerConfig) -> Result<Manager, AddressError> {
        Ok(match self.connector()? {
            Some(tls) => Manager::from_config(self.config, tls, settings),
            None => Manager::from_config(self.config, NoTls, settings),
        })
    }

    /// Opens one session, which ends with the client.
    pub(crate) async fn connect(&self) -> Result<Client, ConnectError> {
        let client = match self.connector()? {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls).await?;
                tokio::spawn(until_it_ends(connection));
                client
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                tokio::spawn(until_it_ends(connection));
                client
            }
        };
        Ok(client)
    }

    fn connector(&self) -> Result<Option<MakeRustlsConnect>, AddressError> {
        let Some(path) = &self.authorities else { return Ok(None) };
        let refuse = |reason: String| AddressError::Authorities { path: path.clone(), reason };
        let mut roots = RootCertStore::empty();
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| refuse(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| refuse(error.to_string()))?;
            roots.add(certificate).map_err(|error| refuse(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(refuse("there is none in it".to_owned()));
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| refuse(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Some(MakeRustlsConnect::new(config)))
    }
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error(transparent)]
    Server(#[from] tokio_postgres::Error),
}

/// Carries a session's messages. The statement in flight fails too when it breaks, and is what the caller sees.
async fn until_it_ends(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(reason = describe(&error), "a database session ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "postgres://reader:secret@one:5432/halles";

    #[test]
    fn an_address_is_in_the_clear_or_fully_verified() {
        let plain = Address::parse(PLAIN).expect("an address");
        assert_eq!((plain.config.get_ssl_mode(), plain.authorities), (SslMode::Disable, None));
        let sealed = Address::parse(&format!("{PLAIN}?sslmode=verify-full&sslrootcert=/etc/halles/ca.pem"));
        let sealed = sealed.expect("an address");
        assert_eq!(sealed.config.get_ssl_mode(), SslMode::Require);
        assert_eq!(sealed.authorities, Some(PathBuf::from("/etc/halles/ca.pem")));
        for halfway in ["sslmode=require", "sslmode=prefer", "sslmode=verify-full", "sslrootcert=/etc/halles/ca.pem"] {
            let refused = Address::parse(&format!("{PLAIN}?{halfway}"));
            assert!(matches!(refused, Err(AddressError::Encryption)), "{halfway}: {refused:?}");
        }
    }

    #[test]
    fn other_parameters_stay() {
        let many = Address::parse(
            "postgres://reader@one:5432,two:5432/halles?load_balance_hosts=random&sslmode=verify-full&sslrootcert=/ca",
        );
        let many = many.expect("an address");
        assert_eq!(many.config.get_hosts().len(), 2);
        assert_eq!(many.config.get_load_balance_hosts(), tokio_postgres::config::LoadBalanceHosts::Random);
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for text in ["", "mysql://open-sesame@host", "postgres:///nowhere"] {
            let refused = Address::parse(text).expect_err("no address");
            assert!(!refused.to_string().contains("open-sesame"), "{refused}");
        }
    }

    #[test]
    fn authorities_that_are_not_there_are_named() {
        let address = Address::parse(&format!("{PLAIN}?sslmode=verify-full&sslrootcert=/no/such/file"));
        let refused = address.expect("an address").connector().err().expect("no file");
        assert!(refused.to_string().contains("/no/such/file"), "{refused}");
    }
}
