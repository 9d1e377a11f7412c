//! The settings of the mailbox.

use halles_http::HttpSettings;
use halles_settings::{Faults, Validate};
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

/// Everything that `halles-mailbox` can be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Ports, limits and times of the pages.
    pub http: HttpSettings,
    /// How mails are taken.
    pub mailbox: MailboxSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
}

/// How mails are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailboxSettings {
    /// The port for SMTP, on the same address as the pages; 0 takes any free one.
    pub smtp_port: u16,
    /// How many mails are kept; the oldest goes first.
    pub max_mails: u32,
    /// The largest mail.
    pub max_mail_bytes: u32,
    /// The file that the name (`Message-ID`) of every mail is written to as it comes, a line each: for whoever compares
    /// what came with what was sent, however much that is. Empty writes none.
    pub register_path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            http: HttpSettings { port: 8161, admin_port: 9161, workers: 1, ..HttpSettings::default() },
            mailbox: MailboxSettings::default(),
            telemetry: TelemetrySettings::default(),
        }
    }
}

impl Default for MailboxSettings {
    fn default() -> Self {
        // A few megabytes at most: ours have two kilobytes each.
        Self { smtp_port: 2525, max_mails: 2_000, max_mail_bytes: 256 * 1024, register_path: String::new() }
    }
}

impl Validate for Settings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("http", &self.http);
        faults.section("telemetry", &self.telemetry);
        faults.check(self.mailbox.max_mails > 0, "mailbox.max_mails", "must be greater than 0");
        faults.check(self.mailbox.max_mail_bytes >= 1_024, "mailbox.max_mail_bytes", "must be at least 1,024");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used() {
        assert_eq!(Faults::of(&Settings::default()), []);
    }
}
