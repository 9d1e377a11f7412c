//! Tickets and entries as browsers carry them: sealed, so that they come back as they were given.
//!
//! `p<book>-<name>` is a place in the pool, `n<book>-<number>` a number, both in the cookie `place`; the cookie `inside`
//! says that its bearer was let in. One browser has one of each, in however many tabs.

use std::time::Duration;

use actix_web::cookie::{Cookie, time};
use halles_resilience::{Given, Ticket};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Signer, cookies};

/// The cookie with the ticket.
pub(super) const PLACE: &str = "place";
/// The cookie of whoever was let in.
pub(super) const INSIDE: &str = "inside";

const TICKET: &str = "waiting room ticket v1";
const ENTRY: &str = "waiting room entry v1";
const DRAW: &str = "waiting room draw v1";

/// A ticket is good for as long as a room may be open.
const TICKET_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The ticket that was given out, and the cookie that carries it.
pub(super) fn write(signer: &Signer, given: Given, is_secure: bool, now: Timestamp) -> (Ticket, Cookie<'static>) {
    let (ticket, text) = match given {
        Given::Pool { epoch } => {
            let name = Uuid::new_v4().simple().to_string();
            (Ticket::Pool { epoch, draw: draw(signer, epoch, &name) }, format!("p{epoch}-{name}"))
        }
        Given::Number { epoch, number } => (Ticket::Number { epoch, number }, format!("n{epoch}-{number}")),
    };
    (ticket, sealed(PLACE, signer.seal(TICKET, &text, now), TICKET_MAX_AGE, is_secure))
}

/// The ticket inside a cookie's value, if it is one of ours.
pub(super) fn read(signer: &Signer, value: &str, now: Timestamp) -> Option<Ticket> {
    let text = signer.open(TICKET, value, TICKET_MAX_AGE, now).ok()?;
    let (kind, text) = text.split_at_checked(1)?;
    let (epoch, rest) = text.split_once('-')?;
    let epoch = epoch.parse().ok()?;
    match kind {
        "p" => Some(Ticket::Pool { epoch, draw: draw(signer, epoch, rest) }),
        "n" => Some(Ticket::Number { epoch, number: rest.parse().ok()? }),
        _ => None,
    }
}

/// The cookie of whoever is let in now.
pub(super) fn enter(signer: &Signer, lasts: Duration, is_secure: bool, now: Timestamp) -> Cookie<'static> {
    sealed(INSIDE, signer.seal(ENTRY, "in", now), lasts, is_secure)
}

/// Whether a cookie's value says that its bearer was let in.
pub(super) fn is_entry(signer: &Signer, value: &str, lasts: Duration, now: Timestamp) -> bool {
    signer.open(ENTRY, value, lasts, now).is_ok()
}

fn sealed(name: &'static str, value: String, max_age: Duration, is_secure: bool) -> Cookie<'static> {
    let max_age = time::Duration::try_from(max_age).unwrap_or(time::Duration::DAY);
    cookies::build(name, value, max_age, is_secure)
}

/// What is drawn for the name of a place in the pool.
fn draw(signer: &Signer, epoch: u64, name: &str) -> u64 {
    let code = signer.mac(DRAW, &[&epoch.to_be_bytes(), name.as_bytes()]);
    u64::from_be_bytes(code[..8].try_into().expect("a code has 32 bytes"))
}
