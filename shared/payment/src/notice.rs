//! The seal on a provider's notices: `t=<unix seconds>,v1=<hex>`, where the hex is the HMAC-SHA256 of
//! `<unix seconds>.<body>` under a secret that both sides know.
//!
//! The time is under the seal, so an old notice cannot be sent again as a new one, however it was come by.

use std::time::Duration;

use halles_settings::Secret;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// The header that carries the seal.
pub const NOTICE_SEAL_HEADER: &str = "Halles-Payment-Seal";

/// Why a notice is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// The seal does not have the shape of one.
    #[error("the seal cannot be read")]
    Malformed,
    /// It was not made with the secret, or the notice has been changed.
    #[error("the seal is broken")]
    Broken,
    /// It was made too long ago, or in the future.
    #[error("the seal is not of this moment")]
    OutOfWindow,
    /// The seal is good, the notice is not.
    #[error("the notice makes no sense: {0}")]
    Nonsense(String),
}

/// Makes seals and checks them.
#[derive(Clone)]
pub struct NoticeSeal {
    key: Hmac<Sha256>,
    window: Duration,
}

impl std::fmt::Debug for NoticeSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NoticeSeal(***)")
    }
}

impl NoticeSeal {
    /// Seals under this secret that are good for `window` before and after they were made.
    pub fn new(secret: &Secret, window: Duration) -> Self {
        let key = Hmac::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes a key of any length");
        Self { key, window }
    }

    /// The seal of a notice that is sent now.
    pub fn seal(&self, body: &[u8], now: Timestamp) -> String {
        let seconds = now.as_second().to_string();
        let code = self.absorb(&seconds, body).finalize().into_bytes();
        let hex: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={seconds},v1={hex}")
    }

    /// Whether this seal was made for this body around now. The code is compared in constant time, and first, so that
    /// nobody without the secret learns anything about our clock.
    pub fn check(&self, seal: &str, body: &[u8], now: Timestamp) -> Result<(), NoticeError> {
        let (seconds, code) = parts(seal).ok_or(NoticeError::Malformed)?;
        self.absorb(seconds, body).verify_slice(&code).map_err(|_| NoticeError::Broken)?;
        let sealed_at: i64 = seconds.parse().map_err(|_| NoticeError::Malformed)?;
        let distance = now.as_second().abs_diff(sealed_at);
        if distance > self.window.as_secs() { Err(NoticeError::OutOfWindow) } else { Ok(()) }
    }

    fn absorb(&self, seconds: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.key.clone();
        mac.update(seconds.as_bytes());
        mac.update(b".");
        mac.update(body);
        mac
    }
}

/// The time and the code of a seal.
fn parts(seal: &str) -> Option<(&str, [u8; 32])> {
    let (seconds, code) = seal.strip_prefix("t=")?.split_once(",v1=")?;
    let is_time = !seconds.is_empty() && seconds.len() <= 12 && seconds.bytes().all(|byte| byte.is_ascii_digit());
    let is_hex = code.len() == 64 && code.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_time || !is_hex {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, place) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&code[place..place + 2], 16).ok()?;
    }
    Some((seconds, bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WINDOW: Duration = Duration::from_secs(300);

    fn seal(secret: &str) -> NoticeSeal {
        NoticeSeal::new(&secret.into(), WINDOW)
    }

    fn noon() -> Timestamp {
        "2026-06-04T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn a_notice_is_believed_around_the_time_of_its_seal_only() {
        let ours = seal("a secret");
        let made = ours.seal(b"{}", noon());
        let after = |seconds| noon() + Duration::from_secs(seconds);
        assert_eq!(ours.check(&made, b"{}", noon()), Ok(()));
        assert_eq!(ours.check(&made, b"{}", after(300)), Ok(()));
        assert_eq!(ours.check(&made, b"{}", after(301)), Err(NoticeError::OutOfWindow));
        assert_eq!(ours.check(&made, b"{}", noon() - Duration::from_secs(301)), Err(NoticeError::OutOfWindow));
    }

    #[test]
    fn another_secret_body_or_time_breaks_it() {
        let made = seal("a secret").seal(b"{}", noon());
        assert_eq!(seal("another").check(&made, b"{}", noon()), Err(NoticeError::Broken));
        assert_eq!(seal("a secret").check(&made, b"{ }", noon()), Err(NoticeError::Broken));
        let moved = made.replace("t=1780574400", "t=1780574401");
        assert_ne!(moved, made);
        assert_eq!(seal("a secret").check(&moved, b"{}", noon()), Err(NoticeError::Broken));
    }

    proptest! {
        #[test]
        fn nothing_from_outside_is_believed_or_makes_it_panic(header in "\\PC{0,90}", body: Vec<u8>) {
            prop_assert!(seal("a secret").check(&header, &body, noon()).is_err());
        }

        #[test]
        fn a_changed_seal_is_never_believed(body: Vec<u8>, place in 0_usize..79, byte in 33_u8..127) {
            let ours = seal("a secret");
            let made = ours.seal(&body, noon());
            let mut changed = made.clone().into_bytes();
            changed[place] = byte;
            let changed = String::from_utf8(changed).expect("ASCII");
            // Hexadecimal digits mean the same in both cases.
            prop_assume!(!changed.eq_ignore_ascii_case(&made));
            prop_assert!(ours.check(&changed, &body, noon()).is_err());
        }
    }
}
