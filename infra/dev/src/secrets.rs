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
    /// What the payment provider knows the shop by. A stack of an earlier version has none yet.
    #[serde(default)]
    pub payment_api: String,
    /// What the payment provider seals its notices with; likewise.
    #[serde(default)]
    pub payment_notice: String,
    /// What whoever sets a rung of the services' ladders must show; likewise.
    #[serde(default)]
    pub rung_token: String,
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
            Ok(text) => {
                let kept: Self = toml::from_str(&text).map_err(|error| io::Error::other(error.message().to_owned()))?;
                kept.complete(path)
            }
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

    /// Adds what a stack of an earlier version did not need, and keeps that, too.
    fn complete(mut self, path: &Path) -> io::Result<Self> {
        let younger = [&mut self.payment_api, &mut self.payment_notice, &mut self.rung_token];
        let missing: Vec<&mut String> = younger.into_iter().filter(|secret| secret.is_empty()).collect();
        if missing.is_empty() {
            return Ok(self);
        }
        missing.into_iter().for_each(|secret| *secret = one());
        let whole = path.with_extension("new");
        // What a crash has left of an earlier try.
        let _removed = fs::remove_file(&whole);
        let kept = self.keep(&whole)?;
        fs::rename(&whole, path)?;
        Ok(kept)
    }

    fn random() -> Self {
        Self {
            superuser: one(),
            replication: one(),
            owner: one(),
            read: one(),
            write: one(),
            signing: one(),
            payment_api: one(),
            payment_notice: one(),
            rung_token: one(),
        }
    }
}

/// A new secret.
fn one() -> String {
    format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>())
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
    fn a_stack_of_an_earlier_version_gets_what_it_lacks_and_keeps_it() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("secrets.toml");
        let whole = Secrets::load_or_create(&path).expect("creatable");
        let text = fs::read_to_string(&path).expect("readable");
        let old: Vec<&str> = text.lines().filter(|line| !line.starts_with("payment_")).collect();
        fs::write(&path, old.join("\n")).expect("writable");
        let first = Secrets::load_or_create(&path).expect("readable");
        let second = Secrets::load_or_create(&path).expect("readable");
        assert_eq!((&first.signing, &first.payment_api), (&whole.signing, &second.payment_api));
        assert!(!first.payment_api.is_empty() && first.payment_api != whole.payment_api);
        assert_eq!(fs::metadata(&path).expect("it exists").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn debug_output_hides_them() {
        let secrets = Secrets::random();
        assert!(!format!("{secrets:?}").contains(&secrets.signing));
    }
}
