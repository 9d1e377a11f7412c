//! A listing as the index takes it in.

use halles_domain::{Category, Coordinates, Language, Listing, ListingStatus, Place};
use tantivy::TantivyDocument;

use crate::analysis::{Analysers, TitleWords, kinds_of_title, stem_numbers};
use crate::facet_term::facet_terms;
use crate::gazetteer::place_terms;
use crate::schema::Fields;
use crate::search::phrases_of;

/// A listing with what shoppers look for it by: the shop's name and the way down to its category.
#[derive(Debug, Clone, Copy)]
pub struct IndexedListing<'a> {
    /// The listing itself.
    pub listing: &'a Listing,
    /// The shop's name; empty when it is not known.
    pub shop_name: &'a str,
    /// Where the shop is, for listings that do not say it themselves.
    pub shop_place: Option<&'a Place>,
    /// The categories from the top down to the listing's own.
    pub category_path: &'a [&'a Category],
}

/// Whether a search may show a listing: it is live, and not every piece of it is promised for good.
///
/// A listing whose last piece is only *held* stays: the hold may lapse, and until then its page says so. One without a
/// price is there to be looked at, whatever its stock.
pub fn is_searchable(listing: &Listing) -> bool {
    let is_sold = listing.price.is_some() && listing.stock.on_hand() == listing.stock.allocated();
    listing.status == ListingStatus::Published && !is_sold
}

impl IndexedListing<'_> {
    /// The document that stands for the listing in the index.
    pub(crate) fn to_document(self, fields: &Fields, analysers: &mut Analysers) -> TantivyDocument {
        let listing = self.listing;
        let texts = fields.of(listing.language);
        let title = TitleWords::of(listing.title.as_str(), &mut analysers.plain);
        let mut document = TantivyDocument::new();
        document.add_u64(fields.id, as_number(listing.id.get()));
        document.add_text(texts.title, listing.title.as_str());
        for stem in stem_numbers(listing.title.as_str(), analysers.of(listing.language)) {
            document.add_u64(fields.title_stems, stem);
        }
        document.add_text(texts.kind, kinds_of_title(&title, listing.language));
        document.add_text(texts.description, listing.description.as_str());
        document.add_text(texts.attributes, self.attributes_as_text());
        document.add_text(fields.shop, self.shop_name);
        for text in [listing.title.as_str(), self.shop_name] {
            document.add_text(fields.words, text);
        }
        for phrase in phrases_of(&title) {
            document.add_text(fields.phrases, phrase);
        }
        for category in self.category_path {
            document.add_u64(fields.category, as_number(i64::from(category.id.get())));
            for language in Language::ALL {
                document.add_text(fields.of(language).category_names, category.name(language));
                document.add_text(fields.words, category.name(language));
            }
        }
        if let Some(price) = listing.price {
            document.add_u64(fields.price, as_number(price.cents()));
            document.add_text(fields.currency, price.currency().code());
        }
        document.add_u64(fields.orderable, u64::from(listing.is_orderable()));
        document.add_u64(fields.seller, as_number(listing.seller_id.get()));
        document.add_text(fields.language, listing.language.code());
        for term in facet_terms(&listing.attributes) {
            document.add_text(fields.facet, term);
        }
        if let Some((place, coordinates)) = self.place() {
            for term in place_terms(place, &mut analysers.plain) {
                document.add_text(fields.place, term);
            }
            document.add_f64(fields.latitude, f64::from(coordinates.latitude()));
            document.add_f64(fields.longitude, f64::from(coordinates.longitude()));
        }
        document.add_u64(fields.published_at, as_number(listing.created_at.as_second()));
        document
    }

    /// The listing's own place, as far as it can be found on a map; else the shop's.
    fn place(&self) -> Option<(&Place, Coordinates)> {
        let mut places = self.listing.place.as_ref().into_iter().chain(self.shop_place);
        places.find_map(|place| Some((place, place.coordinates?)))
    }

    /// Names and values, because people type both: "taille M", "grès".
    fn attributes_as_text(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.listing.attributes.iter() {
            text.push_str(name);
            text.push(' ');
            text.push_str(value);
            text.push('\n');
        }
        text
    }
}

/// Numbers in the index have no sign, and ours never do.
pub(crate) fn as_number(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
