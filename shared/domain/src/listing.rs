//! A seller's live offer: what shoppers browse, search and order.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CategoryId, Invalid, Language, ListingId, Money, Place, SellerId, Stock, Version};

/// A listing as the database knows it at one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// The listing's number.
    pub id: ListingId,
    /// How often this listing, its stock included, has changed.
    pub version: Version,
    /// Who sells it.
    pub seller_id: SellerId,
    /// Where it hangs in the category tree.
    pub category_id: CategoryId,
    /// Whether shoppers may see it.
    pub status: ListingStatus,
    /// The language that its texts are written in.
    pub language: Language,
    /// Its headline.
    pub title: Title,
    /// Its text; may be empty.
    pub description: Description,
    /// Named properties such as material or colour.
    pub attributes: Attributes,
    /// The price of one piece; without one it can be looked at but not ordered.
    pub price: Option<Money>,
    /// Where it is, if the seller says so.
    pub place: Option<Place>,
    /// Its photos, the main one first; without any, a drawn placeholder stands in.
    pub photos: Vec<Photo>,
    /// How many there are.
    pub stock: Stock,
    /// When it was published.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Listing {
    /// Whether a shopper can put at least one piece into the basket.
    pub fn is_orderable(&self) -> bool {
        self.status == ListingStatus::Published && self.price.is_some() && self.stock.available() > 0
    }
}

/// Where a listing is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListingStatus {
    /// Being written; only its seller sees it.
    Draft,
    /// Live.
    Published,
    /// Taken down by its seller for a while.
    Paused,
    /// Taken down for good; the address answers "gone".
    Closed,
}

impl ListingStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Published, Self::Paused, Self::Closed];

    /// The status's name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Paused => "paused",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for ListingStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ListingStatus {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|status| status.name() == text)
            .ok_or_else(|| Invalid::new("status", "must be draft, published, paused or closed"))
    }
}

/// A listing's headline: 1 to [`Title::MAX_CHARS`] characters, no control characters, blanks collapsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Title(String);

impl Title {
    /// The longest title; real catalogues reach about 700.
    pub const MAX_CHARS: usize = 1_000;

    /// Parses a headline.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let title = collapse_blanks(text);
        if title.is_empty() {
            return Err(Invalid::new("title", "must not be empty"));
        }
        if title.chars().count() > Self::MAX_CHARS {
            return Err(Invalid::new("title", format!("must have at most {} characters", Self::MAX_CHARS)));
        }
        Ok(Self(title))
    }

    /// The headline's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Title {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::new(&text)
    }
}

impl From<Title> for String {
    fn from(title: Title) -> Self {
        title.0
    }
}

/// A listing's text: up to [`Description::MAX_CHARS`] characters, line breaks kept, other control characters dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Description(String);

impl Description {
    /// The longest text: some thirty pages.
    pub const MAX_CHARS: usize = 50_000;

    /// Parses a text; an empty one is lawful.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let cleaned: String = text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
        let description = cleaned.trim();
        if description.chars().count() > Self::MAX_CHARS {
            return Err(Invalid::new("description", format!("must have at most {} characters", Self::MAX_CHARS)));
        }
        Ok(Self(description.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Description {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::new(&text)
    }
}

impl From<Description> for String {
    fn from(description: Description) -> Self {
        description.0
    }
}

/// A listing's named properties, in alphabetical order: at most [`Attributes::MAX`], names up to 80 characters, values up to 2,000.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Attributes(BTreeMap<String, String>);

impl Attributes {
    /// The most properties that one listing may have; technical catalogues reach about 150.
    pub const MAX: usize = 250;
    const MAX_NAME_CHARS: usize = 80;
    const MAX_VALUE_CHARS: usize = 2_000;

    /// Parses properties; those with an empty name or value are dropped.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, Invalid> {
        let mut attributes = BTreeMap::new();
        for (name, value) in pairs {
            let name = collapse_blanks(&name);
            let value = collapse_blanks(&value);
            if name.is_empty() || value.is_empty() {
                continue;
            }
            if name.chars().count() > Self::MAX_NAME_CHARS || value.chars().count() > Self::MAX_VALUE_CHARS {
                return Err(Invalid::new("attributes", "names may have 80 characters, values 2,000"));
            }
            attributes.insert(name, value);
        }
        if attributes.len() > Self::MAX {
            return Err(Invalid::new("attributes", format!("must be at most {}", Self::MAX)));
        }
        Ok(Self(attributes))
    }

    /// The properties, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of one property.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<BTreeMap<String, String>> for Attributes {
    type Error = Invalid;

    fn try_from(pairs: BTreeMap<String, String>) -> Result<Self, Invalid> {
        Self::new(pairs)
    }
}

impl From<Attributes> for BTreeMap<String, String> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}

/// A photo by reference: an `http` or `https` address without control characters, at most 2,000 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Photo(String);

impl Photo {
    /// The most photos that one listing may have.
    pub const MAX_PER_LISTING: usize = 20;
    const MAX_LEN: usize = 2_000;

    /// Parses a photo's address.
    pub fn new(address: &str) -> Result<Self, Invalid> {
        let address = address.trim();
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        let is_clean = !address.chars().any(|letter| letter.is_control() || letter.is_whitespace() || letter == '"');
        if is_web && is_clean && address.len() <= Self::MAX_LEN {
            Ok(Self(address.to_owned()))
        } else {
            Err(Invalid::new("photo", "must be an http or https address of at most 2,000 bytes"))
        }
    }

    /// The photo's address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Photo {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::new(&text)
    }
}

impl From<Photo> for String {
    fn from(photo: Photo) -> Self {
        photo.0
    }
}

fn collapse_blanks(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty())
    {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_clean_line() {
        assert_eq!(Title::new("  Bol\u{0} en\n grès ").map(String::from), Ok("Bol en grès".into()));
        assert!(Title::new(" \t ").is_err());
        assert!(Title::new(&"x".repeat(Title::MAX_CHARS + 1)).is_err());
    }

    #[test]
    fn a_description_keeps_its_line_breaks() {
        assert_eq!(Description::new("a\u{7}\nb ").map(String::from), Ok("a\nb".into()));
    }

    #[test]
    fn a_photo_cannot_smuggle_a_script() {
        for bad in ["javascript:alert(1)", "https://x/\" onload=\"", "ftp://x/y.jpg", ""] {
            assert!(Photo::new(bad).is_err(), "{bad}");
        }
        assert!(Photo::new("http://images.example/a.jpg").is_ok());
    }
}
