//! What was asked, parsed and bounded. Addresses of pages and of the API differ in their names and units; what they
//! mean is the same.

use halles_domain::{CategoryTree, Invalid, Money, Slug};
use halles_search_index::{PriceRange, SearchQuery, SearchSort, SearchText};

use crate::SearchSettings;

/// A search as a shopper means it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ask {
    pub(crate) text: SearchText,
    pub(crate) category: Option<Slug>,
    pub(crate) price: PriceRange,
    pub(crate) sort: SearchSort,
    /// The page, from 1.
    pub(crate) page: u32,
}

impl Ask {
    /// The query that the index understands; nothing when there is no such category.
    pub(crate) fn to_query(&self, tree: &CategoryTree, settings: &SearchSettings) -> Option<SearchQuery> {
        let category = match &self.category {
            Some(slug) => Some(tree.find(slug)?.id),
            None => None,
        };
        Some(SearchQuery {
            text: self.text.clone(),
            category,
            price: self.price,
            sort: self.sort,
            offset: (self.page as usize - 1) * settings.page_size,
            limit: settings.page_size,
            price_edges_cents: settings.price_edges_cents.clone(),
            // Synonyms are put in when the search runs: see `searcher.rs`.
            ..SearchQuery::default()
        })
    }
}

/// The category of an address; nothing for an empty text.
pub(crate) fn parse_category(text: &str) -> Result<Option<Slug>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| unknown_category())
}

/// The category that was asked for does not exist.
pub(crate) fn unknown_category() -> Invalid {
    Invalid::new("category", "must be the name of a category in addresses, such as bijoux")
}

/// The order of an address; the best match first when none is given.
pub(crate) fn parse_sort(text: &str) -> Result<SearchSort, Invalid> {
    match text {
        "" | "relevance" => Ok(SearchSort::Relevance),
        "newest" => Ok(SearchSort::Newest),
        "price_asc" => Ok(SearchSort::PriceAsc),
        "price_desc" => Ok(SearchSort::PriceDesc),
        _ => Err(Invalid::new("sort", "must be relevance, newest, price_asc or price_desc")),
    }
}

/// The order's name in addresses. The default order is left out of them, so that a search has one.
pub(crate) const fn sort_name(sort: SearchSort) -> &'static str {
    match sort {
        SearchSort::Relevance => "",
        SearchSort::Newest => "newest",
        SearchSort::PriceAsc => "price_asc",
        SearchSort::PriceDesc => "price_desc",
    }
}

/// The page of an address; the first when none is given.
pub(crate) fn parse_page(text: &str, max_page: u32) -> Result<u32, Invalid> {
    if text.is_empty() {
        return Ok(1);
    }
    let page = text.parse().ok().filter(|page| (1..=max_page).contains(page));
    page.ok_or_else(|| Invalid::new("page", format!("must be between 1 and {max_page}")))
}

/// A price in minor units.
pub(crate) fn check_price(field: &'static str, cents: Option<i64>) -> Result<Option<i64>, Invalid> {
    let is_lawful = cents.is_none_or(|cents| (0..=Money::MAX_CENTS).contains(&cents));
    if is_lawful { Ok(cents) } else { Err(Invalid::new(field, format!("must be between 0 and {}", Money::MAX_CENTS))) }
}

/// A range of prices, the lower end first.
pub(crate) fn price_range(
    min_field: &'static str,
    min_cents: Option<i64>,
    max_cents: Option<i64>,
) -> Result<PriceRange, Invalid> {
    match (min_cents, max_cents) {
        (Some(min), Some(max)) if min > max => Err(Invalid::new(min_field, "must not be above the highest price")),
        _ => Ok(PriceRange { min_cents, max_cents }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_are_bounded() {
        assert_eq!(parse_page("", 40), Ok(1));
        assert_eq!(parse_page("40", 40), Ok(40));
        for bad in ["0", "41", "999999", "-1", "1.5", "x", "99999999999999999999"] {
            assert!(parse_page(bad, 40).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_range_upside_down_is_refused() {
        assert!(price_range("min", Some(2), Some(1)).is_err());
        assert!(price_range("min", Some(1), Some(1)).is_ok());
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,40}") {
            let _ = (parse_category(&text), parse_sort(&text), parse_page(&text, 40));
            let _ = SearchText::new(&text);
        }
    }
}
