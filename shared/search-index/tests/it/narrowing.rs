//! What results are narrowed by, what is counted beside them, and how all of them are walked through.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use halles_domain::{Attributes, Currency, Facet, Language, Listing, ListingId, Money, SellerId, Stock};
use halles_search_index::{
    Facets, FacetsWanted, Narrowing, PriceRange, PropertyCount, Respect, SearchCursor, SearchError, SearchHits,
    SearchIndex, SearchQuery, SearchSort, Start,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::corpus::{BOWLS, CERAMICS, JEWELLERY, RINGS, index_of, listing, priced, query, search};

const EVERYTHING: usize = 50;

fn wanted() -> FacetsWanted {
    FacetsWanted {
        price_edges_cents: vec![1_000, 5_000],
        properties: EVERYTHING,
        values: EVERYTHING,
        shops: EVERYTHING,
    }
}

fn counted(text: &str) -> SearchQuery {
    SearchQuery { facets: Some(wanted()), ..query(text) }
}

fn with(listing: Listing, attributes: &[(&str, &str)]) -> Listing {
    let pairs = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Listing { attributes: Attributes::new(pairs).expect("attributes"), ..listing }
}

fn facet(text: &str) -> Facet {
    text.parse().expect("a facet")
}

fn numbers(hits: &SearchHits) -> Vec<i64> {
    hits.ids.iter().map(|id| id.get()).collect()
}

/// The values of a property with their counts, in order.
fn values<'a>(facets: &'a Facets, name: &str) -> Vec<(&'a str, u64)> {
    let property = facets.properties.iter().find(|property| property.name == name);
    property.map_or_else(Vec::new, |property| {
        property.values.iter().map(|value| (value.written.as_str(), value.count)).collect()
    })
}

#[tokio::test]
async fn a_list_of_choices_does_not_narrow_itself() {
    let (_place, index) = index_of(&[
        with(listing(1, "Bol"), &[("Couleur", "Bleu"), ("Matière", "Grès")]),
        with(listing(2, "Bol"), &[("Couleur", "bleu"), ("Matière", "Raku")]),
        with(listing(3, "Bol"), &[("Colour", "Vert"), ("Matière", "grès")]),
        with(listing(4, "Bol"), &[("Couleur", "Rouge"), ("Matière", "Raku")]),
    ])
    .await;
    let narrowed = |facets: &[&str]| {
        let facets = facets.iter().map(|text| facet(text)).collect();
        search(&index, &SearchQuery { narrowing: Narrowing { facets, ..Narrowing::default() }, ..counted("bol") })
    };
    let blue = narrowed(&["colour:bleu"]);
    assert_eq!(numbers(&blue), [2, 1]);
    assert_eq!(values(&blue.facets, "colour"), [("Bleu", 2), ("Rouge", 1), ("Vert", 1)]);
    assert_eq!(values(&blue.facets, "material"), [("Grès", 1), ("Raku", 1)], "other lists are narrowed");
    assert_eq!(blue.facets.without, [(Respect::Property("colour".into()), 4)]);

    let blue_or_green = narrowed(&["colour:bleu", "couleur:VERT"]);
    assert_eq!(numbers(&blue_or_green), [3, 2, 1], "of one property, any of the values");
    assert_eq!(values(&blue_or_green.facets, "material"), [("Grès", 2), ("Raku", 1)]);

    let green_raku = narrowed(&["colour:vert", "material:raku"]);
    assert_eq!(numbers(&green_raku), [] as [i64; 0], "of two properties, both");
    assert_eq!(values(&green_raku.facets, "colour"), [("bleu", 1), ("Rouge", 1), ("vert", 0)]);
    let without = [(Respect::Property("colour".into()), 2), (Respect::Property("material".into()), 1)];
    assert_eq!(green_raku.facets.without, without);
}

#[tokio::test]
async fn the_spelling_shown_is_the_commonest() {
    let spelled = ["Bleu nuit", "bleu nuit", "bleu nuit", "BLEU NUIT"];
    let mut listings: Vec<Listing> =
        (1..).zip(spelled).map(|(id, spelling)| with(listing(id, "Bol"), &[("Couleur", spelling)])).collect();
    listings.push(with(listing(9, "Bol"), &[("Couleur", "vert")]));
    let (_place, index) = index_of(&listings).await;
    let facets = search(&index, &counted("bol")).facets;
    assert_eq!(values(&facets, "colour"), [("bleu nuit", 4), ("vert", 1)]);
}

#[tokio::test]
async fn a_value_for_each_listing_is_no_choice() {
    let listings: Vec<Listing> = (1..=200)
        .map(|id| {
            let (reference, size) = (format!("R{id}"), if id % 2 == 0 { "M" } else { "L" });
            with(listing(id, "Pull"), &[("Référence", &reference), ("Taille", size), ("Sexe", "mixte")])
        })
        .collect();
    let (_place, index) = index_of(&listings).await;
    let few = FacetsWanted { values: 10, ..wanted() };
    let facets = search(&index, &SearchQuery { facets: Some(few), ..query("pull") }).facets;
    let names: Vec<&str> = facets.properties.iter().map(|property| property.name.as_str()).collect();
    assert_eq!(names, ["size"], "one value is no choice either");
    let chosen = Narrowing { facets: vec![facet("reference:r7")], ..Narrowing::default() };
    let facets = search(&index, &SearchQuery { narrowing: chosen, ..counted("pull") }).facets;
    assert!(values(&facets, "reference").contains(&("R7", 1)), "what was chosen stays in sight");
}

#[tokio::test]
async fn categories_are_counted_with_all_below_them() {
    let ring = Listing { category_id: RINGS, ..listing(1, "Anneau bleu") };
    let brooch = Listing { category_id: JEWELLERY, ..listing(2, "Broche bleue") };
    let (_place, index) = index_of(&[ring, brooch, listing(3, "Bol bleu")]).await;

    let everywhere = search(&index, &counted("bleu"));
    let expected = [(JEWELLERY, 2), (RINGS, 1), (CERAMICS, 1), (BOWLS, 1)];
    assert_eq!(everywhere.facets.categories, expected.into_iter().collect());

    let jewellery = search(&index, &SearchQuery { category: Some(JEWELLERY), ..counted("bleu") });
    assert_eq!(jewellery.total, 2);
    assert_eq!(jewellery.facets.categories, [(JEWELLERY, 2), (RINGS, 1)].into_iter().collect());
}

#[tokio::test]
async fn prices_are_those_of_one_currency() {
    let dollars = |cents| Some(Money::new(cents, Currency::Usd).expect("a price"));
    let unpriced = Listing { price: None, ..listing(4, "Bol") };
    let foreign = Listing { price: dollars(1_500), ..listing(5, "Bol") };
    let listings = [priced(1, "Bol", 999), priced(2, "Bol", 1_000), priced(3, "Bol", 5_000), unpriced, foreign];
    let (_place, index) = index_of(&listings).await;
    let price = PriceRange { min_cents: Some(1_000), max_cents: Some(4_999) };
    let narrowing = Narrowing { price, ..Narrowing::default() };

    let euros = search(&index, &SearchQuery { narrowing: narrowing.clone(), ..counted("bol") });
    assert_eq!((numbers(&euros), euros.total), (vec![2], 1));
    let counts: Vec<u64> = euros.facets.prices.iter().map(|band| band.count).collect();
    assert_eq!(counts, [1, 1, 1], "whatever range was chosen");
    assert_eq!(euros.facets.prices[1].range, price);
    assert_eq!(euros.facets.categories.get(&BOWLS), Some(&1), "categories are counted within the range");
    assert_eq!(euros.facets.currencies, [(Currency::Eur, 3), (Currency::Usd, 1)]);

    let dollars = SearchQuery { narrowing, currency: Currency::Usd, ..counted("bol") };
    assert_eq!(numbers(&search(&index, &dollars)), [5]);
    let sorted = |sort, currency| numbers(&search(&index, &SearchQuery { sort, currency, ..query("bol") }));
    assert_eq!(sorted(SearchSort::PriceAsc, Currency::Eur), [1, 2, 3, 5, 4]);
    assert_eq!(sorted(SearchSort::PriceDesc, Currency::Usd), [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn only_the_hits_when_nothing_else_is_wanted() {
    let (_place, index) = index_of(&[with(listing(1, "Bol"), &[("Couleur", "bleu")])]).await;
    let hits = search(&index, &query("bol"));
    assert_eq!((hits.total, hits.facets), (1, Facets::default()));
}

#[tokio::test]
async fn a_walk_meets_every_listing_once_in_every_order() {
    let listings: Vec<Listing> = (1..=57)
        .map(|id| {
            let title = if id % 3 == 0 { "Bol bleu" } else { "Bol en grès pour le matin" };
            let stock = Stock::new(1, 0, u32::from(id % 5 == 0)).expect("a stock");
            Listing { stock, ..priced(id, title, 1_000 + id % 4) }
        })
        .collect();
    let (_place, index) = index_of(&listings).await;
    for sort in [SearchSort::Relevance, SearchSort::Newest, SearchSort::PriceAsc, SearchSort::PriceDesc] {
        for text in ["bol", ""] {
            let all = SearchQuery { sort, limit: 100, ..query(text) };
            let expected = numbers(&search(&index, &all));
            assert_eq!(walk(&index, &SearchQuery { limit: 7, ..all }), expected, "{sort:?} {text:?}");
        }
    }
}

fn walk(index: &SearchIndex, query: &SearchQuery) -> Vec<i64> {
    let mut seen = Vec::new();
    let mut start = Start::Walk;
    loop {
        let hits = search(index, &SearchQuery { start, ..query.clone() });
        assert_eq!(hits.total, 57, "every page says the same total");
        seen.extend(numbers(&hits));
        let Some(last) = hits.last else { return seen };
        // As it travels.
        let cursor: SearchCursor = SearchCursor::behind(last, "bol").to_string().parse().expect("a cursor");
        start = Start::Behind(cursor.of("bol").expect("our cursor"));
    }
}

#[tokio::test]
async fn pages_beyond_the_deepest_are_empty_and_cheap() {
    let (_place, index) = index_of(&[listing(1, "Bol")]).await;
    for offset in [Start::DEEPEST, usize::MAX] {
        let hits = search(&index, &SearchQuery { start: Start::At(offset), limit: usize::MAX, ..query("bol") });
        assert_eq!((numbers(&hits), hits.total), (vec![], 1));
    }
}

#[tokio::test]
async fn a_search_that_is_cut_short_gives_what_it_has() {
    let listings: Vec<Listing> = (1..=20_000).map(|id| listing(id, "Bol")).collect();
    let (_place, index) = index_of(&listings).await;
    let whole = search(&index, &counted("bol"));
    assert_eq!((whole.total, whole.is_cut_short), (20_000, false));
    // Ever longer until something is found: however fast the machine, some answer ends in between.
    let mut limit = Duration::from_micros(1);
    loop {
        match index.search(&counted("bol"), Instant::now() + limit) {
            Err(SearchError::OutOfTime) => limit += limit / 4 + Duration::from_micros(1),
            Err(error) => panic!("{error}"),
            Ok(hits) => {
                assert_eq!(hits.is_cut_short, hits.total < 20_000, "{limit:?}");
                assert_eq!(hits.ids.len(), 10);
                return;
            }
        }
    }
}

/// A listing in small numbers, to compare the index with a plain count.
#[derive(Debug, Clone)]
struct Small {
    cents: Option<i64>,
    seller: i64,
    is_english: bool,
    is_held: bool,
    colour: Option<u8>,
    size: Option<u8>,
}

impl Small {
    fn listing(&self, id: i64) -> Listing {
        let colour = self.colour.map(|colour| ("couleur".to_owned(), format!("Teinte {colour}")));
        let size = self.size.map(|size| ("taille".to_owned(), format!("T{size}")));
        Listing {
            seller_id: SellerId::new(self.seller),
            language: if self.is_english { Language::En } else { Language::Fr },
            attributes: Attributes::new(colour.into_iter().chain(size)).expect("attributes"),
            price: self.cents.map(|cents| Money::new(cents, Currency::Eur).expect("a price")),
            stock: Stock::new(1, 0, u32::from(self.is_held)).expect("a stock"),
            ..listing(id, "Bol")
        }
    }

    /// In which respects it does not pass.
    fn failures(&self, narrowing: &Narrowing) -> HashSet<Respect> {
        let PriceRange { min_cents, max_cents } = narrowing.price;
        let fits = |cents: i64| min_cents.is_none_or(|min| cents >= min) && max_cents.is_none_or(|max| cents <= max);
        let is_in_range = narrowing.price.is_open() || self.cents.is_some_and(fits);
        let is_chosen_shop = narrowing.shops.is_empty() || narrowing.shops.contains(&SellerId::new(self.seller));
        let speaks = narrowing.language.is_none_or(|language| (language == Language::En) == self.is_english);
        let is_there = !narrowing.is_orderable || (self.cents.is_some() && !self.is_held);
        let mut failures = HashSet::new();
        let mut note = |passes: bool, respect: Respect| {
            if !passes {
                failures.insert(respect);
            }
        };
        note(is_in_range, Respect::Price);
        note(is_chosen_shop, Respect::Shop);
        note(speaks, Respect::Language);
        note(is_there, Respect::Availability);
        for (name, value) in [("colour", self.colour_value()), ("size", self.size_value())] {
            let chosen: Vec<&str> =
                narrowing.facets.iter().filter(|facet| facet.name() == name).map(Facet::value).collect();
            let has_one = value.is_some_and(|value| chosen.contains(&value.as_str()));
            note(chosen.is_empty() || has_one, Respect::Property(name.to_owned()));
        }
        failures
    }

    fn colour_value(&self) -> Option<String> {
        self.colour.map(|colour| format!("teinte {colour}"))
    }

    fn size_value(&self) -> Option<String> {
        self.size.map(|size| format!("t{size}"))
    }
}

fn small() -> impl Strategy<Value = Small> {
    let option = |most: u8| prop::option::weighted(0.9, 0..most);
    let cents = prop::option::weighted(0.9, 0_i64..8_000);
    (cents, 1_i64..4, any::<bool>(), any::<bool>(), option(4), option(3)).prop_map(
        |(cents, seller, is_english, is_held, colour, size)| Small { cents, seller, is_english, is_held, colour, size },
    )
}

fn narrowing() -> impl Strategy<Value = Narrowing> {
    let price = (prop::option::of(0_i64..5_000), prop::option::of(3_000_i64..8_000));
    let shops = prop::collection::btree_set(1_i64..4, 0..3);
    let language = prop::option::weighted(0.3, prop::sample::select(Language::ALL.to_vec()));
    let facets = prop::collection::btree_set(
        prop_oneof![
            (0_u8..4).prop_map(|value| format!("colour:teinte {value}")),
            (0_u8..3).prop_map(|value| format!("size:t{value}"))
        ],
        0..4,
    );
    (price, shops, language, prop::bool::weighted(0.2), facets).prop_map(
        |((min_cents, max_cents), shops, language, is_orderable, facets)| Narrowing {
            price: PriceRange { min_cents, max_cents },
            shops: shops.into_iter().map(SellerId::new).collect(),
            language,
            is_orderable,
            facets: facets.iter().map(|text| facet(text)).collect(),
        },
    )
}

/// How many pass in every respect but, at most, this one; by what `of` says of each.
fn plain_count<T: Ord>(
    listings: &[Small],
    narrowing: &Narrowing,
    respect: &Respect,
    of: impl Fn(&Small) -> Option<T>,
) -> BTreeMap<T, u64> {
    let passes = |listing: &&Small| listing.failures(narrowing).iter().all(|failure| failure == respect);
    let mut counts = BTreeMap::new();
    for what in listings.iter().filter(passes).filter_map(of) {
        *counts.entry(what).or_default() += 1;
    }
    counts
}

fn seen_values(properties: &[PropertyCount], name: &str) -> BTreeMap<String, u64> {
    let values = properties.iter().filter(|property| property.name == name).flat_map(|property| &property.values);
    let counted = values.map(|value| (value.facet.value().to_owned(), value.count));
    counted.filter(|(_, count)| *count > 0).collect()
}

#[test]
fn counts_are_those_of_a_plain_count() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let corpus = prop::collection::vec(small(), 1..60);
    let narrowings = prop::collection::vec(narrowing(), 12);
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(corpus, narrowings), |(corpus, narrowings)| {
        let listings: Vec<Listing> = (1..).zip(&corpus).map(|(id, small)| small.listing(id)).collect();
        let (_place, index) = runtime.block_on(index_of(&listings));
        for narrowing in narrowings {
            compare(&index, &corpus, &narrowing)?;
        }
        Ok(())
    });
    outcome.expect("counts like a plain count");
}

fn compare(index: &SearchIndex, corpus: &[Small], narrowing: &Narrowing) -> Result<(), TestCaseError> {
    let hits = search(index, &SearchQuery { narrowing: narrowing.clone(), limit: 100, ..counted("bol") });
    let facets = &hits.facets;
    let passing: HashSet<ListingId> = (1..)
        .zip(corpus)
        .filter(|(_, small)| small.failures(narrowing).is_empty())
        .map(|(id, _)| ListingId::new(id))
        .collect();
    prop_assert_eq!(hits.ids.iter().copied().collect::<HashSet<_>>(), passing);
    prop_assert_eq!(hits.total, hits.ids.len() as u64);

    let count_shops = plain_count(corpus, narrowing, &Respect::Shop, |small| Some(SellerId::new(small.seller)));
    let shops: BTreeMap<SellerId, u64> = facets.shops.iter().copied().filter(|(_, count)| *count > 0).collect();
    prop_assert_eq!(shops, count_shops);
    let count_languages = plain_count(corpus, narrowing, &Respect::Language, |small| Some(small.is_english));
    let languages: BTreeMap<bool, u64> =
        facets.languages.iter().map(|(language, count)| (*language == Language::En, *count)).collect();
    prop_assert_eq!(languages, count_languages);
    let band = |small: &Small| small.cents.map(|cents| usize::from(cents >= 1_000) + usize::from(cents >= 5_000));
    let prices: BTreeMap<usize, u64> =
        facets.prices.iter().map(|band| band.count).enumerate().filter(|(_, count)| *count > 0).collect();
    prop_assert_eq!(prices, plain_count(corpus, narrowing, &Respect::Price, band));
    for (respect, count) in &facets.without {
        let plain: BTreeMap<(), u64> = plain_count(corpus, narrowing, respect, |_| Some(()));
        prop_assert_eq!(*count, plain.get(&()).copied().unwrap_or_default(), "without {:?}", respect);
    }
    let expected: HashMap<&str, BTreeMap<String, u64>> = [
        ("colour", plain_count(corpus, narrowing, &Respect::Property("colour".into()), Small::colour_value)),
        ("size", plain_count(corpus, narrowing, &Respect::Property("size".into()), Small::size_value)),
    ]
    .into();
    for (name, expected) in expected {
        let seen = seen_values(&facets.properties, name);
        // A property with a single value is not offered.
        prop_assert!(
            seen == expected || (seen.is_empty() && expected.len() < 2),
            "{}: {:?} {:?}",
            name,
            seen,
            expected
        );
    }
    Ok(())
}
