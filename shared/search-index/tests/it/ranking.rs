//! What decides between listings that match equally well, and what people decide.

use halles_domain::{CategoryId, Language, Listing, ListingId, SellerId};
use halles_search_index::{FoundIn, MetBy, Rules, SearchIndex, SearchQuery, SearchSort, Start, Synonyms};
use jiff::{Timestamp, ToSpan as _};

use crate::corpus::{BOWLS, CERAMICS, RINGS, found, index_of, listing, query, search};

fn of_shop(shop: i64, listing: Listing) -> Listing {
    Listing { seller_id: SellerId::new(shop), ..listing }
}

/// Five bowls of one shop and one of another, all alike.
fn bowls() -> Vec<Listing> {
    let mut bowls: Vec<Listing> = (2..=6).map(|id| of_shop(7, listing(id, "Bol bleu"))).collect();
    bowls.push(of_shop(8, listing(1, "Bol bleu")));
    bowls
}

fn ids(index: &SearchIndex, query: &SearchQuery) -> Vec<i64> {
    search(index, query).ids.into_iter().map(ListingId::get).collect()
}

fn ruled(text: &str, rules: &str) -> SearchQuery {
    SearchQuery { rules: Rules::parse(rules).expect("good rules"), ..query(text) }
}

#[tokio::test]
async fn among_equals_every_shop_gets_a_place() {
    let (_place, index) = index_of(&bowls()).await;
    assert_eq!(found(&index, "bol bleu"), [6, 5, 1, 4, 3, 2]);
    let page = |offset| ids(&index, &SearchQuery { start: Start::At(offset), limit: 2, ..query("bol bleu") });
    assert_eq!([page(0), page(2), page(4)].concat(), [6, 5, 1, 4, 3, 2], "pages fit together");
}

#[tokio::test]
async fn a_fresh_listing_stands_before_an_old_one_but_not_before_a_better_one() {
    let month = 720.hours();
    let at = |months: i64, listing: Listing| {
        let created_at = Timestamp::UNIX_EPOCH.checked_add(month * months).expect("a time");
        Listing { created_at, ..listing }
    };
    let (_place, index) = index_of(&[
        at(24, listing(1, "Bol bleu")),
        at(12, listing(2, "Bol bleu")),
        at(24, listing(3, "Assiette et bol en grès de Puisaye")),
    ])
    .await;
    assert_eq!(found(&index, "bol"), [1, 2, 3]);
}

#[tokio::test]
async fn behind_two_pages_what_is_like_the_best_comes_before_what_is_not() {
    let both = (1..=10).map(|id| listing(id, "Bol lune grès"));
    let alike = (11..=30).map(|id| listing(id, "Bol grès"));
    let newer = (31..=330).map(|id| listing(id, "Bol chat"));
    let (_place, index) = index_of(&both.chain(alike).chain(newer).collect::<Vec<_>>()).await;
    let page = |offset, limit| ids(&index, &SearchQuery { start: Start::At(offset), limit, ..query("bol lune") });
    let in_one = page(0, 330);
    assert_eq!(in_one[..10], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert!(in_one[10..48].iter().all(|id| *id > 30), "the newest among those that have one of the words");
    assert!(in_one[48..68].iter().all(|id| (11..=30).contains(id)), "{in_one:?}");
    let pages: Vec<i64> = (0..14).flat_map(|number| page(24 * number, 24)).collect();
    assert_eq!(pages, in_one, "pages fit together");
}

#[tokio::test]
async fn pinned_listings_come_first_and_hidden_ones_never() {
    let (_place, index) = index_of(&bowls()).await;
    let rules = "bol: pin 3 2\n*: hide 6";
    assert_eq!(ids(&index, &ruled("bols", rules)), [3, 2, 5, 4, 1]);
    assert_eq!(search(&index, &ruled("bols", rules)).total, 5);
    let newest = SearchQuery { sort: SearchSort::Newest, ..ruled("bols", rules) };
    assert_eq!(ids(&index, &newest), [5, 4, 3, 2, 1], "no other order knows pins");
    assert_eq!(ids(&index, &ruled("bleu", rules))[0], 5, "the rule is for another search");
}

#[tokio::test]
async fn a_pinned_listing_need_not_match_the_words_but_the_filters() {
    let ring = Listing { category_id: RINGS, ..listing(9, "Bague") };
    let (_place, index) = index_of(&[listing(1, "Bol"), ring]).await;
    let rules = "bol: pin 9";
    assert_eq!(ids(&index, &ruled("bol", rules)), [9, 1]);
    let bowls = SearchQuery { category: Some(BOWLS), ..ruled("bol", rules) };
    assert_eq!(ids(&index, &bowls), [1]);
}

#[tokio::test]
async fn shops_and_categories_move_among_equals() {
    let elsewhere = |id| Listing { category_id: CategoryId::new(99), ..listing(id, "Bol") };
    let ceramics = Listing { category_id: CERAMICS, ..listing(2, "Bol") };
    let (_place, index) = index_of(&[of_shop(5, elsewhere(1)), ceramics, elsewhere(3)]).await;
    let ranked = |rules: &str| ids(&index, &ruled("bol", rules));
    assert_eq!(ranked(""), [3, 2, 1]);
    assert_eq!(ranked("bol: raise category 20"), [2, 3, 1]);
    assert_eq!(ranked("bol: raise shop 5"), [1, 3, 2]);
    assert_eq!(ranked("bol: lower listing 3"), [2, 1, 3]);
}

#[tokio::test]
async fn a_hit_is_explained() {
    let (_place, index) = index_of(&[listing(1, "Réfrigérateur à l'ancienne"), listing(2, "Bol")]).await;
    let synonyms = Synonyms::parse("frigo, réfrigérateur").expect("a good list");
    let asked = SearchQuery { synonyms, ..ruled("frigo ancient bols licorne", "licorne: pin 2\nfrigo: raise shop 1") };
    let explained = index.explain(&asked, &[2, 77, 1].map(ListingId::new)).expect("explanations");
    assert_eq!(explained.iter().map(|hit| hit.id.get()).collect::<Vec<_>>(), [2, 1], "77 is not there");
    assert!(explained[0].is_pinned && explained[0].is_moved);
    let met = |hit: usize, word: usize| {
        let met = explained[hit].words[word].met.as_ref()?;
        Some((met.how, met.places.clone()))
    };
    assert_eq!(met(0, 2), Some((None, vec![FoundIn::Title, FoundIn::Category])));
    assert_eq!(met(0, 3), None);
    assert_eq!(met(1, 0), Some((Some(MetBy::Synonym), vec![FoundIn::Title])));
    assert_eq!(explained[1].in_words(Language::En)[3], "“licorne” is not in it");
}
