//! From a source's row to a listing of ours, or to the reasons why not.

use std::collections::BTreeMap;

use halles_domain::{Attributes, Description, Invalid, Language, Money, Photo, Slug, Title};
use halles_store::bulk::{NewCategory, NewShop};
use serde_json::Value;

use super::mapping::{Mapping, RowRule};
use super::record::{Record, text};
use super::reject::Reject;
use super::slugs::{shop_slug, tidy};
use super::{category_path, price};

/// A listing that is ready for the database but for the numbers of its shop and category.
#[derive(Debug)]
pub struct ImportedListing {
    /// Its line in the file.
    pub line: u64,
    /// Its name at the source.
    pub reference: String,
    /// The language of its texts.
    pub language: Language,
    /// Its headline.
    pub title: Title,
    /// Its text.
    pub description: Description,
    /// Its named properties, as JSON.
    pub attributes: String,
    /// Its price, if it has one.
    pub price: Option<Money>,
    /// How many there are.
    pub on_hand: u32,
    /// Its photos.
    pub photos: Vec<Photo>,
    /// Who sells it.
    pub shop: NewShop,
    /// The categories from below the source's own down to its own.
    pub categories: Vec<NewCategory>,
    /// Whether a value was too long and lost its end.
    pub shortened: bool,
}

/// Turns rows of one source into listings.
#[derive(Debug)]
pub struct Converter {
    /// How the source's fields become ours.
    pub mapping: Mapping,
    /// The source's name.
    pub source: Slug,
}

/// The longest reference; it is a key in the database.
const MAX_REFERENCE_BYTES: usize = 200;
/// The longest shop name.
const MAX_SHOP_CHARS: usize = 120;
/// The longest attribute name and value that a listing may have.
const MAX_ATTRIBUTE: (usize, usize) = (80, 2_000);

impl Converter {
    /// Whether the mapping wants this row at all.
    pub fn wants(&self, record: &Record) -> bool {
        let fits =
            |rule: &RowRule| record.get(&rule.field).is_some_and(|value| rule.matches.is_match(text(value).trim()));
        (self.mapping.keep.is_empty() || self.mapping.keep.iter().any(fits)) && !self.mapping.drop.iter().any(fits)
    }

    /// The listing of a row, or everything that is wrong with it.
    pub fn convert(&self, record: &Record) -> Result<ImportedListing, Vec<Reject>> {
        let mut faults = Vec::new();
        let reference = keep(self.reference(record), record, &mut faults);
        let title = keep(self.title(record), record, &mut faults);
        let description = keep(self.description(record), record, &mut faults);
        let price = keep(self.price(record), record, &mut faults);
        let on_hand = keep(self.on_hand(record), record, &mut faults);
        let attributes = keep(self.attributes(record), record, &mut faults);
        match (reference, title, description, price, on_hand, attributes) {
            (Some(reference), Some(title), Some(description), Some(price), Some(on_hand), Some(attributes)) => {
                Ok(ImportedListing {
                    line: record.line,
                    reference,
                    language: self.mapping.language,
                    description,
                    attributes: attributes.0,
                    price,
                    on_hand,
                    photos: self.photos(record),
                    shop: self.shop(record),
                    categories: category_path::below_top(&self.source, &self.mapping, record, title.as_str()),
                    shortened: attributes.1,
                    title,
                })
            }
            _ => Err(faults),
        }
    }

    fn reference(&self, record: &Record) -> Result<String, Invalid> {
        let reference = record.first(&self.mapping.fields.reference).map(|value| tidy(&text(value)));
        match reference {
            None => Err(Invalid::new("ref", "must not be empty")),
            Some(reference) if reference.len() > MAX_REFERENCE_BYTES => {
                Err(Invalid::new("ref", format!("must have at most {MAX_REFERENCE_BYTES} bytes")))
            }
            Some(reference) => Ok(reference),
        }
    }

    fn title(&self, record: &Record) -> Result<Title, Invalid> {
        let title = record.first(&self.mapping.fields.title).map(text).unwrap_or_default();
        let mut title = Title::new(&title)?;
        if self.mapping.text.sentence_case {
            title = Title::new(&title.as_str().to_lowercase())?;
        }
        if self.mapping.text.capitalise || self.mapping.text.sentence_case {
            let mut letters = title.as_str().chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            title = Title::new(&first.chain(letters).collect::<String>())?;
        }
        Ok(title)
    }

    fn description(&self, record: &Record) -> Result<Description, Invalid> {
        Description::new(&record.first(&self.mapping.fields.description).map(text).unwrap_or_default())
    }

    fn price(&self, record: &Record) -> Result<Option<Money>, Invalid> {
        let currency = self.mapping.currency;
        if let Some(cents) = record.first(&self.mapping.fields.price_cents) {
            let cents =
                text(cents).trim().parse().map_err(|_| Invalid::new("price_cents", "must be a whole number"))?;
            return price::from_cents(cents, currency);
        }
        match record.first(&self.mapping.fields.price) {
            Some(decimal) => price::from_decimal(&text(decimal), currency),
            None => Ok(None),
        }
    }

    /// "5 new" means five.
    fn on_hand(&self, record: &Record) -> Result<u32, Invalid> {
        let Some(stock) = record.first(&self.mapping.fields.stock) else { return Ok(self.mapping.default_stock) };
        let stock = text(stock);
        let digits: String = stock.trim().chars().take_while(char::is_ascii_digit).collect();
        digits.parse().map_err(|_| Invalid::new("stock", "must begin with a whole number that is not negative"))
    }

    /// Photos that have no lawful address are left out: a listing is worth having without them.
    fn photos(&self, record: &Record) -> Vec<Photo> {
        let mut photos: Vec<Photo> = Vec::new();
        for value in record.all(&self.mapping.fields.images) {
            let addresses = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
            for photo in addresses.iter().filter_map(|address| Photo::new(&text(address)).ok()) {
                if photos.len() < Photo::MAX_PER_LISTING && !photos.contains(&photo) {
                    photos.push(photo);
                }
            }
        }
        photos
    }

    fn shop(&self, record: &Record) -> NewShop {
        let named = record.first(&self.mapping.fields.seller).and_then(|seller| {
            let name: String = tidy(&text(seller)).chars().take(MAX_SHOP_CHARS).collect();
            let slug = shop_slug(&name, &self.source)?;
            Some(NewShop { slug, name, description: String::new() })
        });
        named.unwrap_or_else(|| NewShop {
            slug: self.source.clone(),
            name: self.mapping.shop.clone(),
            description: String::new(),
        })
    }

    /// The attributes as JSON, and whether one of them was shortened.
    fn attributes(&self, record: &Record) -> Result<(String, bool), Invalid> {
        let mut pairs = BTreeMap::new();
        let mut shortened = false;
        let mut add = |name: String, value: &Value| {
            let value = tidy(&text(value));
            shortened |= name.chars().count() > MAX_ATTRIBUTE.0 || value.chars().count() > MAX_ATTRIBUTE.1;
            if pairs.len() < Attributes::MAX {
                pairs.insert(shorten(name, MAX_ATTRIBUTE.0), shorten(value, MAX_ATTRIBUTE.1));
            }
        };
        if let Some(Value::Object(object)) = record.first(&self.mapping.fields.attributes) {
            for (name, value) in object {
                add(self.humanise(name), value);
            }
        }
        for (ours, theirs) in &self.mapping.attributes.named {
            if let Some(value) = record.get(theirs) {
                add(ours.clone(), value);
            }
        }
        let attributes = Attributes::new(pairs)?;
        let json = serde_json::to_string(&attributes).map_err(|error| Invalid::new("attributes", error))?;
        Ok((json, shortened))
    }

    /// `t_product_colour` becomes "Product colour".
    fn humanise(&self, name: &str) -> String {
        let prefixes = &self.mapping.attributes.strip_prefixes;
        let bare = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.as_str())).unwrap_or(name);
        let words = tidy(&bare.replace('_', " "));
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

fn keep<T>(parsed: Result<T, Invalid>, record: &Record, faults: &mut Vec<Reject>) -> Option<T> {
    parsed
        .map_err(|fault| faults.push(Reject { line: record.line, field: fault.field.into(), reason: fault.reason }))
        .ok()
}

fn shorten(text: String, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars - 1) {
        Some((cut, _)) if text[cut..].chars().nth(1).is_some() => format!("{}…", &text[..cut]),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn convert(mapping: &str, fields: &Value) -> Result<ImportedListing, Vec<Reject>> {
        let converter =
            Converter { mapping: Mapping::bundled(mapping).expect("bundled"), source: "toys".parse().expect("a slug") };
        converter.convert(&Record { line: 7, fields: fields.as_object().expect("an object").clone() })
    }

    #[test]
    fn a_row_becomes_a_listing() {
        let listing = convert(
            "amazon-toys-uk",
            &json!({
                "id": "abc", "title": " Train\tset ", "category_path": ["Hobbies"], "manufacturer": "Hornby",
                "price_gbp": 3.42, "stock_text": "5 new"
            }),
        )
        .expect("a listing");
        assert_eq!(listing.title.as_str(), "Train set");
        assert_eq!(listing.price.map(Money::cents), Some(342));
        assert_eq!(listing.on_hand, 5);
        assert_eq!((listing.shop.slug.as_str(), listing.shop.name.as_str()), ("hornby-toys", "Hornby"));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let faults = convert("amazon-toys-uk", &json!({"title": "", "price_gbp": "cheap", "stock_text": "some"}))
            .expect_err("nothing is right");
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["ref", "title", "price", "stock"]);
        assert!(faults.iter().all(|fault| fault.line == 7));
    }

    #[test]
    fn attributes_lose_prefixes_and_overlong_ends() {
        let listing = convert("chorus-icecat", &json!({
            "id": 1, "title": "x", "attrs": {"t_product_colour": "Black", "b_touchscreen": false, "n_width": 33.0, "t_long": "é".repeat(3_000)}
        }))
        .expect("a listing");
        let attributes: BTreeMap<String, String> = serde_json::from_str(&listing.attributes).expect("JSON");
        assert_eq!(attributes["Product colour"], "Black");
        assert_eq!(attributes["Touchscreen"], "no");
        assert_eq!(attributes["Width"], "33");
        assert_eq!(attributes["Long"].chars().count(), 2_000);
        assert!(listing.shortened && attributes["Long"].ends_with('…'));
    }

    #[test]
    fn bad_photos_are_left_out() {
        let listing = convert(
            "flipkart-listings",
            &json!({
                "id": 1, "title": "x", "images": ["http://a/b.jpg", "javascript:alert(1)", "http://a/b.jpg"]
            }),
        )
        .expect("a listing");
        assert_eq!(listing.photos.len(), 1);
    }
}
