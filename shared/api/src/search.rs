//! Searching, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::listing::{Category, ListingSummary};

/// One page of what a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchPage {
    /// The listings of this page, in order. Prices and stock are those of this moment; a listing that was closed or
    /// sold since the index was built is left out, so a page may hold fewer than `total` lets expect.
    pub listings: Vec<ListingSummary>,
    /// For each of them, which words it was found by and how far away it is.
    pub details: Vec<HitDetails>,
    /// The town that `near` was understood as.
    pub place: Option<FoundPlace>,
    /// How many listings match in all.
    #[schema(example = 128)]
    pub total: u64,
    /// Which page this is, from 1.
    #[schema(example = 1)]
    pub page: u32,
    /// How many pages can be asked for. Very long results end before their last listing: narrowing the search finds
    /// more than paging on.
    #[schema(example = 6)]
    pub pages: u32,
    /// Where a walk goes on: pass it back as `after`. Only in answers to a walk, and none at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "41a3d70a-1f4-9c2b11d0-5e8a77c3")]
    pub next: Option<String>,
    /// How well the listings match.
    pub matched: SearchMatch,
    /// Whether time ran out before all listings were looked at: there may be more of them and better ones, and all counts
    /// are too low.
    pub is_partial: bool,
    /// The words with their probable mistakes put right, when they found little as they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "bol en grès")]
    pub did_you_mean: Option<String>,
    /// Categories to narrow the search to, each with what it would find, in the tree's order: those directly below the
    /// category asked for, or those at the top.
    pub categories: Vec<CategoryCount>,
    /// How many listings there are by price, whatever price was asked for, in the currency that was asked for.
    pub prices: Vec<PriceCount>,
    /// Properties to narrow the search by: what everybody looks for first, then what most of the listings have.
    pub properties: Vec<PropertyCounts>,
    /// The shops with the most of them, and the chosen ones, whatever shops were chosen.
    pub shops: Vec<ShopCount>,
    /// The languages that they are written in, whatever language was asked for.
    pub languages: Vec<CodeCount>,
    /// The currencies that they are priced in, whatever price was asked for.
    pub currencies: Vec<CodeCount>,
    /// How many of them can be ordered now.
    #[schema(example = 120)]
    pub available: u64,
    /// For each respect in which the search is narrowed, how many would be found if it were not.
    pub without: Vec<WithoutCount>,
    /// Why each of the listings was found, when that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<ListingExplanation>,
    /// The generation of the index that answered.
    #[schema(example = 4711)]
    pub generation: u64,
}

/// Why a listing was found, in plain lines: one for each word of the search, then what the marketplace's rules did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListingExplanation {
    /// The listing's number.
    #[schema(example = 17)]
    pub id: i64,
    /// The lines in French.
    #[schema(example = json!(["« bols » : dans le titre", "« bleu » : dans les caractéristiques"]))]
    pub fr: Vec<String>,
    /// The lines in English.
    #[schema(example = json!(["“bols”: in the title", "“bleu”: in the details"]))]
    pub en: Vec<String>,
}

/// How well listings match the words of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchMatch {
    /// Each of them has all words.
    AllWords,
    /// Few listings or none have all words; those that have come first, then some with fewer.
    SomeWords,
}

/// A category with how many of the listings are in it or below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryCount {
    /// The category's number.
    #[schema(example = 12)]
    pub id: i32,
    /// Its name in addresses: pass it back as `category`.
    #[schema(example = "bols")]
    pub slug: String,
    /// Its French name.
    #[schema(example = "Bols")]
    pub name_fr: String,
    /// Its English name.
    #[schema(example = "Bowls")]
    pub name_en: String,
    /// How many.
    #[schema(example = 17)]
    pub count: u64,
}

impl CategoryCount {
    /// A category and its count.
    pub fn new(category: &halles_domain::Category, count: u64) -> Self {
        Self {
            id: category.id.get(),
            slug: category.slug.to_string(),
            name_fr: category.name_fr.clone(),
            name_en: category.name_en.clone(),
            count,
        }
    }
}

/// A range of prices with how many listings are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceCount {
    /// The lowest price of the range in minor units; none for the first.
    #[schema(example = 2_000)]
    pub min_price_cents: Option<i64>,
    /// The highest price of the range; none for the last.
    #[schema(example = 4_999)]
    pub max_price_cents: Option<i64>,
    /// How many.
    #[schema(example = 42)]
    pub count: u64,
}

/// What somebody who types may want.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuggestionList {
    /// Searches to go on with, the likeliest first: what many people searched for, then phrases of titles. Each of them
    /// finds something.
    #[schema(example = json!(["bol bleu", "bol en grès"]))]
    pub searches: Vec<String>,
    /// Categories whose name begins like this, as far as there is something in them.
    pub categories: Vec<Category>,
    /// Listings that these searches find, with the prices and stock of this moment.
    pub listings: Vec<ListingSummary>,
}

/// Why and where a listing was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HitDetails {
    /// The listing's number.
    #[schema(example = 17)]
    pub id: i64,
    /// Its title in pieces, which together are the whole title.
    pub title: Vec<TextPiece>,
    /// A piece of its description, when that has words of the search that the title lacks. Line breaks are blanks here,
    /// and "…" stands for what was left out.
    pub snippet: Option<Vec<TextPiece>>,
    /// How many kilometres away it is, as the crow flies, when a place was asked for and the listing or its shop says
    /// where it is.
    #[schema(example = 12.0)]
    pub distance_km: Option<f64>,
}

/// A town that a search was near to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundPlace {
    /// Its name.
    #[schema(example = "Saint-Denis")]
    pub town: String,
    /// Its postcodes, as far as they are known.
    #[schema(example = json!(["93200", "93210"]))]
    pub postcodes: Vec<String>,
    /// Degrees north of its middle.
    #[schema(example = 48.93)]
    pub latitude: f32,
    /// Degrees east of its middle.
    #[schema(example = 2.36)]
    pub longitude: f32,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TextPiece {
    /// The text, not escaped for HTML.
    #[schema(example = "Bol")]
    pub text: String,
    /// Whether the search was after this.
    pub is_match: bool,
}

/// A property, with how many listings have which of its values. Values do not narrow their own list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PropertyCounts {
    /// The property's name in facets: the English one of a property that is known to us.
    #[schema(example = "colour")]
    pub name: String,
    /// Its name as most of these listings write it.
    #[schema(example = "Couleur")]
    pub written: String,
    /// Its values, the commonest first.
    pub values: Vec<ValueCounts>,
    /// How many rarer values there are besides.
    #[schema(example = 7)]
    pub more: usize,
}

/// A value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValueCounts {
    /// Property and value: pass it back as `facet`.
    #[schema(example = "colour:bleu nuit")]
    pub facet: String,
    /// The value as most of these listings write it.
    #[schema(example = "Bleu nuit")]
    pub written: String,
    /// How many listings it would find.
    #[schema(example = 12)]
    pub count: u64,
    /// Whether the search is narrowed to it.
    pub is_chosen: bool,
}

/// A shop with how many of the listings are its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShopCount {
    /// The shop's name in addresses: pass it back as `shop`.
    #[schema(example = "l-atelier-de-zoe")]
    pub slug: String,
    /// The shop's name.
    #[schema(example = "L'atelier de Zoé")]
    pub name: String,
    /// How many.
    #[schema(example = 9)]
    pub count: u64,
    /// Whether the search is narrowed to it.
    pub is_chosen: bool,
}

/// A language or a currency with how many of the listings have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeCount {
    /// `fr` or `en`; an ISO 4217 code.
    #[schema(example = "fr")]
    pub code: String,
    /// How many.
    #[schema(example = 100)]
    pub count: u64,
}

/// What one way of narrowing the search costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WithoutCount {
    /// `price`, `shop`, `language`, `available`, `near`, or the name of a property.
    #[schema(example = "colour")]
    pub narrowed_by: String,
    /// How many listings there would be without it.
    #[schema(example = 310)]
    pub count: u64,
}
