//! What finds what, in which order, with which counts.

use std::time::{Duration, Instant};

use halles_domain::{Attributes, Description, Listing, ListingId};
use halles_search_index::{Matched, SearchError, SearchQuery, SearchSort, Start};

use crate::corpus::{RINGS, english, found, index_of, listing, priced, query, search, with_all_words};

fn with_description(listing: Listing, text: &str) -> Listing {
    Listing { description: Description::new(text).expect("a description"), ..listing }
}

fn with_attribute(listing: Listing, name: &str, value: &str) -> Listing {
    let attributes = Attributes::new([(name.to_owned(), value.to_owned())]).expect("attributes");
    Listing { attributes, ..listing }
}

#[tokio::test]
async fn every_way_of_writing_a_word_finds_it() {
    let (_place, index) = index_of(&[
        listing(1, "Bol émaillé de l'été"),
        listing(2, "T-shirt brodé, œuvre unique"),
        english(3, "Knitted mittens for men"),
    ])
    .await;
    for (text, expected) in [
        ("ete", 1),
        ("L’ÉTÉ", 1),
        ("bols emailles", 1),
        ("tshirt", 2),
        ("t-shirts", 2),
        ("t shirt", 2),
        ("oeuvres", 2),
        ("men's mitten", 3),
    ] {
        assert_eq!(with_all_words(&index, text), [expected], "{text:?}");
    }
}

#[tokio::test]
async fn sizes_are_words() {
    let (_place, index) = index_of(&[
        with_attribute(listing(1, "Pull en laine"), "Taille", "S"),
        with_attribute(listing(2, "Pull en laine"), "Taille", "M"),
        with_attribute(listing(3, "Pull d'hiver en laine de l'Aubrac"), "Taille", "L"),
    ])
    .await;
    assert_eq!(with_all_words(&index, "pull s"), [1]);
    assert_eq!(with_all_words(&index, "pull taille M"), [2]);
    assert_eq!(with_all_words(&index, "pull L"), [3]);
}

#[tokio::test]
async fn categories_are_found_in_both_languages_and_shops_by_their_name() {
    let ring = Listing { category_id: RINGS, ..listing(1, "Jonc martelé") };
    let (_place, index) = index_of(&[ring, listing(2, "Bol")]).await;
    assert_eq!(with_all_words(&index, "jewellery"), [1]);
    assert_eq!(with_all_words(&index, "bijou"), [1]);
    assert_eq!(with_all_words(&index, "atelier zoe bol"), [2]);
}

#[tokio::test]
async fn all_words_come_first_and_then_some_words() {
    let (_place, index) = index_of(&[
        listing(1, "Bol bleu"),
        listing(2, "Bol rouge"),
        with_description(listing(3, "Assiette"), "Va avec le bol rouge"),
    ])
    .await;
    let both = search(&index, &query("bol rouge"));
    assert_eq!(both.ids, [2, 3, 1].map(ListingId::new), "a word in the title is worth more, and all words most");
    assert_eq!(both.matched, Matched::SomeWords);
    assert_eq!(with_all_words(&index, "bol rouge"), [3, 2], "in any other order, only those with all");

    let some = search(&index, &query("bol licorne"));
    assert_eq!((some.total, some.matched), (3, Matched::SomeWords));
    assert_eq!(search(&index, &query("licorne")).total, 0);
}

#[tokio::test]
async fn articles_and_prepositions_may_be_missing() {
    let (_place, index) = index_of(&[listing(1, "Bague argent femme"), listing(2, "Bague or homme")]).await;
    assert_eq!(with_all_words(&index, "une bague en argent pour la femme"), [1]);
}

#[tokio::test]
async fn sorts_put_what_has_no_price_last() {
    let unpriced = Listing { price: None, ..listing(4, "Bol exposé") };
    let listings = [priced(1, "Bol", 3_000), priced(2, "Bol", 1_000), priced(3, "Bol", 3_000), unpriced];
    let (_place, index) = index_of(&listings).await;
    let sorted = |sort| {
        let hits = search(&index, &SearchQuery { sort, ..query("bol") });
        hits.ids.into_iter().map(ListingId::get).collect::<Vec<_>>()
    };
    assert_eq!(sorted(SearchSort::PriceAsc), [2, 3, 1, 4]);
    assert_eq!(sorted(SearchSort::PriceDesc), [3, 1, 2, 4]);
    assert_eq!(sorted(SearchSort::Newest), [4, 3, 2, 1]);
    assert_eq!(search(&index, &query("")).ids.first(), Some(&ListingId::new(4)), "without words: the newest");
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_or_repeats() {
    let listings: Vec<Listing> = (1..=25).map(|id| listing(id, "Bol bleu")).collect();
    let (_place, index) = index_of(&listings).await;
    let mut seen = Vec::new();
    for offset in [0, 10, 20, 30] {
        let hits = search(&index, &SearchQuery { start: Start::At(offset), ..query("bol") });
        assert_eq!(hits.total, 25);
        seen.extend(hits.ids.into_iter().map(ListingId::get));
    }
    let newest_first: Vec<i64> = (1..=25).rev().collect();
    assert_eq!(seen, newest_first, "equals stand newest first");
}

#[tokio::test]
async fn sold_out_for_now_stands_behind_what_can_be_bought() {
    let mut held = listing(2, "Bol bleu");
    held.stock = halles_domain::Stock::new(1, 0, 1).expect("a stock");
    let (_place, index) = index_of(&[listing(1, "Bol bleu"), held]).await;
    assert_eq!(found(&index, "bol bleu"), [1, 2]);
}

#[tokio::test]
async fn a_search_stops_at_its_deadline() {
    let listings: Vec<Listing> = (1..=3_000).map(|id| listing(id, "Bol")).collect();
    let (_place, index) = index_of(&listings).await;
    let long_past = Instant::now() - Duration::from_secs(1);
    assert!(matches!(index.search(&query("bol"), long_past), Err(SearchError::OutOfTime)));
}

#[tokio::test]
async fn hostile_queries_get_an_answer() {
    let operators = Listing { category_id: RINGS, ..listing(2, "AND OR NOT") };
    let (_place, index) = index_of(&[listing(1, "Bol"), operators]).await;
    assert_eq!(found(&index, "title:bol^1000 OR *:*"), [1]);
    for text in ["\0", "(((((", "\"bol", "bol~99999", "[a TO z]", "-bol", "💥", "' OR 1=1 --", "\u{202e}lob"] {
        search(&index, &query(text));
    }
    let many_words: String = (0..100).map(|number| format!("a-b-c{number} ")).collect();
    search(&index, &query(&many_words[..399]));
    let chain = "bol-and-".repeat(49);
    assert_eq!(search(&index, &query(&chain)).ids, [], "no listing has both words");
    search(&index, &query(&"bol".repeat(130)));
    let far_away = SearchQuery { start: Start::At(999_999), ..query("bol") };
    assert_eq!(search(&index, &far_away).ids, []);
}
