//! What was asked, parsed and bounded. Addresses of pages and of the API differ in their names and units; what they
//! mean is the same.

use halles_domain::{CategoryTree, Currency, Facet, Invalid, Language, Money, SellerId, Slug};
use halles_search_index::{
    FacetsWanted, HitKey, Narrowing, PriceRange, SearchCursor, SearchQuery, SearchSort, SearchText, Start,
};

use crate::SearchSettings;
use crate::nearby::Vicinity;
use crate::parameters::Parameters;

/// A search as a shopper means it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ask {
    pub(crate) text: SearchText,
    pub(crate) category: Option<Slug>,
    pub(crate) price: PriceRange,
    pub(crate) currency: Currency,
    pub(crate) shops: Vec<Slug>,
    pub(crate) written_in: Option<Language>,
    pub(crate) is_orderable: bool,
    pub(crate) facets: Vec<Facet>,
    pub(crate) near: Option<Vicinity>,
    pub(crate) sort: SearchSort,
    pub(crate) place: Place,
    /// How many hits, when not as many as a page has.
    pub(crate) limit: Option<usize>,
    /// Whether only the hits are wanted.
    pub(crate) is_plain: bool,
    /// Whether each hit should say why it is one.
    pub(crate) is_explained: bool,
}

/// Where among the hits the answer begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// The page, from 1.
    Page(u32),
    /// The front of a walk through all hits.
    Walk,
    /// Behind the last hit of the walk's page before.
    Behind(HitKey),
}

impl Default for Place {
    fn default() -> Self {
        Self::Page(1)
    }
}

/// The most hits that can be asked for at once.
pub(crate) const MAX_LIMIT: usize = 100;

/// How many properties, values and shops are offered to choose from: about two screens on a phone.
const PROPERTIES: usize = 6;
const VALUES: usize = 12;
const SHOPS: usize = 10;

impl Ask {
    /// Everything about parameters that pages and the API share: what is looked for, and all choices but prices.
    pub(crate) fn parse(parameters: &Parameters) -> Result<Self, Invalid> {
        let ask = Self {
            text: SearchText::new(parameters.one("q"))?,
            category: parse_category(parameters.one("category"))?,
            currency: parse_currency(parameters.one("currency"))?,
            shops: distinct(parameters.all("shop").map(|text| text.parse().map_err(|_| unknown_shop())))?,
            written_in: parse_languages(parameters.all("language"))?,
            is_orderable: parse_flag("available", parameters.one("available"))?.unwrap_or(false),
            facets: distinct(parameters.all("facet").map(str::parse))?,
            near: Vicinity::parse(parameters)?,
            sort: parse_sort(parameters.one("sort"))?,
            is_explained: parse_flag("explain", parameters.one("explain"))?.unwrap_or(false),
            ..Self::default()
        };
        ask.narrowing(vec![SellerId::new(0); ask.shops.len()]).check()?;
        Ok(ask)
    }

    /// The same search for nothing but its hits: neither counts to narrow it by, nor reasons.
    pub(crate) fn without_extras(self) -> Self {
        Self { is_plain: true, is_explained: false, ..self }
    }

    /// The query that the index understands, once the shops are known; nothing when there is no such category.
    pub(crate) fn to_query(
        &self,
        tree: &CategoryTree,
        shops: Vec<SellerId>,
        settings: &SearchSettings,
    ) -> Option<SearchQuery> {
        let category = match &self.category {
            Some(slug) => Some(tree.find(slug)?.id),
            None => None,
        };
        let limit = self.limit.unwrap_or(settings.page_size);
        Some(SearchQuery {
            text: self.text.clone(),
            category,
            narrowing: self.narrowing(shops),
            currency: self.currency,
            sort: self.sort,
            start: match self.place {
                Place::Page(page) => Start::At((page as usize - 1) * limit),
                Place::Walk => Start::Walk,
                Place::Behind(hit) => Start::Behind(hit),
            },
            limit,
            facets: (!self.is_plain).then(|| FacetsWanted {
                price_edges_cents: settings.price_edges_cents.clone(),
                properties: PROPERTIES,
                values: VALUES,
                shops: SHOPS,
            }),
            // Synonyms and rules are put in when the search runs: see `searcher.rs`.
            ..SearchQuery::default()
        })
    }

    fn narrowing(&self, shops: Vec<SellerId>) -> Narrowing {
        Narrowing {
            price: self.price,
            shops,
            language: self.written_in,
            is_orderable: self.is_orderable,
            facets: self.facets.clone(),
        }
    }

    /// Whether anything but the words narrows it.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.category.is_some()
            || !self.narrowing(Vec::new()).is_open()
            || !self.shops.is_empty()
            || self.near.is_some()
    }

    /// The cursor behind a hit.
    pub(crate) fn cursor(&self, last: HitKey) -> SearchCursor {
        SearchCursor::behind(last, &self.description())
    }

    /// Reads where a walk goes on.
    pub(crate) fn parse_after(&self, after: &str) -> Result<Place, Invalid> {
        if after == "*" {
            return Ok(Place::Walk);
        }
        Ok(Place::Behind(after.parse::<SearchCursor>()?.of(&self.description())?))
    }

    /// All that decides which hits there are and in which order; not where among them to begin, nor how many to show.
    fn description(&self) -> String {
        let mut parts = vec![
            self.text.as_str().to_owned(),
            self.category.as_ref().map_or("", Slug::as_str).to_owned(),
            format!("{:?} {:?}", self.price.min_cents, self.price.max_cents),
            self.currency.to_string(),
            self.written_in.map_or("", Language::code).to_owned(),
            self.is_orderable.to_string(),
            sort_name(self.sort).to_owned(),
        ];
        parts.extend(self.near.iter().map(|near| format!("near {} {}", near.written, near.radius_km)));
        parts.extend(self.shops.iter().map(|shop| format!("shop {shop}")));
        parts.extend(self.facets.iter().map(|facet| format!("facet {facet}")));
        parts.join("\n")
    }
}

/// Each value once, in order, so that two addresses that mean the same are one search.
fn distinct<T: Ord>(values: impl Iterator<Item = Result<T, Invalid>>) -> Result<Vec<T>, Invalid> {
    let mut values = values.collect::<Result<Vec<T>, Invalid>>()?;
    values.sort();
    values.dedup();
    Ok(values)
}

/// The category of an address; nothing for an empty text.
fn parse_category(text: &str) -> Result<Option<Slug>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| unknown_category())
}

/// The category that was asked for does not exist.
pub(crate) fn unknown_category() -> Invalid {
    Invalid::new("category", "must be the name of a category in addresses, such as bijoux")
}

/// The shop that was asked for does not exist.
pub(crate) fn unknown_shop() -> Invalid {
    Invalid::new("shop", "must be the name of a shop in addresses, such as l-atelier-de-zoe")
}

fn parse_currency(text: &str) -> Result<Currency, Invalid> {
    if text.is_empty() { Ok(Currency::default()) } else { text.parse() }
}

/// One language; all of them together narrow nothing.
fn parse_languages<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Option<Language>, Invalid> {
    let languages = texts.map(str::parse).collect::<Result<Vec<Language>, Invalid>>()?;
    let (first, others) = languages.split_first().map_or((None, &[][..]), |(first, others)| (Some(*first), others));
    Ok(first.filter(|first| others.iter().all(|other| other == first)))
}

/// A switch of an address; nothing when it does not stand there.
pub(crate) fn parse_flag(field: &'static str, text: &str) -> Result<Option<bool>, Invalid> {
    match text {
        "" => Ok(None),
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err(Invalid::new(field, "must be true or false")),
    }
}

/// The order of an address; the best match first when none is given.
fn parse_sort(text: &str) -> Result<SearchSort, Invalid> {
    match text {
        "" | "relevance" => Ok(SearchSort::Relevance),
        "newest" => Ok(SearchSort::Newest),
        "price_asc" => Ok(SearchSort::PriceAsc),
        "price_desc" => Ok(SearchSort::PriceDesc),
        "distance" => Ok(SearchSort::Distance),
        _ => Err(Invalid::new("sort", "must be relevance, newest, price_asc, price_desc or distance")),
    }
}

/// The order's name in addresses. The default order is left out of them, so that a search has one.
pub(crate) const fn sort_name(sort: SearchSort) -> &'static str {
    match sort {
        SearchSort::Relevance => "",
        SearchSort::Newest => "newest",
        SearchSort::PriceAsc => "price_asc",
        SearchSort::PriceDesc => "price_desc",
        SearchSort::Distance => "distance",
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

/// How many hits; nothing when it is left to us.
pub(crate) fn parse_limit(text: &str) -> Result<Option<usize>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.map(Some).ok_or_else(|| Invalid::new("limit", format!("must be between 1 and {MAX_LIMIT}")))
}

/// A price in minor units; nothing for an empty text.
pub(crate) fn parse_cents(field: &'static str, text: &str) -> Result<Option<i64>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    let cents = text.parse().ok().filter(|cents| (0..=Money::MAX_CENTS).contains(cents));
    cents.map(Some).ok_or_else(|| Invalid::new(field, format!("must be between 0 and {}", Money::MAX_CENTS)))
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

    fn ask(query: &str) -> Result<Ask, Invalid> {
        Ask::parse(&Parameters::of(query))
    }

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

    #[test]
    fn choices_in_any_order_and_spelling_are_one_search() {
        let one = ask("q=bol&facet=colour:bleu&facet=matière:Grès&shop=b&shop=a").expect("a search");
        let other = ask("q=bol&shop=a&shop=b&shop=a&facet=material:gres&facet=Couleur:BLEU").expect("a search");
        assert_eq!(one, other);
        assert!(one.is_narrowed());
    }

    #[test]
    fn more_choices_than_a_page_has_are_refused() {
        let facets = |count| (0..count).map(|value| format!("facet=colour:{value}&")).collect::<String>();
        assert!(ask(&facets(Narrowing::MAX_FACETS)).is_ok());
        assert!(ask(&facets(Narrowing::MAX_FACETS + 1)).is_err());
        let properties: String = (0..20).map(|name| format!("facet=name{name}:x&")).collect();
        assert!(ask(&properties).is_err());
    }

    #[test]
    fn a_cursor_belongs_to_its_search_wherever_a_page_begins() {
        let walk = ask("q=bol&facet=colour:bleu").expect("a search");
        for other in ["q=bols&facet=colour:bleu", "q=bol", "q=bol&facet=colour:bleu&sort=newest"] {
            let other = ask(other).expect("a search");
            assert_ne!(walk.description(), other.description());
        }
        let later = Ask { place: Place::Walk, limit: Some(50), ..walk.clone() };
        assert_eq!(walk.description(), later.description());
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,40}", name in "q|facet|shop|category|language|available|sort|currency") {
            let _ = ask(&format!("{name}={text}"));
            let _ = (parse_page(&text, 40), parse_limit(&text), parse_cents("min", &text));
            let _ = Ask::default().parse_after(&text);
        }
    }
}
