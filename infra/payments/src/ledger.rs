//! Every payment and what became of it: the provider's books.
//!
//! ```text
//! open ─┬─► processing ─► captured ─► given back
//!       ├─► captured
//!       ├─► declined
//!       └─► expired (by the clock alone)
//! ```

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use halles_payment::wire::{GiveBack, HostedState, OpenPayment};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::journal::Journal;
use crate::notices::NoticePlan;

/// The books. Clones share them.
#[derive(Clone)]
pub(crate) struct Ledger {
    books: Arc<Mutex<Books>>,
}

struct Books {
    accounts: HashMap<Uuid, Account>,
    journal: Journal,
}

/// One payment.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) opened: OpenPayment,
    pub(crate) state: HostedState,
    pub(crate) refunded_cents: i64,
    /// What the shop is still to be told, and how.
    pub(crate) to_tell: Option<NoticePlan>,
}

/// What the journal keeps.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Entry {
    Opened { payment: OpenPayment },
    Moved { id: Uuid, state: HostedState, to_tell: Option<NoticePlan> },
    GivenBack { id: Uuid, amount_cents: i64 },
    Told { id: Uuid },
}

/// Why the books refuse something.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LedgerError {
    #[error("there is no such payment")]
    Unknown,
    #[error("this payment was opened with another amount")]
    OtherAmount,
    #[error("this payment cannot be paid any more")]
    Over,
    #[error("only what was captured can be given back, once, and all of it")]
    NotToGiveBack,
    #[error("the amount is none that can be charged")]
    BadAmount,
    #[error("the journal cannot be written")]
    Journal(#[from] io::Error),
}

impl Ledger {
    /// The books as the journal at `path` has them; without a path, empty ones that nobody keeps.
    pub(crate) fn open(path: Option<&Path>) -> io::Result<Self> {
        let mut accounts = HashMap::new();
        let journal = match path {
            Some(path) => Journal::open(path, |entry| apply(&mut accounts, entry))?,
            None => Journal::in_memory(),
        };
        Ok(Self { books: Arc::new(Mutex::new(Books { accounts, journal })) })
    }

    /// A payment, as it stands at this moment.
    pub(crate) fn find(&self, id: Uuid, now: Timestamp) -> Result<Account, LedgerError> {
        self.lock().accounts.get(&id).map(|account| account.at(now)).ok_or(LedgerError::Unknown)
    }

    /// Opens a payment, or finds it. While it is open, the addresses of the latest request count.
    pub(crate) fn open_payment(&self, payment: OpenPayment, now: Timestamp) -> Result<Account, LedgerError> {
        let mut books = self.lock();
        let id = payment.id;
        let is_lawful = payment.amount_cents >= 0 && payment.currency.len() == 3;
        match books.accounts.get(&id) {
            None if !is_lawful => return Err(LedgerError::BadAmount),
            Some(known) if !known.is_for(payment.amount_cents, &payment.currency) => {
                return Err(LedgerError::OtherAmount);
            }
            Some(known) if known.opened == payment || known.state != HostedState::Open => return Ok(known.at(now)),
            _ => {}
        }
        books.record(Entry::Opened { payment })?;
        books.account(id, now)
    }

    /// Takes a payment on: from open to wherever the shopper sent it, or from processing to captured.
    pub(crate) fn proceed(
        &self,
        id: Uuid,
        state: HostedState,
        to_tell: Option<NoticePlan>,
        now: Timestamp,
    ) -> Result<Account, LedgerError> {
        let mut books = self.lock();
        let account = books.account(id, now)?;
        let is_lawful = matches!(
            (account.state, state),
            (HostedState::Open, HostedState::Captured | HostedState::Declined | HostedState::Processing)
                | (HostedState::Processing, HostedState::Captured)
        );
        if !is_lawful {
            return Err(LedgerError::Over);
        }
        books.record(Entry::Moved { id, state, to_tell })?;
        books.account(id, now)
    }

    /// Gives a payment back. A second time changes nothing.
    pub(crate) fn give_back(&self, id: Uuid, wanted: &GiveBack, now: Timestamp) -> Result<Account, LedgerError> {
        let mut books = self.lock();
        let account = books.account(id, now)?;
        let is_all = account.state == HostedState::Captured && account.is_for(wanted.amount_cents, &wanted.currency);
        if !is_all {
            return Err(LedgerError::NotToGiveBack);
        }
        if account.refunded_cents == 0 {
            books.record(Entry::GivenBack { id, amount_cents: wanted.amount_cents })?;
        }
        books.account(id, now)
    }

    /// The shop knows.
    pub(crate) fn told(&self, id: Uuid) -> Result<(), LedgerError> {
        self.lock().record(Entry::Told { id }).map_err(LedgerError::from)
    }

    /// Payments that somebody was busy with when the process ended.
    pub(crate) fn unfinished(&self) -> Vec<(Uuid, HostedState, Option<NoticePlan>)> {
        let books = self.lock();
        let busy = books
            .accounts
            .iter()
            .filter(|(_, account)| account.to_tell.is_some() || account.state == HostedState::Processing);
        busy.map(|(id, account)| (*id, account.state, account.to_tell)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// On disk first, then in memory: what is answered has happened.
    fn record(&mut self, entry: Entry) -> io::Result<()> {
        self.journal.append(&entry)?;
        apply(&mut self.accounts, entry);
        Ok(())
    }

    fn account(&self, id: Uuid, now: Timestamp) -> Result<Account, LedgerError> {
        self.accounts.get(&id).map(|account| account.at(now)).ok_or(LedgerError::Unknown)
    }
}

impl Account {
    /// Nobody has to do anything for a payment to expire.
    fn at(&self, now: Timestamp) -> Self {
        let is_over = self.state == HostedState::Open && now >= self.opened.expires_at;
        Self { state: if is_over { HostedState::Expired } else { self.state }, ..self.clone() }
    }

    fn is_for(&self, amount_cents: i64, currency: &str) -> bool {
        self.opened.amount_cents == amount_cents && self.opened.currency == currency
    }
}

fn apply(accounts: &mut HashMap<Uuid, Account>, entry: Entry) {
    match entry {
        Entry::Opened { payment } => {
            let account = Account { opened: payment, state: HostedState::Open, refunded_cents: 0, to_tell: None };
            accounts.insert(account.opened.id, account);
        }
        Entry::Moved { id, state, to_tell } => change(accounts, id, |account| {
            account.state = state;
            account.to_tell = to_tell;
        }),
        Entry::GivenBack { id, amount_cents } => change(accounts, id, |account| account.refunded_cents = amount_cents),
        Entry::Told { id } => change(accounts, id, |account| account.to_tell = None),
    }
}

fn change(accounts: &mut HashMap<Uuid, Account>, id: Uuid, change: impl FnOnce(&mut Account)) {
    if let Some(account) = accounts.get_mut(&id) {
        change(account);
    }
}

#[cfg(test)]
mod tests;
