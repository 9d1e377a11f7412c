//! The names of orders: derived from the shopper's intent, unguessable, and proving themselves.
//!
//! ```text
//!   82 bits: HMAC of idempotency key and request      40 bits: HMAC of the bits before
//! ┌───────────────────────────────────────────────┬──────────────────────────────────┐
//! │ xxxxxxxx-xxxx-8xxx-yxxx-xx                      xxxxxxxxxx                       │
//! └───────────────────────────────────────────────┴──────────────────────────────────┘
//! ```
//!
//! The first part makes the same intent the same order, before any database has seen it, and cannot be guessed. The
//! second part lets us tell a name of ours from a made-up one without asking anybody: so a status page can say "being
//! checked" about an order that no database knows yet, and 404 about an invention, without a token in the address.

use halles_domain::{IdempotencyKey, OrderId, RequestFingerprint};
use halles_http::Signer;
use uuid::{Builder, Uuid, Variant, Version};

/// How many bytes of the name are derived from the intent; the rest proves them.
const INTENT_BYTES: usize = 11;

/// Gives orders their names.
#[derive(Debug, Clone)]
pub struct OrderNames {
    signer: Signer,
}

impl OrderNames {
    /// Names that `signer` signs.
    pub fn new(signer: Signer) -> Self {
        Self { signer }
    }

    /// The name of the order that this intent asks for.
    pub fn name(&self, key: &IdempotencyKey, fingerprint: &RequestFingerprint) -> OrderId {
        let intent = self.signer.mac("order", &[key.as_str().as_bytes(), &fingerprint.0]);
        let mut bytes = [0; 16];
        bytes[..INTENT_BYTES].copy_from_slice(&intent[..INTENT_BYTES]);
        let shaped = Builder::from_bytes(bytes).with_version(Version::Custom).with_variant(Variant::RFC4122);
        let mut bytes = shaped.into_uuid().into_bytes();
        let proof = self.proof(&bytes);
        bytes[INTENT_BYTES..].copy_from_slice(&proof);
        OrderId::new(Uuid::from_bytes(bytes))
    }

    /// Whether this name was given by us. Those given under an earlier secret are not recognised; orders that are
    /// placed are found all the same.
    pub fn is_ours(&self, id: OrderId) -> bool {
        let bytes = id.get().into_bytes();
        let proof = self.proof(&bytes);
        // In constant time, so that the delay tells nothing about the right proof.
        bytes[INTENT_BYTES..].iter().zip(proof).fold(0, |difference, (given, right)| difference | (given ^ right)) == 0
    }

    fn proof(&self, bytes: &[u8; 16]) -> [u8; 16 - INTENT_BYTES] {
        let code = self.signer.mac("order-proof", &[&bytes[..INTENT_BYTES]]);
        let mut proof = [0; 16 - INTENT_BYTES];
        proof.copy_from_slice(&code[..16 - INTENT_BYTES]);
        proof
    }
}

#[cfg(test)]
mod tests {
    use halles_http::SigningSettings;
    use proptest::prelude::*;

    use super::*;

    fn names(secret: &str) -> OrderNames {
        let settings = SigningSettings { secret: secret.into(), ..SigningSettings::default() };
        OrderNames::new(Signer::new(&settings))
    }

    fn key(text: &str) -> IdempotencyKey {
        text.parse().expect("a key")
    }

    const SECRET: &str = "a secret of more than thirty-two characters";

    #[test]
    fn one_intent_has_one_name() {
        let name = names(SECRET).name(&key("the-same-key"), &RequestFingerprint([1; 32]));
        assert_eq!(name, names(SECRET).name(&key("the-same-key"), &RequestFingerprint([1; 32])));
        assert_ne!(name, names(SECRET).name(&key("another-key"), &RequestFingerprint([1; 32])));
        assert_ne!(name, names(SECRET).name(&key("the-same-key"), &RequestFingerprint([2; 32])));
        let theirs = names("another secret of more than thirty-two chars");
        assert_ne!(name, theirs.name(&key("the-same-key"), &RequestFingerprint([1; 32])));
        assert!(!theirs.is_ours(name));
        assert_eq!(name.get().get_version(), Some(Version::Custom));
    }

    proptest! {
        #[test]
        fn ours_prove_themselves_and_changed_ones_do_not(fingerprint: [u8; 32], place in 0_usize..128) {
            let names = names(SECRET);
            let name = names.name(&key("some-key-of-a-shopper"), &RequestFingerprint(fingerprint));
            prop_assert!(names.is_ours(name));
            let changed = Uuid::from_u128(name.get().as_u128() ^ (1 << place));
            prop_assert!(!names.is_ours(OrderId::new(changed)));
        }

        #[test]
        fn made_up_names_are_known_to_be(bytes: [u8; 16]) {
            prop_assert!(!names(SECRET).is_ours(OrderId::new(Uuid::from_bytes(bytes))));
        }
    }
}
