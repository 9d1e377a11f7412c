//! Amounts of money: integer minor units plus a currency, never a float.

use serde::{Deserialize, Serialize};

use crate::{Currency, Invalid, Language, Quantity};

/// An amount in the smallest unit of its currency. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    cents: i64,
    currency: Currency,
}

/// Why two amounts could not be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Amounts in two currencies have no sum.
    #[error("cannot add {0} to {1}")]
    MixedCurrencies(Currency, Currency),
    /// The result is larger than any price we could mean.
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    /// The highest single price: one hundred million euros, far above any listing and far below overflow.
    pub const MAX_CENTS: i64 = 10_000_000_000;

    /// Parses an amount in minor units.
    pub fn new(cents: i64, currency: Currency) -> Result<Self, Invalid> {
        if (0..=Self::MAX_CENTS).contains(&cents) {
            Ok(Self { cents, currency })
        } else {
            Err(Invalid::new("price_cents", format!("must be between 0 and {}", Self::MAX_CENTS)))
        }
    }

    /// An amount as people type it into `field`, in minor units: `12`, `12.5` and `12,50`; nothing for an empty text.
    pub fn cents_from_text(field: &'static str, text: &str) -> Result<Option<i64>, Invalid> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match cents_from_decimal(text) {
            Some(cents) if cents <= Self::MAX_CENTS => Ok(Some(cents)),
            _ => Err(Invalid::new(field, "must be a price such as 12 or 12.50")),
        }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self { cents: 0, currency }
    }

    /// The amount in minor units.
    pub const fn cents(self) -> i64 {
        self.cents
    }

    /// The currency of the amount.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The price of `quantity` pieces.
    pub fn times(self, quantity: Quantity) -> Result<Self, MoneyError> {
        let cents = self.cents.checked_mul(i64::from(quantity.get())).ok_or(MoneyError::TooLarge)?;
        Self::new(cents, self.currency).map_err(|_| MoneyError::TooLarge)
    }

    /// The sum of two amounts in one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies(self.currency, other.currency));
        }
        let cents = self.cents.checked_add(other.cents).ok_or(MoneyError::TooLarge)?;
        Self::new(cents, self.currency).map_err(|_| MoneyError::TooLarge)
    }

    /// The amount as people write it: `1 234,50 €` in French (narrow no-break spaces), `€1,234.50` in English.
    pub fn format(self, language: Language) -> String {
        let (separator, point) = match language {
            Language::Fr => ('\u{202f}', ','),
            Language::En => (',', '.'),
        };
        let units = group_thousands(self.cents / 100, separator);
        let number = format!("{units}{point}{:02}", self.cents % 100);
        match language {
            Language::Fr => format!("{number}\u{a0}{}", self.currency.sign()),
            Language::En => format!("{}{number}", self.currency.sign()),
        }
    }
}

/// At most nine digits before the point or comma, so that no product overflows, and at most two behind it.
fn cents_from_decimal(text: &str) -> Option<i64> {
    let (units, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let are_digits = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !are_digits(units, 9) || !are_digits(decimals, 2) {
        return None;
    }
    let units: i64 = units.parse().ok()?;
    let hundredths: i64 = format!("{decimals:0<2}").parse().ok()?;
    Some(units * 100 + hundredths)
}

fn group_thousands(units: i64, separator: char) -> String {
    let digits = units.to_string();
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(cents: i64) -> Money {
        Money::new(cents, Currency::Eur).expect("a lawful amount")
    }

    #[test]
    fn is_written_as_people_write_it() {
        assert_eq!(eur(123_450).format(Language::Fr), "1\u{202f}234,50\u{a0}€");
        assert_eq!(eur(123_450).format(Language::En), "€1,234.50");
        assert_eq!(eur(5).format(Language::Fr), "0,05\u{a0}€");
    }

    #[test]
    fn refuses_what_no_price_can_be() {
        assert!(Money::new(-1, Currency::Eur).is_err());
        assert!(Money::new(Money::MAX_CENTS + 1, Currency::Eur).is_err());
        let dollars = Money::new(100, Currency::Usd).expect("a lawful amount");
        assert_eq!(eur(100).plus(dollars), Err(MoneyError::MixedCurrencies(Currency::Eur, Currency::Usd)));
    }

    proptest! {
        #[test]
        fn adding_never_overflows_nor_panics(a in 0..=Money::MAX_CENTS, b in 0..=Money::MAX_CENTS, n in 1u32..=Quantity::MAX) {
            let quantity = Quantity::new(n).expect("within bounds");
            match eur(a).plus(eur(b)) {
                Ok(sum) => prop_assert_eq!(sum.cents(), a + b),
                Err(error) => prop_assert_eq!(error, MoneyError::TooLarge),
            }
            let product = eur(a).times(quantity);
            prop_assert_eq!(product.is_ok(), a.saturating_mul(i64::from(n)) <= Money::MAX_CENTS);
        }
    }

    #[test]
    fn typed_amounts_are_read_as_people_write_them() {
        let read = |text| Money::cents_from_text("min", text);
        for (text, cents) in [("12", 1_200), ("12.5", 1_250), ("12,50", 1_250), (" 0 ", 0), ("99999999", 9_999_999_900)]
        {
            assert_eq!(read(text), Ok(Some(cents)), "{text}");
        }
        assert_eq!(read(" "), Ok(None));
        for bad in ["abc", "-1", "1.234", "1.", ".5", "1e9", "1 000", "999999999", "９", "1,2,3"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_an_amount_out_of_bounds(text in "\\PC{0,16}") {
            if let Ok(Some(cents)) = Money::cents_from_text("min", &text) {
                prop_assert!((0..=Money::MAX_CENTS).contains(&cents));
            }
        }
    }
}
