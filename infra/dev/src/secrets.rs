//! Passwords and signing keys of one local stack: made once, kept in its state directory, readable by its owner only.
//!
//! Nothing here is ever printed or put on a command line, where every user of the machine could read it.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The secrets of one stack.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// PostgreSQL's superuser, used only to create roles and the database.
    pub superuser: String,
    /// The role that the standby streams with.
    pub replication: String,
    /// The role that owns the tables and migrates them.
    pub owner: String,
    /// The role that may only read.
    pub read: String,
    /// The role that writes what services write.
    pub write: String,
    /// Signs basket cookies and derives order numbers; the same in all services.
    pub signing: String,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets(***)")
    }
}

impl Secrets {
    /// Reads the secrets at `path`, or makes new ones and keeps them there.
    pub fn load_or_create(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|error| io::Error::other(error.message().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::random().keep(path),
            Err(error) => Err(error),
        }
    }

    /// Makes secrets with one password for all roles: tests change the role in an address, not the password.
    pub fn create_shared(path: &Path) -> io::Result<Self> {
        let mut secrets = Self::random();
        for password in [&mut secrets.superuser, &mut secrets.read, &mut secrets.write] {
            password.clone_from(&secrets.owner);
        }
        secrets.keep(path)
    }

    fn keep(self, path: &Path) -> io::Result<Self> {
        let text = toml::to_string(&self).map_err(io::Error::other)?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        Ok(self)
    }

    fn random() -> Self {
        let one = || format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
        Self { superuser: one(), replication: one(), owner: one(), read: one(), write: one(), signing: one() }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn secrets_are_kept_and_closed_to_others() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("secrets.toml");
        let first = Secrets::load_or_create(&path).expect("creatable");
        let second = Secrets::load_or_create(&path).expect("readable");
        assert_eq!(first.owner, second.owner);
        assert_ne!(first.owner, first.read);
        assert_eq!(fs::metadata(&path).expect("it exists").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn debug_output_hides_them() {
        let secrets = Secrets::random();
        assert!(!format!("{secrets:?}").contains(&secrets.signing));
    }
}
