//! What may be set about sending mails.

use std::time::Duration;

use halles_settings::{Faults, Secret, Validate};
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

/// The section `mail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// The mail server, such as `smtps://user:password@mail.example.org` or `smtp://127.0.0.1:2525`. Empty sends no
    /// mails: they wait.
    pub smtp_url: Secret,
    /// Who writes, such as `Halles <orders@halles.example.org>`.
    pub from: String,
    /// How long a step of the conversation with the server may take.
    pub timeout_ms: u64,
    /// The most conversations at once.
    pub max_connections: u32,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            smtp_url: Secret::default(),
            from: "Halles <orders@halles.invalid>".to_owned(),
            // Mail servers that are in a bad mood answer slowly on purpose.
            timeout_ms: 10_000,
            // What most servers allow one client.
            max_connections: 4,
        }
    }
}

impl MailSettings {
    pub(crate) const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

impl Validate for MailSettings {
    fn validate(&self, faults: &mut Faults) {
        let url = self.smtp_url.expose();
        let is_address = url.is_empty() || url.starts_with("smtp://") || url.starts_with("smtps://");
        faults.check(is_address, "smtp_url", "must be an smtp or smtps address, or empty");
        faults.check(
            self.from.parse::<Mailbox>().is_ok(),
            "from",
            "must be an address such as `Name <name@example.org>`",
        );
        faults.check_positive("timeout_ms", self.timeout_ms);
        faults.check((1..=100).contains(&self.max_connections), "max_connections", "must be between 1 and 100");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used() {
        assert_eq!(Faults::of(&MailSettings::default()), []);
    }

    #[test]
    fn a_sender_without_an_address_is_refused() {
        let settings = MailSettings { from: "Halles".into(), ..MailSettings::default() };
        assert!(Faults::of(&settings).iter().any(|fault| fault.setting == "from"));
    }
}
