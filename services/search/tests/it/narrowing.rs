//! Narrowing a search by what it found, on the page and through the API, and walking through all of it.

use halles_api::search::SearchPage;
use halles_domain::{Attributes, Currency, Listing, Money};
use halles_store::ListingContent;
use reqwest::StatusCode;

use crate::market::{JEWELLERY, Market, RunningSearch, content};

fn with(title: &str, attributes: &[(&str, &str)]) -> ListingContent {
    let pairs = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    ListingContent { attributes: Attributes::new(pairs).expect("attributes"), ..content(title) }
}

async fn publish_bowls(market: &Market) -> [Listing; 4] {
    let blue = with("Bol bleu", &[("Couleur", "Bleu"), ("Matière", "Grès")]);
    let green = with("Bol vert", &[("Couleur", "Vert"), ("Matière", "Grès")]);
    let red = with("Bol rouge", &[("Couleur", "Rouge"), ("Matière", "Raku")]);
    let dollars = Money::new(2_000, Currency::Usd).ok();
    let ring = ListingContent { category_id: JEWELLERY, price: dollars, ..with("Bague bol", &[("Couleur", "bleu")]) };
    [
        market.publish_as(blue).await,
        market.publish_as(green).await,
        market.publish_as(red).await,
        market.publish_as(ring).await,
    ]
}

fn values<'a>(page: &'a SearchPage, name: &str) -> Vec<(&'a str, u64, bool)> {
    let property = page.properties.iter().find(|property| property.name == name).expect("the property");
    property.values.iter().map(|value| (value.written.as_str(), value.count, value.is_chosen)).collect()
}

#[tokio::test]
async fn several_values_can_be_chosen_and_let_go_of() {
    let market = Market::open().await;
    let [blue, green, _red, ring] = publish_bowls(&market).await;
    market.database.wait_for_replica().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search("search").await;
    search.wait_until_ready().await;

    let found = search.find("q=bol&sort=newest&facet=couleur:Bleu&facet=colour:vert").await;
    let ids: Vec<i64> = found.listings.iter().map(|listing| listing.id).collect();
    assert_eq!(ids, [ring.id.get(), green.id.get(), blue.id.get()]);
    assert_eq!(
        values(&found, "colour").iter().map(|(_, count, _)| count).sum::<u64>(),
        4,
        "all colours keep their counts"
    );
    assert_eq!(values(&found, "colour").iter().filter(|(.., is_chosen)| *is_chosen).count(), 2);
    assert_eq!(found.without.len(), 1);
    assert_eq!((found.without[0].narrowed_by.as_str(), found.without[0].count), ("colour", 4));
    assert_eq!(found.shops[0].slug, "atelier-zoe");

    let page = search.get_en("/search?q=bol&facet=couleur:Bleu").await.body;
    for expected in [
        "2 creations found",
        "name=\"facet\" value=\"colour:bleu\" checked",
        "name=\"facet\" value=\"colour:vert\">",
        "aria-label=\"Remove the filter: ",
        "Colour</summary>",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let none = search.get_en("/search?q=bol&facet=colour:vert&facet=material:raku").await.body;
    assert!(none.contains("Without “Colour”: 1 creation found"), "{none}");
    assert_eq!(search.ids("q=bol&shop=atelier-zoe&category=bijoux").await, [ring.id.get()]);
}

#[tokio::test]
async fn prices_are_compared_in_one_currency() {
    let market = Market::open().await;
    let [.., ring] = publish_bowls(&market).await;
    market.database.wait_for_replica().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search("search").await;
    search.wait_until_ready().await;
    let dollars = search.find("q=bol&currency=USD&max_price_cents=100000").await;
    assert_eq!(dollars.listings.iter().map(|listing| listing.id).collect::<Vec<_>>(), [ring.id.get()]);
    let currencies: Vec<&str> = dollars.currencies.iter().map(|currency| currency.code.as_str()).collect();
    assert_eq!(currencies, ["EUR", "USD"]);
    assert!(!search.ids("q=bol&max_price_cents=100000").await.contains(&ring.id.get()));
    assert!(search.get("/search?q=bol&currency=USD").await.body.contains("<option value=\"USD\" selected>"));
}

#[tokio::test]
async fn a_walk_meets_everything_once_while_the_market_goes_on() {
    let market = Market::open().await;
    let mut published = Vec::new();
    for number in 0..7 {
        published.push(market.publish(&format!("Tasse {number}")).await.id.get());
    }
    market.database.wait_for_replica().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search("search").await;
    search.wait_until_ready().await;

    let first = search.find("q=tasse&sort=newest&limit=3&after=*").await;
    let mut seen: Vec<i64> = first.listings.iter().map(|listing| listing.id).collect();
    let newcomer = market.publish("Tasse 7").await;
    search.wait_for("q=tasse&sort=newest&limit=1", &[newcomer.id.get()]).await;
    let mut next = first.next;
    while let Some(after) = next {
        let page = search.find(&format!("q=tasse&sort=newest&limit=3&after={after}")).await;
        seen.extend(page.listings.iter().map(|listing| listing.id));
        next = page.next;
    }
    published.reverse();
    assert_eq!(seen, published, "in order, each once, and nobody pushed aside by what came in front");
    assert_cursors_are_checked(&search).await;
}

async fn assert_cursors_are_checked(search: &RunningSearch) {
    let cursor = search.find("q=tasse&limit=2&after=*").await.next.expect("more");
    for bad in [
        format!("q=bol&limit=2&after={cursor}"),
        format!("q=tasse&sort=newest&after={cursor}"),
        format!("q=tasse&after={cursor}0"),
        format!("q=tasse&page=1&after={cursor}"),
        "q=tasse&after=x".to_owned(),
    ] {
        let answer = search.get(&format!("/api/v1/search?{bad}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}: {}", answer.body);
    }
    assert_eq!(search.find("q=tasse&page=1").await.next, None, "pages are turned by number");
}

#[tokio::test]
async fn nothing_found_suggests_what_was_meant_and_shows_what_is_new() {
    let market = Market::open().await;
    market.publish("Bague en argent").await;
    market.database.wait_for_replica().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search("search").await;
    search.wait_until_ready().await;
    let page = search.get_en("/search?q=licorne").await.body;
    assert!(page.contains("Meanwhile, what is new") && page.contains("Bague en argent"), "{page}");
    let meant = search.find("q=bague+argnet").await;
    assert_eq!(meant.did_you_mean.as_deref(), Some("bague argent"));
    assert!(search.get_en("/search?q=bague+argnet").await.body.contains("q=bague+argent\">bague argent</a>"));
}

#[tokio::test]
async fn each_hit_says_why_it_is_one_when_asked() {
    let market = Market::open().await;
    let bowl = market.publish_as(with("Bol bleu", &[("Matière", "Grès")])).await;
    market.database.wait_for_replica().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search("search").await;
    search.wait_until_ready().await;
    assert!(search.find("q=bol").await.explanations.is_empty());
    let explained = search.find("q=bol+gr%C3%A8s&explain=true").await.explanations;
    assert_eq!(explained.iter().map(|explanation| explanation.id).collect::<Vec<_>>(), [bowl.id.get()]);
    assert_eq!((explained[0].fr.len(), explained[0].en.len()), (2, 2), "a line for each word: {explained:?}");
    let page = search.get_en("/search?q=bol").await.body;
    assert!(page.contains("explain=true#why\" rel=\"nofollow\">Why these results?"), "{page}");
    let page = search.get_en("/search?q=bol&explain=true").await.body;
    assert!(page.contains(&explained[0].en[0]), "{page}");
}

#[tokio::test]
async fn more_choices_than_there_can_be_are_refused() {
    let (_market, _indexer, search) = Market::open_with_search().await;
    let thousands: String = (0..150).map(|number| format!("facet=colour:{number}&")).collect();
    for bad in [
        thousands.as_str(),
        "facet=nothing",
        "shop=nobody-of-this-name",
        "shop=%00",
        "language=de",
        "available=perhaps",
        "currency=XXX",
    ] {
        for path in ["/search", "/api/v1/search"] {
            let answer = search.get(&format!("{path}?{bad}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}?{}", &bad[..bad.len().min(60)]);
        }
    }
    let plain = search.find("facets=false").await;
    assert!(plain.categories.is_empty() && plain.properties.is_empty() && plain.prices.is_empty());
}
