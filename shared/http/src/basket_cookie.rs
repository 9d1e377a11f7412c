//! The basket as a shopper's browser carries it: sealed, so that it comes back as it was given.
//!
//! Inside is `17x2_42x1`: listing, pieces, in the order in which they were put in. A basket that cannot be read (forged,
//! expired, of a changed format) is an empty one: nobody is shown an error for an old cookie.

use std::time::Duration;

use actix_web::cookie::{Cookie, time};
use halles_domain::{Basket, BasketLine, ListingId, Quantity};
use jiff::Timestamp;

use crate::{Signer, cookies};

/// The cookie's name.
pub(crate) const NAME: &str = "basket";

const PURPOSE: &str = "basket v1";

/// A basket may be left for a month.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The basket inside a cookie's value.
pub(crate) fn read(signer: &Signer, value: &str, now: Timestamp) -> Basket {
    signer.open(PURPOSE, value, MAX_AGE, now).ok().and_then(parse).unwrap_or_default()
}

/// The cookie that carries this basket from now on; an empty basket takes the cookie away.
pub(crate) fn write(signer: &Signer, basket: &Basket, is_secure: bool, now: Timestamp) -> Cookie<'static> {
    if basket.is_empty() {
        return cookies::build(NAME, String::new(), time::Duration::ZERO, is_secure);
    }
    let lines: Vec<String> =
        basket.lines().iter().map(|line| format!("{}x{}", line.listing_id, line.quantity.get())).collect();
    let sealed = signer.seal(PURPOSE, &lines.join("_"), now);
    let max_age = time::Duration::try_from(MAX_AGE).expect("a month fits");
    cookies::build(NAME, sealed, max_age, is_secure)
}

fn parse(text: &str) -> Option<Basket> {
    let lines: Option<Vec<BasketLine>> = text.split('_').map(parse_line).collect();
    Basket::new(lines?).ok()
}

fn parse_line(text: &str) -> Option<BasketLine> {
    let (listing_id, pieces) = text.split_once('x')?;
    let listing_id: ListingId = listing_id.parse().ok()?;
    let quantity = Quantity::new(pieces.parse().ok()?).ok()?;
    Some(BasketLine { listing_id, quantity })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SigningSettings;

    fn signer() -> Signer {
        Signer::new(&SigningSettings { secret: "x".repeat(32).into(), ..SigningSettings::default() })
    }

    fn basket(lines: impl IntoIterator<Item = (i64, u32)>) -> Basket {
        Basket::new(lines.into_iter().map(|(id, pieces)| BasketLine {
            listing_id: ListingId::new(id),
            quantity: Quantity::new(pieces).unwrap(),
        }))
        .unwrap()
    }

    #[test]
    fn comes_back_as_it_was_given() {
        let now = Timestamp::now();
        let given = basket([(42, 1), (17, 999)]);
        let cookie = write(&signer(), &given, true, now);
        assert_eq!(read(&signer(), cookie.value(), now), given);
        assert_eq!((cookie.http_only(), cookie.secure(), cookie.path()), (Some(true), Some(true), Some("/")));
    }

    #[test]
    fn a_forged_or_old_one_is_empty() {
        let now = Timestamp::now();
        let cookie = write(&signer(), &basket([(42, 1)]), false, now);
        let forged = cookie.value().replacen("42x1", "42x2", 1);
        assert_eq!(read(&signer(), &forged, now), Basket::default());
        assert_eq!(read(&signer(), cookie.value(), now + MAX_AGE + Duration::from_secs(1)), Basket::default());
        assert_eq!(read(&signer(), "", now), Basket::default());
    }

    #[test]
    fn an_empty_one_takes_the_cookie_away() {
        let cookie = write(&signer(), &Basket::default(), false, Timestamp::now());
        assert_eq!((cookie.value(), cookie.max_age()), ("", Some(time::Duration::ZERO)));
    }

    #[test]
    fn the_fullest_basket_fits_into_a_cookie() {
        let fullest = basket((1..=50).map(|line| (9_000_000_000_000_000_000 + line, 999)));
        let cookie = write(&signer(), &fullest, false, Timestamp::now());
        assert!(cookie.encoded().to_string().len() < 4_096);
    }
}
