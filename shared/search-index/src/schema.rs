//! What the index holds of each listing, field by field.
//!
//! Texts are indexed in the fields of their own language only; a query is analysed once for each language and asked of
//! both, so that either finds things without every text being indexed twice. Names of categories are indexed in both
//! languages: through them "jewellery" finds a listing that only says "bague". Nothing is stored: a hit is a number, and
//! what the results page shows of it is read where the listing page reads it.
//!
//! Titles keep the positions of their words, so that neighbours can be told from words far apart; other texts keep no
//! more than how often each word occurs.

use tantivy::schema::IndexRecordOption::{self, Basic, WithFreqs, WithFreqsAndPositions};
use tantivy::schema::{
    FAST, Field, INDEXED, NumericOptions, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use halles_domain::Language;

use crate::analysis::{ENGLISH, FRENCH, PLAIN};

/// The shape of the index. Raise it with every change of fields or analyses: each version lives under its own name in
/// the object store, so instances of the old and the new version work side by side during a deployment.
pub const SCHEMA_VERSION: u32 = 3;

/// The fast fields, by the names that collectors know them by.
pub(crate) const ID: &str = "id";
pub(crate) const CATEGORY: &str = "category";
pub(crate) const PRICE: &str = "price_cents";
pub(crate) const CURRENCY: &str = "currency";
pub(crate) const ORDERABLE: &str = "orderable";
pub(crate) const SELLER: &str = "seller";
pub(crate) const LANGUAGE: &str = "language";
pub(crate) const FACET: &str = "facet";
pub(crate) const LATITUDE: &str = "latitude";
pub(crate) const LONGITUDE: &str = "longitude";
pub(crate) const PUBLISHED_AT: &str = "published_at";
pub(crate) const TITLE_STEMS: &str = "title_stems";

/// The fields of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextFields {
    pub title: Field,
    /// The words of the title that say what kind of thing it is.
    pub kind: Field,
    pub description: Field,
    pub attributes: Field,
    pub category_names: Field,
}

/// Every field of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// The listing's number: the key for replacing it, and the order "newest first".
    pub id: Field,
    pub french: TextFields,
    pub english: TextFields,
    /// The shop's name; names are not stemmed.
    pub shop: Field,
    /// The words of titles and names as people write them, to tell typos and beginnings from words. What a listing says
    /// elsewhere can be found, but not guessed.
    pub words: Field,
    /// The phrases of the title, each one term, to suggest searches from: see `search/suggest/phrases.rs`.
    pub phrases: Field,
    /// The listing's category and all above it, so that a subtree is one term.
    pub category: Field,
    /// Absent for listings without a price.
    pub price: Field,
    pub currency: Field,
    /// 1 when a piece can be put into the basket, 0 when not.
    pub orderable: Field,
    /// The shop.
    pub seller: Field,
    /// The language that the listing is written in.
    pub language: Field,
    /// The properties that it can be narrowed by, each with its value: see `facet_term.rs`.
    pub facet: Field,
    /// Where it is, in degrees: the listing's own place, else the shop's. Absent when neither says so.
    pub latitude: Field,
    pub longitude: Field,
    /// The same place by its name and postcode, as terms: see `gazetteer/place_term.rs`.
    pub place: Field,
    /// When it was published, in seconds since 1970.
    pub published_at: Field,
    /// The stems of the title in their order, to look at the best hits once more: see `search/reranking.rs`.
    pub title_stems: Field,
}

impl Fields {
    /// The fields in which texts of `language` are found.
    pub const fn of(&self, language: Language) -> &TextFields {
        match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
        }
    }
}

/// Builds the schema; the order of the fields is part of it.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let number = || NumericOptions::from(FAST | INDEXED);
    // Texts to compare and to count, not to find by their words.
    let column = || TextOptions::from(FAST);
    let fields = Fields {
        id: builder.add_u64_field(ID, number()),
        french: add_text_fields(&mut builder, "fr", FRENCH),
        english: add_text_fields(&mut builder, "en", ENGLISH),
        shop: builder.add_text_field("shop", analysed_by(PLAIN, WithFreqs)),
        words: builder.add_text_field("words", analysed_by(PLAIN, Basic)),
        phrases: builder.add_text_field("phrases", STRING),
        category: builder.add_u64_field(CATEGORY, number()),
        price: builder.add_u64_field(PRICE, number()),
        currency: builder.add_text_field(CURRENCY, column()),
        orderable: builder.add_u64_field(ORDERABLE, number()),
        seller: builder.add_u64_field(SELLER, FAST),
        language: builder.add_text_field(LANGUAGE, column()),
        facet: builder.add_text_field(FACET, column()),
        latitude: builder.add_f64_field(LATITUDE, FAST),
        longitude: builder.add_f64_field(LONGITUDE, FAST),
        place: builder.add_text_field("place", STRING),
        published_at: builder.add_u64_field(PUBLISHED_AT, FAST),
        title_stems: builder.add_u64_field(TITLE_STEMS, FAST),
    };
    (builder.build(), fields)
}

fn add_text_fields(builder: &mut SchemaBuilder, language: &str, analysis: &str) -> TextFields {
    let mut add = |name: &str, kept| builder.add_text_field(&format!("{name}_{language}"), analysed_by(analysis, kept));
    TextFields {
        title: add("title", WithFreqsAndPositions),
        kind: add("kind", WithFreqs),
        description: add("description", WithFreqs),
        attributes: add("attributes", WithFreqs),
        category_names: add("category_names", WithFreqs),
    }
}

fn analysed_by(analysis: &str, kept: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(analysis).set_index_option(kept);
    TextOptions::default().set_indexing_options(indexing)
}
