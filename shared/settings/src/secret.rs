//! A setting that must not be shown: a key, or an address that carries a password.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A text that logs, errors and `--print-config` show as `***`. Empty means "not set".
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is not set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself when it is set.
    pub fn expose_if_set(&self) -> Option<&str> {
        (!self.is_empty()).then_some(self.expose())
    }

    /// What may be seen of it: whether it is set.
    fn mask(&self) -> &'static str {
        if self.is_empty() { "" } else { "***" }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "(not set)" } else { "***" })
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.mask())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_shows_itself() {
        let secret = Secret::new("postgres://halles:open-sesame@localhost/halles");
        let table = std::collections::BTreeMap::from([("url", secret.clone())]);
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(toml::to_string(&table).expect("TOML"), "url = \"***\"\n");
        assert_eq!(secret.expose_if_set(), Some("postgres://halles:open-sesame@localhost/halles"));
    }

    #[test]
    fn an_empty_one_is_not_set() {
        assert_eq!(Secret::default().expose_if_set(), None);
        assert_eq!(format!("{:?}", Secret::default()), "(not set)");
    }
}
