//! The rows of a bulk load.

use halles_domain::{CategoryId, Currency, Language, ListingId, Money, Photo, Place, SellerId, Slug};
use jiff::Timestamp;

use super::copy::{CopyTable, Fields};

/// The table of shops.
#[derive(Debug)]
pub struct Sellers;

/// The table of listings.
#[derive(Debug)]
pub struct Listings;

/// A shop to load.
#[derive(Debug)]
pub struct SellerRow<'a> {
    /// Its number, reserved before.
    pub id: SellerId,
    /// Its name in addresses.
    pub slug: &'a Slug,
    /// Its name.
    pub name: &'a str,
    /// What it says of itself.
    pub description: &'a str,
    /// Where it is.
    pub place: &'a Place,
    /// When it opened.
    pub created_at: Timestamp,
}

/// A listing to load. The texts must keep the rules of the domain types that will read them back.
#[derive(Debug)]
pub struct ListingRow<'a> {
    /// Its number: reserved before for a load, the line's number in its file for a merge.
    pub id: ListingId,
    /// Who sells it.
    pub seller_id: SellerId,
    /// Where it hangs.
    pub category_id: CategoryId,
    /// The language of its texts.
    pub language: Language,
    /// Its headline.
    pub title: &'a str,
    /// Its text.
    pub description: &'a str,
    /// Its named properties: a JSON object of texts.
    pub attributes: &'a str,
    /// The price of one piece, if there is one.
    pub price: Option<Money>,
    /// Where it is.
    pub place: Option<&'a Place>,
    /// Its photos.
    pub photos: &'a [Photo],
    /// How many there are.
    pub on_hand: u32,
    /// Where an imported one came from.
    pub origin: Option<Origin<'a>>,
    /// When it was published.
    pub created_at: Timestamp,
}

/// Where an imported listing came from, and its name there: what tells on the next import that it is the same one.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The catalogue it came from.
    pub source: &'a str,
    /// Its name there.
    pub reference: &'a str,
}

impl CopyTable for Sellers {
    type Row<'a> = SellerRow<'a>;
    const COLUMNS: &'static str = "id, slug, name, description, town, postcode, latitude, longitude, created_at";

    fn encode(row: &SellerRow<'_>, fields: &mut Fields<'_>) {
        fields.bigint(row.id.get());
        fields.text(row.slug.as_str());
        fields.text(row.name);
        fields.text(row.description);
        encode_place(Some(row.place), fields);
        fields.timestamptz(row.created_at);
    }
}

impl CopyTable for Listings {
    type Row<'a> = ListingRow<'a>;
    const COLUMNS: &'static str = "id, seller_id, category_id, language, title, description, attributes, \
                                   price_cents, currency, town, postcode, latitude, longitude, photos, on_hand, \
                                   source, source_ref, created_at, updated_at";

    fn encode(row: &ListingRow<'_>, fields: &mut Fields<'_>) {
        fields.bigint(row.id.get());
        fields.bigint(row.seller_id.get());
        fields.int(row.category_id.get());
        fields.text(row.language.code());
        fields.text(row.title);
        fields.text(row.description);
        fields.jsonb(row.attributes);
        match row.price {
            Some(price) => fields.bigint(price.cents()),
            None => fields.null(),
        }
        fields.text(row.price.map_or(Currency::default(), Money::currency).code());
        encode_place(row.place, fields);
        fields.text_array(row.photos);
        fields.int(i32::try_from(row.on_hand).unwrap_or(i32::MAX));
        match row.origin {
            Some(origin) => {
                fields.text(origin.source);
                fields.text(origin.reference);
            }
            None => {
                fields.null();
                fields.null();
            }
        }
        fields.timestamptz(row.created_at);
        fields.timestamptz(row.created_at);
    }
}

fn encode_place(place: Option<&Place>, fields: &mut Fields<'_>) {
    match place {
        Some(place) => fields.text(&place.town),
        None => fields.null(),
    }
    match place.and_then(|place| place.postcode.as_deref()) {
        Some(postcode) => fields.text(postcode),
        None => fields.null(),
    }
    match place.and_then(|place| place.coordinates) {
        Some(coordinates) => {
            fields.real(coordinates.latitude());
            fields.real(coordinates.longitude());
        }
        None => {
            fields.null();
            fields.null();
        }
    }
}
