//! Who orders, and where it goes. Personal data: never logged.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// An e-mail address that mail could be sent to: one `@`, a dotted domain, no blanks, at most 254 bytes (RFC 5321).
///
/// Whether somebody reads it only a mail can tell.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Parses an address.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let refuse = || Invalid::new("email", "must be an e-mail address such as name@example.org");
        let (local, domain) = text.rsplit_once('@').ok_or_else(refuse)?;
        let is_clean =
            !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'));
        let has_dotted_domain = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
        if local.is_empty() || local.contains('@') || !has_dotted_domain || !is_clean || text.len() > 254 {
            return Err(refuse());
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in small letters: two that differ in nothing else are one person's.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Shows no personal data, so that it cannot reach a log.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(hidden)")
    }
}

impl TryFrom<String> for Email {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::new(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// Where an order is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number, and whatever else the postman needs; may have line breaks.
    pub street: String,
    /// The postcode.
    pub postcode: String,
    /// The town.
    pub town: String,
    /// The country's ISO 3166 code, such as `FR`.
    pub country: String,
}

/// Who orders and where it goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The shopper's name.
    pub name: String,
    /// Where messages about the order go.
    pub email: Email,
    /// Where the order goes.
    pub address: Address,
}

/// What a shopper typed into the order form, not checked yet.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactForm {
    /// The shopper's name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Street and number.
    pub street: String,
    /// The postcode.
    pub postcode: String,
    /// The town.
    pub town: String,
    /// The country's ISO 3166 code.
    pub country: String,
}

impl ContactForm {
    /// Parses the form; every fault is reported, not only the first.
    pub fn parse(&self) -> Result<Contact, Vec<Invalid>> {
        let mut faults = Vec::new();
        let mut text = |field: &'static str, value: &str, max_chars: usize| {
            let value: String = value.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
            if value.is_empty() {
                faults.push(Invalid::new(field, "must not be empty"));
            } else if value.chars().count() > max_chars {
                faults.push(Invalid::new(field, format!("must have at most {max_chars} characters")));
            }
            value
        };
        let name = text("name", &self.name, 120);
        let street = text("street", &self.street, 300);
        let postcode = text("postcode", &self.postcode, 16);
        let town = text("town", &self.town, 120);
        let country = self.country.trim().to_uppercase();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            faults.push(Invalid::new("country", "must be a two-letter country code such as FR"));
        }
        match Email::new(&self.email) {
            Ok(email) if faults.is_empty() => {
                Ok(Contact { name, email, address: Address { street, postcode, town, country } })
            }
            Ok(_) => Err(faults),
            Err(fault) => {
                faults.push(fault);
                Err(faults)
            }
        }
    }
}

/// Shows no personal data, so that it cannot reach a log.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact(hidden)")
    }
}

impl fmt::Debug for ContactForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactForm(hidden)")
    }
}

/// Shows no personal data, so that it cannot reach a log.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_must_look_like_one() {
        for good in ["zoe@example.org", "zoe.d+x@sub.example.fr", " a@b.co "] {
            assert!(Email::new(good).is_ok(), "{good}");
        }
        for bad in ["", "zoe", "zoe@", "@example.org", "a@b@c.fr", "a b@c.fr", "a@localhost", "a@x..fr", "<a@b.fr>"] {
            assert!(Email::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let form = ContactForm {
            email: "nobody".into(),
            street: "1 rue X".into(),
            town: "Lyon".into(),
            country: "France".into(),
            ..ContactForm::default()
        };
        let fields: Vec<&str> = form.parse().expect_err("four faults").iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "postcode", "country", "email"]);
    }

    #[test]
    fn personal_data_stays_out_of_logs() {
        let form = ContactForm {
            name: "Zoé".into(),
            email: "zoe@example.org".into(),
            street: "1 rue X".into(),
            postcode: "69001".into(),
            town: "Lyon".into(),
            country: "fr".into(),
        };
        let contact = form.parse().expect("a contact");
        assert_eq!(
            format!("{contact:?} {:?} {:?}", contact.email, contact.address),
            "Contact(hidden) Email(hidden) Address(hidden)"
        );
    }
}
