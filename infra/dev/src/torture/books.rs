//! The provider's books, read from the journal that it keeps: what was really charged and given back.
//!
//! The journal only grows, so each look reads what was written since the last one.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::Value;
use uuid::Uuid;

/// The books, as far as they were read; clones share them.
#[derive(Debug, Clone)]
pub struct Books {
    path: PathBuf,
    read: Arc<Mutex<Read>>,
}

#[derive(Debug, Default)]
struct Read {
    bytes: u64,
    accounts: HashMap<Uuid, Account>,
    captured: Vec<Uuid>,
}

/// One payment, as its provider has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub id: Uuid,
    /// How far it has come.
    pub stage: Stage,
    /// What is or would be charged. Every listing here is sold in euros.
    pub amount_cents: i64,
    /// What was given back.
    pub refunded_cents: i64,
}

/// How far a payment has come; whether it has expired says the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has said yes or no.
    Open,
    /// It was declined, or is under way.
    Ended,
    /// The provider has the money.
    Captured,
}

impl Account {
    /// What the provider has of it in the end.
    pub fn kept_cents(&self) -> i64 {
        if self.stage == Stage::Captured { self.amount_cents - self.refunded_cents } else { 0 }
    }
}

impl Books {
    /// Books of which nothing was read yet, from the journal at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self { path, read: Arc::default() }
    }

    /// Reads on. A line that is just being written is left for the next time.
    pub fn catch_up(&self) -> Result<()> {
        let mut file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            file => file.context("the provider's journal cannot be read")?,
        };
        let mut read = self.lock();
        file.seek(SeekFrom::Start(read.bytes))?;
        let (mut lines, mut line) = (BufReader::new(file), String::new());
        while lines.read_line(&mut line)? > 0 && line.ends_with('\n') {
            let entry = serde_json::from_str(&line).context("a line of the provider's journal")?;
            read.note(&entry);
            read.bytes += line.len() as u64;
            line.clear();
        }
        Ok(())
    }

    /// One payment.
    pub fn find(&self, id: Uuid) -> Option<Account> {
        self.lock().accounts.get(&id).copied()
    }

    /// Any payment whose money the provider has taken at some time.
    pub fn any_captured(&self, choice: &mut StdRng) -> Option<Account> {
        let read = self.lock();
        let id = read.captured.get(choice.random_range(0..read.captured.len().max(1)))?;
        read.accounts.get(id).copied()
    }

    /// Every payment.
    pub fn accounts(&self) -> HashMap<Uuid, Account> {
        self.lock().accounts.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read {
    fn note(&mut self, entry: &Value) {
        let id = |value: &Value| value.as_str().and_then(|text| text.parse::<Uuid>().ok());
        let kind = entry["kind"].as_str().unwrap_or_default();
        if kind == "opened" {
            let payment = &entry["payment"];
            let Some(id) = id(&payment["id"]) else { return };
            let amount_cents = payment["amount_cents"].as_i64().unwrap_or_default();
            self.accounts.insert(id, Account { id, stage: Stage::Open, amount_cents, refunded_cents: 0 });
            return;
        }
        let Some(account) = id(&entry["id"]).and_then(|id| self.accounts.get_mut(&id)) else { return };
        match kind {
            "moved" if entry["state"] == "captured" => {
                account.stage = Stage::Captured;
                self.captured.push(account.id);
            }
            "moved" => account.stage = Stage::Ended,
            "given_back" => account.refunded_cents = entry["amount_cents"].as_i64().unwrap_or_default(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_was_charged_and_given_back_is_read_line_by_line() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let write = |text: &str| {
            let file = OpenOptions::new().create(true).append(true).open(&path);
            file.and_then(|mut file| file.write_all(text.as_bytes())).expect("written");
        };
        let books = Books::new(path.clone());
        books.catch_up().expect("a provider that was never asked has no journal");
        for (id, cents) in [(a, 700), (b, 100)] {
            let payment = format!(r#"{{"id":"{id}","amount_cents":{cents},"currency":"EUR"}}"#);
            write(&format!("{{\"kind\":\"opened\",\"payment\":{payment}}}\n"));
        }
        write(&format!(
            "{{\"kind\":\"moved\",\"id\":\"{a}\",\"state\":\"captured\",\"to_tell\":null}}\n{{\"kind\":\"giv"
        ));
        books.catch_up().expect("readable");
        let kept = |id| books.find(id).expect("known").kept_cents();
        assert_eq!((kept(a), kept(b), books.accounts().len()), (700, 0, 2));
        write(&format!("en_back\",\"id\":\"{a}\",\"amount_cents\":700}}\n"));
        books.catch_up().expect("readable");
        assert_eq!(kept(a), 0, "the line that was cut off was read once it was whole");
    }
}
