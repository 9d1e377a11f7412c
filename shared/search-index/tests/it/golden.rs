//! Golden queries: what shoppers type, in French and in English, and what must come first.

use halles_domain::{CategoryId, Language, Listing, ListingId};
use halles_search_index::{SearchIndex, SearchQuery, Synonyms};

use crate::corpus::{english, index_of, listing, query, search};
use crate::golden_queries::{ENGLISH, FRENCH, QUERIES};

async fn market() -> (crate::corpus::Place, SearchIndex) {
    let elsewhere = |listing: Listing| Listing { category_id: CategoryId::new(99), ..listing };
    let french = (1..).zip(FRENCH).map(|(id, title)| listing(id, title));
    let english = (101..).zip(ENGLISH).map(|(id, title)| english(id, title));
    let listings: Vec<Listing> = french.chain(english).map(elsewhere).collect();
    index_of(&listings).await
}

fn synonyms() -> Synonyms {
    Synonyms::parse("t-shirt, tee shirt\nfrigo, réfrigérateur\ncasque => headset\nmug, tasse").expect("a good list")
}

#[tokio::test]
async fn golden_queries_find_what_is_meant() {
    let (_place, index) = market().await;
    let synonyms = synonyms();
    let mut wrong = Vec::new();
    for (text, expected) in QUERIES {
        let hits = search(&index, &SearchQuery { synonyms: synonyms.clone(), ..query(text) });
        if hits.ids.first() != Some(&ListingId::new(expected)) {
            wrong.push(format!("{text:?} should find {expected} first, not {:?}", hits.ids));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), QUERIES.len(), wrong.join("\n"));
}

#[tokio::test]
async fn short_words_and_codes_have_no_typos() {
    let (_place, index) = market().await;
    for text in ["bo1", "vaze", "T43", "3/5"] {
        assert_eq!(search(&index, &query(text)).ids, [], "{text:?}");
    }
}

#[tokio::test]
async fn what_was_probably_meant_is_said() {
    let (_place, index) = market().await;
    let correction = |text: &str| search(&index, &query(text)).correction;
    assert_eq!(correction("assiete en grès").as_deref(), Some("assiettes en grès"));
    assert_eq!(correction("ballonbasketball").as_deref(), Some("ballon basketball"));
    assert_eq!(correction("assiettes en grès"), None);
    assert_eq!(correction("licorne"), None);
}

#[tokio::test]
async fn an_exact_word_stands_before_a_guess() {
    let french = |id, title| Listing { language: Language::Fr, ..listing(id, title) };
    let (_place, index) =
        index_of(&[french(1, "Carafes"), french(2, "Carafe"), french(3, "Girafe en bois"), french(4, "Carafon")]).await;
    let ids: Vec<i64> = search(&index, &query("caraf")).ids.into_iter().map(ListingId::get).collect();
    assert_eq!(ids.first(), Some(&2), "{ids:?}");
    assert!(!ids.contains(&3), "two typos are too many for five letters: {ids:?}");
}
