//! The catalogue on the wire: listings, categories and shops.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A listing with everything that its page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Listing {
    /// The listing's number.
    #[schema(example = 17)]
    pub id: i64,
    /// Its page, for people.
    #[schema(example = "/l/17")]
    pub url: String,
    /// How often this listing, its stock included, has changed: of two answers the one with the higher version is the truth.
    #[schema(example = 3)]
    pub version: i64,
    /// The language of its texts: `fr` or `en`.
    #[schema(example = "fr")]
    pub language: String,
    /// Its headline.
    #[schema(example = "Bol à soupe en grès")]
    pub title: String,
    /// Its text, with line breaks; may be empty.
    pub description: String,
    /// Named properties such as material or colour.
    pub attributes: BTreeMap<String, String>,
    /// The price of one piece in minor units; without one it cannot be ordered.
    #[schema(example = 2_450)]
    pub price_cents: Option<i64>,
    /// The ISO 4217 code of the price.
    #[schema(example = "EUR")]
    pub currency: Option<String>,
    /// How many pieces can be had right now.
    #[schema(example = 4)]
    pub available: u32,
    /// Photos, the main one first; when there are none, `placeholder_photo` is what the shop shows.
    pub photos: Vec<String>,
    /// A drawing that stands in for a photo.
    #[schema(example = "/photos/17.svg")]
    pub placeholder_photo: String,
    /// Where it is, if the seller says so.
    pub place: Option<Place>,
    /// Where it hangs in the category tree: slugs from the top down.
    #[schema(example = json!(["ceramique", "bols"]))]
    pub category_path: Vec<String>,
    /// Who sells it.
    pub shop: Option<Shop>,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Listing {
    /// The listing with where it hangs and who sells it.
    pub fn new(
        listing: &halles_domain::Listing,
        category_path: Vec<String>,
        seller: Option<&halles_domain::Seller>,
    ) -> Self {
        Self {
            id: listing.id.get(),
            url: format!("/l/{}", listing.id),
            version: listing.version.get(),
            language: listing.language.code().to_owned(),
            title: listing.title.as_str().to_owned(),
            description: listing.description.as_str().to_owned(),
            attributes: listing.attributes.clone().into(),
            price_cents: listing.price.map(halles_domain::Money::cents),
            currency: listing.price.map(|price| price.currency().code().to_owned()),
            available: listing.stock.available(),
            photos: listing.photos.iter().map(|photo| photo.as_str().to_owned()).collect(),
            placeholder_photo: placeholder_photo(listing),
            place: listing.place.as_ref().map(Place::from),
            category_path,
            shop: seller.map(Shop::from),
            created_at: listing.created_at,
            updated_at: listing.updated_at,
        }
    }
}

/// A listing as it stands in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListingSummary {
    /// The listing's number.
    #[schema(example = 17)]
    pub id: i64,
    /// Its page, for people.
    #[schema(example = "/l/17")]
    pub url: String,
    /// The language of its texts: `fr` or `en`.
    #[schema(example = "fr")]
    pub language: String,
    /// Its headline.
    #[schema(example = "Bol à soupe en grès")]
    pub title: String,
    /// The price of one piece in minor units; without one it cannot be ordered.
    #[schema(example = 2_450)]
    pub price_cents: Option<i64>,
    /// The ISO 4217 code of the price.
    #[schema(example = "EUR")]
    pub currency: Option<String>,
    /// How many pieces can be had right now.
    #[schema(example = 4)]
    pub available: u32,
    /// Its main photo, or the drawing that stands in for one.
    #[schema(example = "/photos/17.svg")]
    pub photo: String,
    /// The town where it is, if the seller says so.
    #[schema(example = "Vallauris")]
    pub town: Option<String>,
    /// The number of its category.
    #[schema(example = 12)]
    pub category_id: i32,
    /// The number of its seller.
    #[schema(example = 3)]
    pub seller_id: i64,
}

impl From<&halles_domain::Listing> for ListingSummary {
    fn from(listing: &halles_domain::Listing) -> Self {
        Self {
            id: listing.id.get(),
            url: format!("/l/{}", listing.id),
            language: listing.language.code().to_owned(),
            title: listing.title.as_str().to_owned(),
            price_cents: listing.price.map(halles_domain::Money::cents),
            currency: listing.price.map(|price| price.currency().code().to_owned()),
            available: listing.stock.available(),
            photo: listing.photos.first().map_or_else(|| placeholder_photo(listing), |photo| photo.as_str().to_owned()),
            town: listing.place.as_ref().map(|place| place.town.clone()),
            category_id: listing.category_id.get(),
            seller_id: listing.seller_id.get(),
        }
    }
}

fn placeholder_photo(listing: &halles_domain::Listing) -> String {
    format!("/photos/{}.svg", listing.id)
}

/// One page of a list of listings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListingPage {
    /// The listings in their order.
    pub listings: Vec<ListingSummary>,
    /// Where the next page begins: pass it back as `after`. None on the last page.
    #[schema(example = "n4711")]
    pub next: Option<String>,
}

/// The whole tree of categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryList {
    /// Every category, each after the one above it, siblings in their order.
    pub categories: Vec<Category>,
}

impl From<&halles_domain::CategoryTree> for CategoryList {
    fn from(tree: &halles_domain::CategoryTree) -> Self {
        let tops = tree.children(None).flat_map(|top| tree.subtree(top.id));
        let categories = tops.filter_map(|id| tree.get(id)).map(Category::from);
        Self { categories: categories.collect() }
    }
}

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// The category's number.
    #[schema(example = 12)]
    pub id: i32,
    /// The category above; none for those at the top.
    #[schema(example = 1)]
    pub parent_id: Option<i32>,
    /// Its name in addresses.
    #[schema(example = "bols")]
    pub slug: String,
    /// Its page, for people.
    #[schema(example = "/c/bols")]
    pub url: String,
    /// Its French name.
    #[schema(example = "Bols")]
    pub name_fr: String,
    /// Its English name.
    #[schema(example = "Bowls")]
    pub name_en: String,
}

impl From<&halles_domain::Category> for Category {
    fn from(category: &halles_domain::Category) -> Self {
        Self {
            id: category.id.get(),
            parent_id: category.parent_id.map(halles_domain::CategoryId::get),
            slug: category.slug.to_string(),
            url: format!("/c/{}", category.slug),
            name_fr: category.name_fr.clone(),
            name_en: category.name_en.clone(),
        }
    }
}

/// A shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Shop {
    /// The seller's number.
    #[schema(example = 3)]
    pub id: i64,
    /// The shop's name in addresses.
    #[schema(example = "l-atelier-du-port")]
    pub slug: String,
    /// Its page, for people.
    #[schema(example = "/s/l-atelier-du-port")]
    pub url: String,
    /// The shop's name.
    #[schema(example = "L'atelier du port")]
    pub name: String,
    /// What the shop says of itself; may be empty.
    pub description: String,
    /// Where it is, if it says so.
    pub place: Option<Place>,
    /// When it opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<&halles_domain::Seller> for Shop {
    fn from(seller: &halles_domain::Seller) -> Self {
        Self {
            id: seller.id.get(),
            slug: seller.slug.to_string(),
            url: format!("/s/{}", seller.slug),
            name: seller.name.clone(),
            description: seller.description.clone(),
            place: seller.place.as_ref().map(Place::from),
            created_at: seller.created_at,
        }
    }
}

/// A town, as precise as we ever show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// The town's name.
    #[schema(example = "Vallauris")]
    pub town: String,
    /// The postcode, if known.
    #[schema(example = "06220")]
    pub postcode: Option<String>,
    /// Degrees north of the middle of the town, if known.
    #[schema(example = 43.58)]
    pub latitude: Option<f32>,
    /// Degrees east of the middle of the town, if known.
    #[schema(example = 7.05)]
    pub longitude: Option<f32>,
}

impl From<&halles_domain::Place> for Place {
    fn from(place: &halles_domain::Place) -> Self {
        Self {
            town: place.town.clone(),
            postcode: place.postcode.clone(),
            latitude: place.coordinates.map(halles_domain::Coordinates::latitude),
            longitude: place.coordinates.map(halles_domain::Coordinates::longitude),
        }
    }
}
