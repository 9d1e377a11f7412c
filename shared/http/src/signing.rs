//! Texts that others carry for us, and that only we can have written.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use halles_settings::{Faults, Secret, Validate};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Shorter secrets could be guessed.
const MIN_SECRET_CHARS: usize = 32;

/// The section `signing`; the same in every service and instance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SigningSettings {
    /// The key of everything that we sign: at least 32 characters from a random source. There is no default, because
    /// a known key is none.
    pub secret: Secret,
    /// The key of before, while it is being changed: what it signed stays valid, nothing new is signed with it.
    pub previous_secret: Secret,
}

impl Validate for SigningSettings {
    fn validate(&self, faults: &mut Faults) {
        let is_long_enough = |secret: &Secret| secret.expose().chars().count() >= MIN_SECRET_CHARS;
        let reason = format!("must have at least {MIN_SECRET_CHARS} characters");
        faults.check(is_long_enough(&self.secret), "secret", &reason);
        let previous_is_fine = self.previous_secret.is_empty() || is_long_enough(&self.previous_secret);
        faults.check(previous_is_fine, "previous_secret", &reason);
    }
}

/// Signs with HMAC-SHA256. What is signed for one purpose is worth nothing for another.
#[derive(Clone)]
pub struct Signer {
    current: Hmac<Sha256>,
    previous: Option<Hmac<Sha256>>,
}

/// Why a sealed text was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It does not have the shape of a sealed text.
    #[error("this is no sealed text")]
    Malformed,
    /// It was not sealed by us, or not for this purpose, or has been changed.
    #[error("the seal is broken")]
    Broken,
    /// It was sealed by us, too long ago.
    #[error("the seal has expired")]
    Expired,
}

impl Signer {
    /// A signer with these keys.
    pub fn new(settings: &SigningSettings) -> Self {
        Self {
            current: keyed(&settings.secret),
            previous: settings.previous_secret.expose_if_set().map(|_| keyed(&settings.previous_secret)),
        }
    }

    /// The code of these parts for `purpose`: the same for the same input, unguessable without the key. Parts are
    /// kept apart, so moving a byte from one to the next gives another code.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        absorb(&self.current, purpose, parts).finalize().into_bytes().into()
    }

    /// `text` with the time and a seal behind it. The text may hold anything that its carrier can carry.
    pub fn seal(&self, purpose: &str, text: &str, now: Timestamp) -> String {
        let issued_at = now.as_second().to_string();
        let code = self.mac(purpose, &[text.as_bytes(), issued_at.as_bytes()]);
        format!("{text}.{issued_at}.{}", URL_SAFE_NO_PAD.encode(code))
    }

    /// The text inside, if it was sealed by us for this purpose and at most `max_age` ago.
    pub fn open<'a>(
        &self,
        purpose: &str,
        sealed: &'a str,
        max_age: Duration,
        now: Timestamp,
    ) -> Result<&'a str, SealError> {
        let mut parts = sealed.rsplitn(3, '.');
        let (Some(code), Some(issued_at), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(SealError::Malformed);
        };
        let code = URL_SAFE_NO_PAD.decode(code).map_err(|_| SealError::Malformed)?;
        if !self.has_signed(purpose, &[text.as_bytes(), issued_at.as_bytes()], &code) {
            return Err(SealError::Broken);
        }
        let issued_at: i64 = issued_at.parse().map_err(|_| SealError::Malformed)?;
        let age = now.as_second().saturating_sub(issued_at);
        let max_age = i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX);
        if age > max_age { Err(SealError::Expired) } else { Ok(text) }
    }

    /// Compares in constant time, so that the answer's delay tells nothing about the right code.
    fn has_signed(&self, purpose: &str, parts: &[&[u8]], code: &[u8]) -> bool {
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .any(|key| absorb(key, purpose, parts).verify_slice(code).is_ok())
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(***)")
    }
}

fn keyed(secret: &Secret) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes a key of any length")
}

/// Everything goes in behind its length, so that no two inputs look alike.
fn absorb(key: &Hmac<Sha256>, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = key.clone();
    for part in [purpose.as_bytes()].iter().chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn signer(secret: &str) -> Signer {
        Signer::new(&SigningSettings { secret: Secret::new(secret), previous_secret: Secret::default() })
    }

    fn noon() -> Timestamp {
        "2026-06-04T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_secret_must_be_there_and_long() {
        assert_eq!(Faults::of(&SigningSettings::default()).len(), 1);
        let short = SigningSettings { secret: "x".repeat(31).into(), previous_secret: "short".into() };
        assert_eq!(Faults::of(&short).len(), 2);
        let long = SigningSettings { secret: "x".repeat(32).into(), previous_secret: Secret::default() };
        assert_eq!(Faults::of(&long), []);
    }

    #[test]
    fn what_was_sealed_can_be_opened_for_a_day() {
        let signer = signer("a secret of more than thirty-two characters");
        let sealed = signer.seal("test", "17x2.x", noon());
        assert_eq!(signer.open("test", &sealed, DAY, noon() + DAY), Ok("17x2.x"));
        assert_eq!(signer.open("test", &sealed, DAY, noon() + DAY + Duration::from_secs(1)), Err(SealError::Expired));
    }

    #[test]
    fn another_purpose_or_key_opens_nothing() {
        let ours = signer("a secret of more than thirty-two characters");
        let sealed = ours.seal("basket", "17x2", noon());
        assert_eq!(ours.open("order", &sealed, DAY, noon()), Err(SealError::Broken));
        let theirs = signer("another secret of more than thirty-two characters");
        assert_eq!(theirs.open("basket", &sealed, DAY, noon()), Err(SealError::Broken));
    }

    #[test]
    fn a_changed_key_still_opens_what_the_one_before_sealed() {
        let before = "a secret of more than thirty-two characters";
        let sealed = signer(before).seal("basket", "17x2", noon());
        let after = Signer::new(&SigningSettings {
            secret: "another secret of more than thirty-two characters".into(),
            previous_secret: before.into(),
        });
        assert_eq!(after.open("basket", &sealed, DAY, noon()), Ok("17x2"));
        assert_ne!(after.seal("basket", "17x2", noon()), sealed);
    }

    #[test]
    fn parts_are_kept_apart() {
        let signer = signer("a secret of more than thirty-two characters");
        assert_ne!(signer.mac("order", &[b"ab", b"c"]), signer.mac("order", &[b"a", b"bc"]));
        assert_ne!(signer.mac("order", &[b"ab"]), signer.mac("ordera", &[b"b"]));
    }

    proptest! {
        #[test]
        fn a_changed_text_is_never_accepted(text in "[ -~]{0,40}", position in 0_usize..200, byte in 33_u8..127) {
            let signer = signer("a secret of more than thirty-two characters");
            let sealed = signer.seal("test", &text, noon());
            prop_assert_eq!(signer.open("test", &sealed, DAY, noon()), Ok(text.as_str()));
            let mut changed = sealed.clone().into_bytes();
            let position = position % changed.len();
            changed[position] = byte;
            let changed = String::from_utf8(changed).unwrap();
            // The last character of the code has bits that mean nothing; the decoder refuses any but zeroes there.
            prop_assume!(changed != sealed);
            prop_assert!(signer.open("test", &changed, DAY, noon()).is_err());
        }

        #[test]
        fn nothing_from_outside_makes_it_panic(text in "\\PC{0,80}") {
            let signer = signer("a secret of more than thirty-two characters");
            prop_assert!(signer.open("test", &text, DAY, noon()).is_err());
        }
    }
}
