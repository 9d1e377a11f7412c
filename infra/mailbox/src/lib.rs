//! A mailbox for everybody: takes every mail over SMTP, delivers none, and shows them all on a page.
//!
//! ```text
//! SMTP (smtp.rs) ─► letters (letters.rs: the latest ones, in memory) ─► /mailbox, /mailbox/{number}, /mailbox/raw/{number}
//! ```
//!
//! For development and tests. It keeps the latest mails until it stops; a mail with the name (`Message-ID`) of an earlier
//! one is counted there rather than shown twice, as a good mail server does. Nothing outside this machine is contacted.

mod app;
mod letters;
mod page;
mod reading;
mod settings;
mod smtp;

pub use app::{App, Running};
pub use settings::{MailboxSettings, Settings};
