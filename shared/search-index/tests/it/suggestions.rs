//! What is suggested while somebody types.

use halles_domain::{CategoryId, Listing, ListingId, Stock};
use halles_search_index::{Base, SearchIndex, SuggestLimits, SuggestQuery, Suggester, Suggestions, TypedText};

use uuid::Uuid;

use crate::corpus::{
    CERAMICS, JEWELLERY, Place, RINGS, categories, english, index_of, insert, listing, open, position,
};

const LIMITS: SuggestLimits = SuggestLimits { searches: 6, categories: 3, listings: 3 };

fn suggest(index: &SearchIndex, text: &str) -> Suggestions {
    suggest_knowing(index, text, &[])
}

fn suggest_knowing(index: &SearchIndex, text: &str, asked_often: &[&str]) -> Suggestions {
    let suggester = Suggester::default();
    suggester.prepare(index).expect("tables");
    let asked_often: Vec<String> = asked_often.iter().map(|text| (*text).to_owned()).collect();
    let typed = TypedText::new(text).expect("a text");
    let query = SuggestQuery { typed: &typed, asked_often: &asked_often, tree: &categories(), limits: LIMITS };
    suggester.suggest(&query, index).expect("suggestions")
}

fn ids(suggestions: &Suggestions) -> Vec<i64> {
    suggestions.listings.iter().map(|id| id.get()).collect()
}

#[tokio::test]
async fn phrases_of_titles_complete_what_was_typed_the_commonest_first() {
    let (_place, index) = index_of(&[
        listing(1, "Bol bleu"),
        listing(2, "Bol bleu en grès"),
        listing(3, "Bol blanc"),
        listing(4, "Bougie au miel"),
    ])
    .await;
    assert_eq!(suggest(&index, "bo").searches[0], "bol");
    assert_eq!(suggest(&index, "bol b").searches, ["bol bleu", "bol blanc", "bol bleu en grès"]);
    assert_eq!(suggest(&index, "BOUGIE À").searches, ["bougie au miel"]);
    assert_eq!(suggest(&index, "bol bleu en g").searches, ["bol bleu en grès"]);
}

#[tokio::test]
async fn accents_case_and_elision_do_not_matter_and_come_back() {
    let (_place, index) = index_of(&[listing(1, "Théière d'Été"), listing(2, "Théière d'été émaillée")]).await;
    for typed in ["thei", "THÉI", "théière d'e", "theiere d'"] {
        let suggestions = suggest(&index, typed);
        assert!(suggestions.searches.contains(&"théière d'été".to_owned()), "{typed}: {suggestions:?}");
    }
}

#[tokio::test]
async fn words_that_no_title_begins_with_are_completed_by_the_last_of_them() {
    let (_place, index) = index_of(&[listing(1, "Bol bleu en grès"), listing(2, "Bol rouge")]).await;
    // No title says "bol gr…", but one has both.
    assert_eq!(suggest(&index, "bol gr").searches, ["bol grès"]);
    // Something begins with "r", but no bowl of stoneware does.
    assert_eq!(suggest(&index, "grès ro").searches, Vec::<String>::new());
}

#[tokio::test]
async fn one_wrong_letter_is_forgiven() {
    let bowl = listing(1, "Théière bleue");
    let ring = Listing { category_id: RINGS, ..listing(2, "Bague martelée") };
    let (_place, index) = index_of(&[bowl, ring]).await;
    assert_eq!(suggest(&index, "téhièr").searches[0], "théière");
    assert_eq!(suggest(&index, "baque ma").searches, ["bague martelée"]);
    assert_eq!(suggest(&index, "bijuo").categories, [JEWELLERY]);
    assert_eq!(suggest(&index, "xyzzy"), Suggestions::default());
}

#[tokio::test]
async fn categories_are_suggested_in_either_language_when_they_hold_something() {
    let (_place, index) = index_of(&[english(1, "Blue bowl")]).await;
    assert_eq!(suggest(&index, "cera").categories, [CERAMICS]);
    assert_eq!(suggest(&index, "bow").categories, [CategoryId::new(21)]);
    assert_eq!(suggest(&index, "jew").categories, Vec::<CategoryId>::new(), "there is no ring");
}

#[tokio::test]
async fn what_many_asked_for_comes_first_as_long_as_it_finds_something() {
    let (_place, index) = index_of(&[listing(1, "Bol bleu"), listing(2, "Bol blanc en grès")]).await;
    let suggestions = suggest_knowing(&index, "bo", &["bol en or", "bol en grès"]);
    assert_eq!(suggestions.searches[0], "bol en grès");
    assert!(!suggestions.searches.contains(&"bol en or".to_owned()));
}

#[tokio::test]
async fn the_same_search_is_not_suggested_twice() {
    let (_place, index) = index_of(&[listing(1, "Bols bleus"), listing(2, "Bol bleu")]).await;
    assert_eq!(suggest(&index, "bol b").searches.len(), 1);
    assert!(suggest(&index, "bol bleu").searches.is_empty(), "it stands in the field already");
    assert_eq!(ids(&suggest(&index, "bol bleu")), [2]);
}

#[tokio::test]
async fn listings_that_can_be_ordered_come_first() {
    let held = Listing { stock: Stock::new(1, 0, 1).expect("a stock"), ..listing(3, "Bol blanc") };
    let (_place, index) = index_of(&[listing(1, "Bol bleu"), listing(2, "Bol bleu"), held]).await;
    assert_eq!(ids(&suggest(&index, "bol ble")), [2, 1]);
    assert_eq!(ids(&suggest(&index, "bol b")), [2, 3, 1], "each search has its turn");
}

#[tokio::test]
async fn what_leaves_the_index_is_suggested_no_longer() {
    let place = Place::new();
    let mut writer = place.writer("writer");
    insert(&mut writer, &listing(1, "Bol bleu"));
    insert(&mut writer, &listing(2, "Bague"));
    let commit = writer.commit(position(1)).expect("a commit");
    let first = place.snapshots.publish(&Base::default(), &commit, Uuid::new_v4()).await.expect("a generation");
    assert_eq!(suggest(&open(&place, &first).await, "bo").searches, ["bol", "bol bleu"]);

    // The phrases of a deleted listing stay in its segment; what they find does not.
    writer.delete(ListingId::new(1));
    let commit = writer.commit(position(2)).expect("a commit");
    let second = place.snapshots.publish(&Base::from(&first), &commit, Uuid::new_v4()).await.expect("a generation");
    let gone = suggest(&open(&place, &second).await, "bol");
    assert_eq!((gone.searches, gone.listings), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn tables_follow_the_generations() {
    let (_one, first) = index_of(&[listing(1, "Bol bleu")]).await;
    let (_other, second) = index_of(&[listing(1, "Bougie")]).await;
    let suggester = Suggester::default();
    let typed = TypedText::new("bo").expect("a text");
    let tree = categories();
    let query = SuggestQuery { typed: &typed, asked_often: &[], tree: &tree, limits: LIMITS };
    for (index, expected) in [(&first, "bol"), (&second, "bougie")] {
        suggester.prepare(index).expect("tables");
        assert_eq!(suggester.suggest(&query, index).expect("suggestions").searches[0], expected);
    }
    // Not prepared yet: what was typed is still found as it is.
    assert!(suggester.suggest(&query, &first).expect("suggestions").searches.is_empty());
}
