//! What a seller or an importer hands in.

use halles_domain::{
    Attributes, CategoryId, Description, Invalid, Language, ListingStatus, Money, Photo, Place, SellerId, Slug, Title,
};
use jiff::Timestamp;

/// All of a listing that its seller decides.
#[derive(Debug, Clone, PartialEq)]
pub struct ListingContent {
    /// Where it hangs in the category tree.
    pub category_id: CategoryId,
    /// Whether shoppers may see it.
    pub status: ListingStatus,
    /// The language that its texts are written in.
    pub language: Language,
    /// Its headline.
    pub title: Title,
    /// Its text.
    pub description: Description,
    /// Its named properties.
    pub attributes: Attributes,
    /// The price of one piece, if it has one.
    pub price: Option<Money>,
    /// Where it is, if the seller says so.
    pub place: Option<Place>,
    /// Its photos, the main one first.
    pub photos: Vec<Photo>,
    /// Units physically present.
    pub on_hand: u32,
}

/// A listing that is not in the catalogue yet (or, for imports, may be).
#[derive(Debug, Clone, PartialEq)]
pub struct NewListing {
    /// Who sells it.
    pub seller_id: SellerId,
    /// Where it was imported from, if it was.
    pub source: Option<ListingSource>,
    /// When it was published; now, when it does not say.
    pub published_at: Option<Timestamp>,
    /// Everything else.
    pub content: ListingContent,
}

/// Where an imported listing came from and its name there: importing the same name again changes the same listing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListingSource {
    name: String,
    reference: String,
}

impl ListingSource {
    const MAX_BYTES: usize = 500;

    /// Parses the name of a source, such as `icecat`, and a listing's name there.
    pub fn new(name: &str, reference: &str) -> Result<Self, Invalid> {
        for (field, text) in [("source", name), ("source_ref", reference)] {
            if text.is_empty() || text.len() > Self::MAX_BYTES || text.chars().any(char::is_control) {
                return Err(Invalid::new(
                    field,
                    format!("must be 1 to {} bytes without control characters", Self::MAX_BYTES),
                ));
            }
        }
        Ok(Self { name: name.to_owned(), reference: reference.to_owned() })
    }

    /// The source.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The listing's name there.
    pub fn reference(&self) -> &str {
        &self.reference
    }
}

/// A shop that is not there yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSeller {
    /// The shop's name in addresses.
    pub slug: Slug,
    /// The shop's name.
    pub name: String,
    /// What the shop says of itself.
    pub description: String,
    /// Where the shop is.
    pub place: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_bounds() {
        assert!(ListingSource::new("icecat", "A-1").is_ok());
        for (name, reference) in [("", "1"), ("x", ""), ("x", "a\0b"), ("x", &*"y".repeat(501))] {
            assert!(ListingSource::new(name, reference).is_err(), "{name} {reference}");
        }
    }
}
