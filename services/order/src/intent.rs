//! What a shopper asks for, checked, and the fingerprint that tells a repeat from a different request.

use halles_domain::{
    BasketLine, Contact, IdempotencyKey, Language, PersonalisedLine, RequestFingerprint, RequestToBuy,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::order_id::OrderNames;

/// A wish to buy, every part of it checked, from a form or from the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// The shopper's name for it.
    pub idempotency_key: IdempotencyKey,
    /// The language to speak with this shopper.
    pub language: Language,
    /// Who orders and where it goes.
    pub contact: Contact,
    /// What is wanted, each listing once.
    pub lines: Vec<BasketLine>,
    /// Whether the shopper would rather wait than be refused when there is too little.
    pub may_wait: bool,
    /// Whether the shopper takes what there is, rather than all or nothing.
    pub what_there_is: bool,
    /// What is wished for on some of the lines.
    pub personalisations: Vec<PersonalisedLine>,
}

impl Intent {
    /// The request to buy that goes into the order log.
    pub fn into_request(self, names: &OrderNames, accepted_at: Timestamp) -> RequestToBuy {
        let fingerprint = self.fingerprint();
        RequestToBuy {
            order_id: names.name(&self.idempotency_key, &fingerprint),
            idempotency_key: self.idempotency_key,
            fingerprint,
            language: self.language,
            contact: self.contact,
            lines: self.lines,
            may_wait: self.may_wait,
            what_there_is: self.what_there_is,
            personalisations: self.personalisations,
            accepted_at,
        }
    }

    /// The hash of who orders what. The order of the lines and the language of the page change nothing about that:
    /// a shopper who switches the language and sends the form again still means the same order.
    fn fingerprint(&self) -> RequestFingerprint {
        let mut lines = self.lines.clone();
        lines.sort_unstable_by_key(|line| line.listing_id);
        let canonical = serde_json::to_vec(&(&self.contact, &lines)).expect("strings and numbers always serialize");
        let mut hash = Sha256::new_with_prefix(&canonical);
        // Only what is asked for beyond the usual goes in, so that a release changes no fingerprint.
        if self.may_wait {
            hash.update(b"may wait");
        }
        if self.what_there_is {
            hash.update(b"what there is");
        }
        if !self.personalisations.is_empty() {
            let mut wishes = self.personalisations.clone();
            wishes.sort_by_key(|wish| wish.listing_id);
            hash.update(serde_json::to_vec(&wishes).expect("strings and numbers always serialize"));
        }
        RequestFingerprint(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::{ContactForm, ListingId, Personalisation, Quantity};

    use super::*;

    fn intent(lines: &[(i64, u32)], town: &str, language: Language) -> Intent {
        let form = ContactForm {
            name: "Zoé".into(),
            email: "zoe@example.org".into(),
            street: "1 rue des Halles".into(),
            postcode: "69001".into(),
            town: town.into(),
            country: "FR".into(),
        };
        let line = |(id, pieces): &(i64, u32)| BasketLine {
            listing_id: ListingId::new(*id),
            quantity: Quantity::new(*pieces).expect("a quantity"),
        };
        Intent {
            idempotency_key: "a-key-of-a-shopper".parse().expect("a key"),
            language,
            contact: form.parse().expect("a contact"),
            lines: lines.iter().map(line).collect(),
            may_wait: false,
            what_there_is: false,
            personalisations: Vec::new(),
        }
    }

    fn wish(id: i64, text: &str) -> PersonalisedLine {
        let text = Personalisation::parse(text).expect("lawful").expect("a wish");
        PersonalisedLine { listing_id: ListingId::new(id), text }
    }

    #[test]
    fn the_fingerprint_is_about_who_orders_what() {
        let fingerprint = intent(&[(1, 2), (3, 1)], "Lyon", Language::Fr).fingerprint();
        assert_eq!(fingerprint, intent(&[(3, 1), (1, 2)], "Lyon", Language::En).fingerprint());
        assert_ne!(fingerprint, intent(&[(1, 2), (3, 2)], "Lyon", Language::Fr).fingerprint());
        assert_ne!(fingerprint, intent(&[(1, 2), (3, 1)], "Paris", Language::Fr).fingerprint());
        let patient = Intent { may_wait: true, ..intent(&[(1, 2), (3, 1)], "Lyon", Language::Fr) };
        assert_ne!(fingerprint, patient.fingerprint());
        let modest = Intent { what_there_is: true, ..intent(&[(1, 2), (3, 1)], "Lyon", Language::Fr) };
        assert_ne!(fingerprint, modest.fingerprint());
        let wishing = |wishes: &[(i64, &str)]| Intent {
            personalisations: wishes.iter().map(|(id, text)| wish(*id, text)).collect(),
            ..intent(&[(1, 2), (3, 1)], "Lyon", Language::Fr)
        };
        let wished = wishing(&[(1, "Zoé"), (3, "Léa")]).fingerprint();
        assert_ne!(fingerprint, wished);
        assert_eq!(wished, wishing(&[(3, "Léa"), (1, "Zoé")]).fingerprint());
        assert_ne!(wished, wishing(&[(1, "Léa"), (3, "Zoé")]).fingerprint());
    }
}
