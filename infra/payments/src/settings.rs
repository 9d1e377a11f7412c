//! The settings of the sandbox provider.

use halles_http::HttpSettings;
use halles_settings::{Faults, Secret, Validate};
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

/// Everything that `halles-payments` can be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Ports, limits and times of the server.
    pub http: HttpSettings,
    /// How it plays a provider.
    pub sandbox: SandboxSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
}

/// How it plays a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SandboxSettings {
    /// The key that the shop shows. The same as its `payment.api_key`.
    pub api_key: Secret,
    /// The secret that notices are sealed with. The same as the shop's `payment.notice_secret`.
    pub notice_secret: Secret,
    /// Where browsers reach the payment page: `/sandbox/payments/…` is put behind it. Empty when that is the address
    /// that the shop asks us at.
    pub public_url: String,
    /// The file that payments are written to. Empty keeps them in memory only, until the process ends.
    pub journal_path: String,
    /// How long the shop may take over a notice before it counts as not taken.
    pub notice_timeout_ms: u64,
    /// How often a notice is sent that nobody takes.
    pub notice_attempts: u32,
    /// The pause after the first time; it doubles up to `longest_pause_ms`.
    pub first_pause_ms: u64,
    /// The longest pause between two attempts.
    pub longest_pause_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            http: HttpSettings { port: 8151, admin_port: 9151, workers: 1, ..HttpSettings::default() },
            sandbox: SandboxSettings::default(),
            telemetry: TelemetrySettings::default(),
        }
    }
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self {
            api_key: Secret::default(),
            notice_secret: Secret::default(),
            public_url: String::new(),
            journal_path: String::new(),
            notice_timeout_ms: 5_000,
            // With these pauses about ten minutes: longer than a shop's release, shorter than a day of waiting.
            notice_attempts: 15,
            first_pause_ms: 500,
            longest_pause_ms: 60_000,
        }
    }
}

impl Validate for Settings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("http", &self.http);
        faults.section("sandbox", &self.sandbox);
        faults.section("telemetry", &self.telemetry);
    }
}

impl Validate for SandboxSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(!self.api_key.is_empty(), "api_key", "must be set to the shop's payment.api_key");
        faults.check(
            !self.notice_secret.is_empty(),
            "notice_secret",
            "must be set to the shop's payment.notice_secret",
        );
        faults.check_positive("notice_timeout_ms", self.notice_timeout_ms);
        faults.check_positive("notice_attempts", self.notice_attempts);
        faults.check_positive("first_pause_ms", self.first_pause_ms);
        faults.check_positive("longest_pause_ms", self.longest_pause_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_keys_must_be_set() {
        let missing: Vec<String> = Faults::of(&Settings::default()).into_iter().map(|fault| fault.setting).collect();
        assert_eq!(missing, ["sandbox.api_key", "sandbox.notice_secret"]);
    }
}
