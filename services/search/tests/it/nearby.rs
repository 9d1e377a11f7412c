//! What is near a place, and which words something was found by.

use halles_api::search::SearchPage;
use halles_domain::{Coordinates, Description, Place};
use halles_store::ListingContent;
use reqwest::StatusCode;

use crate::market::{Market, RunningSearch, content};

fn at(town: &str, postcode: &str, latitude: f32, longitude: f32) -> Option<Place> {
    let coordinates = Some(Coordinates::new(latitude, longitude).expect("a point"));
    Some(Place { town: town.into(), postcode: Some(postcode.into()), coordinates })
}

/// Bowls in Lyon, Villeurbanne and Paris, and one nobody knows where.
async fn bowls(market: &Market) -> [i64; 4] {
    let places = [
        at("Lyon", "69001", 45.764, 4.8357),
        at("Villeurbanne", "69100", 45.7719, 4.8902),
        at("Paris", "75011", 48.8566, 2.3522),
        None,
    ];
    let mut ids = [0; 4];
    for (place, id) in places.into_iter().zip(&mut ids) {
        *id = market.publish_as(ListingContent { place, ..content("Bol raku") }).await.id.get();
    }
    ids
}

fn distances(found: &SearchPage) -> Vec<Option<f64>> {
    found.details.iter().map(|details| details.distance_km).collect()
}

async fn field_of(search: &RunningSearch, parameters: &str) -> String {
    let answer = search.get(&format!("/api/v1/search?{parameters}")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{parameters}");
    let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("a problem");
    problem["errors"][0]["field"].as_str().expect("a field").to_owned()
}

#[tokio::test]
async fn a_town_or_postcode_finds_what_is_near_it_the_nearest_first() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let [lyon, villeurbanne, paris, anywhere] = bowls(&market).await;
    search.wait_for("q=raku&sort=newest", &[anywhere, paris, villeurbanne, lyon]).await;

    for near in ["lyon", "69001", "LYON%20(69)"] {
        let found = search.find(&format!("q=raku&near={near}&radius=20&sort=distance")).await;
        let ids: Vec<i64> = found.listings.iter().map(|listing| listing.id).collect();
        assert_eq!(ids, [lyon, villeurbanne], "{near}");
        assert_eq!(distances(&found), [Some(0.0), Some(4.0)]);
        assert_eq!(found.place.expect("a place").town, "Lyon");
    }
    assert_eq!(search.ids("q=raku&near=lyon&radius=3").await, [lyon]);
    assert_eq!(search.ids("q=raku&near=paris&radius=500&sort=distance").await, [paris, lyon, villeurbanne]);

    let page = search.get_en("/search?q=raku&near=lyon&radius=20&sort=distance").await.body;
    for expected in ["4\u{a0}km away", "less than 1\u{a0}km away", "within 20\u{a0}km of lyon", "value=\"lyon\""] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
}

#[tokio::test]
async fn an_unknown_place_is_said_to_be_so() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let [lyon, villeurbanne, paris, anywhere] = bowls(&market).await;
    search.wait_for("q=raku&sort=newest", &[anywhere, paris, villeurbanne, lyon]).await;
    assert_eq!(field_of(&search, "q=raku&near=atlantis").await, "near");
    assert_eq!(field_of(&search, "q=raku&near=lyon&radius=9999").await, "radius");
    let page = search.get_en("/search?q=raku&near=atlantis").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("We cannot find “atlantis”") && page.body.contains(&format!("/l/{anywhere}")));
}

#[tokio::test]
async fn a_list_of_towns_knows_more_than_the_listings() {
    let market = Market::open().await;
    let [lyon, ..] = bowls(&market).await;
    market.database.wait_for_replica().await;
    let towns = market.directory.path().join("towns.csv");
    std::fs::write(&towns, "name,postcodes,lat,lon,population\nCaluire-et-Cuire,69300,45.79,4.84,43000\n")
        .expect("a file");
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search_with("search", |settings| settings.search.towns_path = towns).await;
    search.wait_until_ready().await;
    assert_eq!(search.ids("q=raku&near=caluire%20et%20cuire&radius=4").await, [lyon]);
    // What the list lacks, the listings tell.
    assert_eq!(search.find("q=raku&near=69100").await.place.expect("a place").town, "Villeurbanne");
}

#[tokio::test]
async fn found_words_are_marked_and_escaped() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let description = Description::new("Cuit <b>au four</b>, émaux céladon & or.").expect("a text");
    let bowl = market.publish_as(ListingContent { description, ..content("Bols <i>émaillés</i>") }).await;
    search.wait_for("q=bol%20celadon", &[bowl.id.get()]).await;

    let found = search.find("q=bol%20celadon").await;
    let matches = |pieces: &[halles_api::search::TextPiece]| {
        pieces.iter().filter(|piece| piece.is_match).map(|piece| piece.text.clone()).collect::<Vec<_>>()
    };
    let whole: String = found.details[0].title.iter().map(|piece| piece.text.as_str()).collect();
    assert_eq!((whole.as_str(), matches(&found.details[0].title)), ("Bols <i>émaillés</i>", vec!["Bols".to_owned()]));
    let snippet = found.details[0].snippet.as_ref().expect("the title does not say céladon");
    assert_eq!(matches(snippet), ["céladon"]);

    let page = search.get("/search?q=bol%20celadon").await.body;
    for expected in ["<mark>Bols</mark> &lt;i&gt;émaillés", "&lt;b&gt;au four", "<mark>céladon</mark> &amp; or"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    // A typo finds the word that was meant, and that is what is marked.
    assert_eq!(matches(&search.find("q=emailees").await.details[0].title), ["émaillés"]);
    let page = search.get("/search?q=bols").await.body;
    assert!(!page.contains("card-snippet"), "the title says it all");
}
