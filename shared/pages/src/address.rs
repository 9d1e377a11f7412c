//! The addresses of our pages, each built in one place.

use halles_domain::{Language, Listing, ListingId, Slug};
use url::form_urlencoded;

/// A listing's page: its number finds it, the words are for people and search engines.
pub fn listing(listing: &Listing) -> String {
    match Slug::from_text(listing.title.as_str()) {
        Some(slug) => format!("/l/{}/{slug}", listing.id),
        None => format!("/l/{}", listing.id),
    }
}

/// A category's page.
pub fn category(slug: &Slug) -> String {
    format!("/c/{slug}")
}

/// A shop's page.
pub fn shop(slug: &Slug) -> String {
    format!("/s/{slug}")
}

/// The drawing that stands in for a listing's photo.
pub fn drawn_photo(id: ListingId) -> String {
    format!("/photos/{id}.svg")
}

/// The drawing that stands for a category.
pub fn drawn_category(slug: &Slug) -> String {
    format!("/photos/category/{slug}.svg")
}

/// Sets the language and comes back to where the visitor is.
pub fn language_switch(to: Language, back: &str) -> String {
    with_query("/language", [("to", to.code()), ("back", back)])
}

/// `path` with a query string; pairs with an empty value are left out.
pub fn with_query<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_escaped() {
        let address = language_switch(Language::En, "/search?q=a b&page=2");
        assert_eq!(address, "/language?to=en&back=%2Fsearch%3Fq%3Da+b%26page%3D2");
    }

    #[test]
    fn empty_values_are_left_out() {
        assert_eq!(with_query("/c/bols", [("min", ""), ("sort", "")]), "/c/bols");
        assert_eq!(with_query("/c/bols", [("min", "3"), ("sort", "")]), "/c/bols?min=3");
    }
}
