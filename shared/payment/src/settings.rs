//! What may be set about the payment provider.

use std::time::Duration;

use halles_settings::{Faults, Secret, Validate};
use serde::{Deserialize, Serialize};
use url::Url;

/// Shorter keys could be guessed.
const MIN_SECRET_CHARS: usize = 32;

/// The section `payment`: where the provider is and how we know each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaymentSettings {
    /// The address of the provider's API, such as `https://pay.example.org`.
    pub provider_url: String,
    /// The key that the provider knows us by.
    pub api_key: Secret,
    /// The secret that its notices are sealed with; at least 32 characters. Only who reads notices needs it.
    pub notice_secret: Secret,
    /// The origin of the provider's payment pages as browsers see it, such as `https://pay.example.org`: our pages may
    /// send their forms there. Empty when it is that of `provider_url`.
    pub page_origin: String,
    /// How long one request to the provider may take. Too low starts payments twice (harmless) and tells shoppers
    /// "try again" for nothing; too high lets a provider that hangs hold their requests.
    pub timeout_ms: u64,
    /// The most requests to the provider at once from this process, so that a slow provider does not take all of it.
    pub max_concurrent: u32,
    /// How far a notice's time may be from ours. Providers send again what was not taken, sealed anew, so this only has
    /// to cover the difference of two clocks.
    pub notice_window_s: u64,
}

impl Default for PaymentSettings {
    fn default() -> Self {
        Self {
            provider_url: String::new(),
            api_key: Secret::default(),
            notice_secret: Secret::default(),
            page_origin: String::new(),
            // Within a request's deadline of five seconds, with time left for the answer.
            timeout_ms: 3_000,
            // At a tenth of a second each, hundreds of shoppers a second begin to pay.
            max_concurrent: 64,
            notice_window_s: 300,
        }
    }
}

impl PaymentSettings {
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    pub(crate) fn notice_window(&self) -> Duration {
        Duration::from_secs(self.notice_window_s)
    }

    /// Where browsers may be sent to pay.
    pub fn page_origin(&self) -> String {
        if self.page_origin.is_empty() {
            origin_of(&self.provider_url).unwrap_or_default()
        } else {
            self.page_origin.clone()
        }
    }

    /// The rest of what holds for whoever reads notices.
    pub fn validate_notices(&self, faults: &mut Faults) {
        let is_long_enough = self.notice_secret.expose().chars().count() >= MIN_SECRET_CHARS;
        let reason = format!("must have at least {MIN_SECRET_CHARS} characters");
        faults.check(is_long_enough, "payment.notice_secret", reason);
    }
}

impl Validate for PaymentSettings {
    fn validate(&self, faults: &mut Faults) {
        let reason = "must be set to the http or https address of the payment provider";
        faults.check(origin_of(&self.provider_url).is_some(), "provider_url", reason);
        faults.check(!self.api_key.is_empty(), "api_key", "must be set to the key that the provider gave us");
        let is_origin = self.page_origin.is_empty() || origin_of(&self.page_origin).as_ref() == Some(&self.page_origin);
        faults.check(is_origin, "page_origin", "must be an origin such as https://pay.example.org, or empty");
        faults.check_positive("timeout_ms", self.timeout_ms);
        faults.check_positive("max_concurrent", self.max_concurrent);
        faults.check((1..=3_600).contains(&self.notice_window_s), "notice_window_s", "must be between 1 and 3,600");
    }
}

/// The origin of an HTTP address.
fn origin_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_and_who_must_be_set() {
        let missing: Vec<String> =
            Faults::of(&PaymentSettings::default()).into_iter().map(|fault| fault.setting).collect();
        assert_eq!(missing, ["provider_url", "api_key"]);
    }

    #[test]
    fn pages_are_where_the_provider_is_unless_told_otherwise() {
        let mut settings =
            PaymentSettings { provider_url: "http://127.0.0.1:8151/v1".into(), ..PaymentSettings::default() };
        assert_eq!(settings.page_origin(), "http://127.0.0.1:8151");
        settings.page_origin = "https://pay.example.org".into();
        assert_eq!(settings.page_origin(), "https://pay.example.org");
        for bad in [
            "javascript:alert(1)",
            "https://pay.example.org; script-src *",
            "pay.example.org",
            "https://x.example/page",
        ] {
            settings.page_origin = bad.into();
            assert!(Faults::of(&settings).iter().any(|fault| fault.setting == "page_origin"), "{bad}");
        }
    }
}
