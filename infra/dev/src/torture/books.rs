//! The provider's books, read from the journal that it keeps: what was really charged and given back.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// Where the provider writes down what happens, before it says so.
#[derive(Debug, Clone)]
pub struct Books(pub PathBuf);

/// One payment, as its provider has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub id: String,
    /// `open`, `processing`, `captured` or `declined`; whether it has expired says the clock.
    pub state: String,
    /// What is or would be charged.
    pub amount_cents: i64,
    /// In which currency.
    pub currency: String,
    /// What was given back.
    pub refunded_cents: i64,
}

impl Account {
    /// What the provider has of it in the end.
    pub fn kept_cents(&self) -> i64 {
        if self.state == "captured" { self.amount_cents - self.refunded_cents } else { 0 }
    }
}

impl Books {
    /// Every payment, by its name. A line that is just being written is left out.
    pub fn read(&self) -> Result<BTreeMap<String, Account>> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            text => text.context("the provider's journal cannot be read")?,
        };
        let mut accounts = BTreeMap::new();
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let entry = serde_json::from_str(line).context("a line of the provider's journal")?;
            note(&mut accounts, &entry);
        }
        Ok(accounts)
    }
}

fn note(accounts: &mut BTreeMap<String, Account>, entry: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if entry["kind"] == "opened" {
        let payment = &entry["payment"];
        let account = Account {
            id: text(&payment["id"]),
            state: "open".to_owned(),
            amount_cents: payment["amount_cents"].as_i64().unwrap_or_default(),
            currency: text(&payment["currency"]),
            refunded_cents: 0,
        };
        accounts.insert(account.id.clone(), account);
        return;
    }
    let Some(account) = accounts.get_mut(entry["id"].as_str().unwrap_or_default()) else { return };
    match entry["kind"].as_str() {
        Some("moved") => account.state = text(&entry["state"]),
        Some("given_back") => account.refunded_cents = entry["amount_cents"].as_i64().unwrap_or_default(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_charged_and_given_back_is_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        let lines = [
            r#"{"kind":"opened","payment":{"id":"a","amount_cents":700,"currency":"EUR"}}"#,
            r#"{"kind":"opened","payment":{"id":"b","amount_cents":100,"currency":"EUR"}}"#,
            r#"{"kind":"moved","id":"a","state":"captured","to_tell":null}"#,
        ];
        fs::write(&path, lines.join("\n") + "\n{\"kind\":\"mov").expect("written");
        let books = Books(path.clone());
        let accounts = books.read().expect("readable");
        assert_eq!((accounts["a"].kept_cents(), accounts["b"].kept_cents()), (700, 0));
        let back = r#"{"kind":"given_back","id":"a","amount_cents":700}"#;
        fs::write(&path, lines.join("\n") + "\n" + back + "\n").expect("written");
        assert_eq!(books.read().expect("readable")["a"].kept_cents(), 0);
        assert!(Books(directory.path().join("nothing")).read().expect("empty").is_empty());
    }
}
