//! Requests that no order could be made of. The order service lets none through; the log may hold one all the same, and
//! one bad request must not abort the transaction of the good ones.

use std::collections::HashSet;

use halles_domain::{Basket, Invalid, RequestToBuy};
use jiff::Timestamp;

/// Refuses what the tables could not take.
pub(super) fn check(request: &RequestToBuy) -> Result<(), Invalid> {
    let lines = &request.lines;
    if lines.is_empty() || lines.len() > Basket::MAX_LINES {
        return Err(Invalid::new("lines", format!("must be 1 to {}", Basket::MAX_LINES)));
    }
    let distinct: HashSet<_> = lines.iter().map(|line| line.listing_id).collect();
    if distinct.len() < lines.len() {
        return Err(Invalid::new("lines", "must name each listing once"));
    }
    let contact = &request.contact;
    let address = &contact.address;
    let texts = [&contact.name, &address.street, &address.postcode, &address.town, &address.country];
    if texts.iter().any(|text| text.contains('\0')) {
        return Err(Invalid::new("contact", "must not contain a NUL"));
    }
    if request.accepted_at < Timestamp::UNIX_EPOCH {
        return Err(Invalid::new("accepted_at", "must be a time of our days"));
    }
    Ok(())
}

/// PostgreSQL keeps microseconds; a placed order is the same before and after it was stored.
pub(super) fn to_the_microsecond(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}
