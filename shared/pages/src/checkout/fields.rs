//! What the checkout's form carries besides what is typed, and how it is read when it comes back.

use halles_domain::{BasketLine, ListingId};

/// The name of the field for what is wished for on this listing.
pub fn wish_field(id: ListingId) -> String {
    format!("wish-{id}")
}

/// The lines as the form carries them: what was reviewed is what is ordered, whatever has become of the basket since.
/// So the form sent twice is the same order twice, even when the first sending has emptied the basket.
pub fn lines_to_text(lines: impl IntoIterator<Item = BasketLine>) -> String {
    let pairs = lines.into_iter().map(|line| format!("{}:{}", line.listing_id, line.quantity.get()));
    pairs.collect::<Vec<_>>().join(",")
}

/// Reads the lines of a form; none when they were tampered with.
pub fn lines_from_text(text: &str) -> Option<Vec<BasketLine>> {
    let lines = text.split(',').take(halles_domain::Basket::MAX_LINES + 1).map(|pair| {
        let (id, pieces) = pair.split_once(':')?;
        let quantity = pieces.parse::<u32>().ok()?.try_into().ok()?;
        Some(BasketLine { listing_id: id.parse().ok()?, quantity })
    });
    let lines: Vec<BasketLine> = lines.collect::<Option<_>>()?;
    halles_domain::Basket::new(lines).ok().map(Vec::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_the_form_and_tampering_does_not() {
        let lines = lines_from_text("3:2,1:1").expect("lines");
        assert_eq!(lines_to_text(lines), "3:2,1:1");
        let too_many = (1..=51).map(|id| format!("{id}:1")).collect::<Vec<_>>().join(",");
        for bad in ["", "3", "3:0", "3:-1", "3:1000", "0:1", "a:1", "1:1,", too_many.as_str()] {
            assert!(lines_from_text(bad).is_none(), "{bad}");
        }
    }
}
