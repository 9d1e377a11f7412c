//! Prices as shops write them.

use halles_domain::{Currency, Invalid, Money};

/// A decimal number as an amount: `1234.5`, `1,234.50`, `1 234,50 €`. Zero means that there is no price.
pub fn from_decimal(text: &str, currency: Currency) -> Result<Option<Money>, Invalid> {
    let unreadable = || Invalid::new("price", "must be a decimal number");
    let trimmed = text.trim().trim_matches(|letter: char| "€£$₹".contains(letter));
    let digits: String = trimmed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (whole, decimals) = split_at_point(&digits);
    let whole: String = whole.chars().filter(|letter| !matches!(letter, '.' | ',')).collect();
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.starts_with('-') {
        return Err(Invalid::new("price", "must not be negative"));
    }
    if !is_number(&whole) || !is_number(decimals) || (whole.is_empty() && decimals.is_empty()) {
        return Err(unreadable());
    }
    let units: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| unreadable())? };
    let mut cents = units.checked_mul(100).ok_or_else(unreadable)?;
    for (digit, weight) in decimals.bytes().zip([10, 1]) {
        cents += i64::from(digit - b'0') * weight;
    }
    // Tenths of a cent are rounded half up.
    if decimals.as_bytes().get(2).is_some_and(|digit| *digit >= b'5') {
        cents += 1;
    }
    from_cents(cents, currency)
}

/// An amount in cents. Zero means that there is no price.
pub fn from_cents(cents: i64, currency: Currency) -> Result<Option<Money>, Invalid> {
    if cents == 0 {
        return Ok(None);
    }
    Money::new(cents, currency).map(Some).map_err(|error| Invalid::new("price", error))
}

/// The last point or comma is the decimal one, unless it is the only kind and three digits follow it (`1,234`).
fn split_at_point(digits: &str) -> (&str, &str) {
    let Some(last) = digits.rfind(['.', ',']) else { return (digits, "") };
    let (whole, decimals) = (&digits[..last], &digits[last + 1..]);
    let is_comma = digits[last..].starts_with(',');
    if is_comma && decimals.len() == 3 && !whole.contains('.') { (digits, "") } else { (whole, decimals) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cents(text: &str) -> Option<i64> {
        from_decimal(text, Currency::Gbp).expect("a price").map(Money::cents)
    }

    #[test]
    fn reads_the_ways_in_which_shops_write() {
        let cases = [
            ("16.99", 1_699),
            ("1234.5", 123_450),
            ("1,234.50", 123_450),
            ("1 234,50 €", 123_450),
            ("£1,234", 123_400),
            ("12,5", 1_250),
            ("7", 700),
            (".5", 50),
            ("0.125", 13),
        ];
        for (text, expected) in cases {
            assert_eq!(cents(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_is_no_price_and_nonsense_is_refused() {
        assert_eq!(cents("0.00"), None);
        for text in ["-1", "1.2.x", "", "€", "twelve", "99999999999999999999", "1e5"] {
            assert!(from_decimal(text, Currency::Eur).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,24}") {
            let _ = from_decimal(&text, Currency::Eur).map(|price| price.map(Money::cents));
        }

        #[test]
        fn what_we_write_we_read(amount in 1i64..100_000_000) {
            prop_assert_eq!(cents(&format!("{}.{:02}", amount / 100, amount % 100)), Some(amount));
        }
    }
}
