//! Every page, in French and English.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use halles_domain::{Attributes, CategoryId, Description, Language, ListingStatus, Title};
use halles_store::ListingContent;
use reqwest::StatusCode;

use crate::market::{Market, TOYS, bowl, photo, priced, titled};

#[tokio::test]
async fn the_home_page_shows_aisles_featured_and_newest() {
    let market = Market::open().await;
    let featured = market.publish(titled("Le bol à la une")).await;
    market.publish_unseen(titled("Le bol tout neuf")).await;
    market.writer.set_featured(&[featured.id]).await.expect("featured");
    market.database.wait_for_replica().await;
    market.wait_for("/", "Le bol tout neuf").await;
    market.wait_for("/", "id=\"featured\"").await;
    let french = market.page("/").await;
    for text in ["<html lang=\"fr\">", "Céramique", "/c/jouets", "/photos/category/ceramique.svg", "Le bol à la une"]
    {
        assert!(french.contains(text), "{text}");
    }
    let english = market.get_en("/").await.body;
    for text in ["<html lang=\"en\">", "Ceramics", "Just arrived", "lang=\"fr\"", "€24.50"] {
        assert!(english.contains(text), "{text}");
    }
}

#[tokio::test]
async fn an_empty_market_has_a_kind_word() {
    let market = Market::open().await;
    assert!(market.page("/").await.contains("Les étals se montent"));
    assert!(market.page("/c/jouets").await.contains("Cette allée est encore vide"));
    assert!(market.page("/s/l-atelier-du-port").await.contains("étal est vide"));
}

#[tokio::test]
async fn a_listing_shows_everything_that_a_shopper_needs() {
    let market = Market::open().await;
    let listing = market.publish(bowl()).await;
    let sibling = market.publish(titled("Petit frère")).await;
    let path = format!("/l/{}/bol-a-soupe-en-gres", listing.id);
    let french = market.page(&path).await;
    let expected = [
        "<h1>Bol à soupe en grès</h1>",
        "24,50\u{a0}€",
        "En stock",
        "action=\"/basket/lines\" method=\"post\"",
        &format!("name=\"listing_id\" value=\"{}\"", listing.id),
        "max=\"10\"",
        "<p>Tourné à la main.</p><p>Passe au four.</p>",
        "<dt>Couleur</dt><dd>bleu</dd>",
        "href=\"/s/l-atelier-du-port\"",
        "Vallauris (06)",
        &format!("/l/{}/petit-frere", sibling.id),
        "href=\"/c/ceramique\"",
        "application/ld+json",
        "\"price\":\"24.50\"",
        &format!("<link rel=\"canonical\" href=\"{path}\">"),
    ];
    for text in expected {
        assert!(french.contains(text), "{text} is missing from {french}");
    }
    let english = market.get_en(&path).await.body;
    for text in ["<h1 lang=\"fr\">", "In stock", "Add to basket", "<dt>Colour</dt>", "€24.50", "More from this shop"]
    {
        assert!(english.contains(text), "{text}");
    }
}

#[tokio::test]
async fn stock_is_told_as_it_is() {
    let market = Market::open().await;
    for (on_hand, french, english) in
        [(0, "Épuisé", "Sold out"), (1, "Dernière pièce", "Last one"), (3, "Plus que 3", "Only 3 left")]
    {
        let listing = market.publish(ListingContent { on_hand, ..bowl() }).await;
        let path = format!("/l/{}/bol-a-soupe-en-gres", listing.id);
        let page = market.page(&path).await;
        assert!(page.contains(french));
        assert!(market.get_en(&path).await.body.contains(english));
        assert_eq!(page.contains("/basket/lines"), on_hand > 0);
    }
    let priceless = market.publish(ListingContent { price: None, ..titled("Sans prix") }).await;
    let page = market.page(&format!("/l/{}/sans-prix", priceless.id)).await;
    assert!(page.contains("Prix sur demande") && !page.contains("/basket/lines"));
}

#[tokio::test]
async fn an_old_address_leads_to_the_true_one() {
    let market = Market::open().await;
    let listing = market.publish(bowl()).await;
    for path in [format!("/l/{}", listing.id), format!("/l/{}/another-name", listing.id)] {
        let answer = market.get(&path).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{path}");
        assert_eq!(answer.header("location"), format!("/l/{}/bol-a-soupe-en-gres", listing.id));
    }
}

#[tokio::test]
async fn what_is_not_for_sale_says_so() {
    let market = Market::open().await;
    let closed = market.publish(ListingContent { status: ListingStatus::Closed, ..bowl() }).await;
    let paused = market.publish(ListingContent { status: ListingStatus::Paused, ..bowl() }).await;
    let draft = market.publish(ListingContent { status: ListingStatus::Draft, ..bowl() }).await;
    let cases = [
        (closed.id, StatusCode::GONE, "n&#39;est plus en vente", "no longer for sale"),
        (paused.id, StatusCode::NOT_FOUND, "fait une pause", "taking a break"),
        (draft.id, StatusCode::NOT_FOUND, "existe pas", "does not exist"),
    ];
    for (id, status, french, english) in cases {
        let answer = market.get(&format!("/l/{id}")).await;
        assert_eq!(answer.status, status);
        assert!(answer.body.replace('\'', "&#39;").contains(french), "{french}: {}", answer.body);
        assert!(answer.body.contains("href=\"/c/ceramique\""), "a way on");
        assert!(answer.body.contains("noindex"));
        let english_answer = market.get_en(&format!("/l/{id}")).await;
        assert!(english_answer.body.contains(english), "{english}");
    }
}

#[tokio::test]
async fn a_shop_shows_who_it_is_and_what_it_sells() {
    let market = Market::open_with(|settings| settings.listing.page_size = 2).await;
    for number in 0..5 {
        market.publish_unseen(titled(&format!("Bol numéro {number}"))).await;
    }
    market.database.wait_for_replica().await;
    let mut titles = Vec::new();
    let mut path = Some("/s/l-atelier-du-port".to_owned());
    while let Some(address) = path {
        let page = market.page(&address).await;
        assert!(page.contains("L'atelier du port") && page.contains("Grès tourné face à la mer."));
        titles.extend(titles_on(&page));
        path = next_page(&page);
    }
    assert_eq!(titles, ["Bol numéro 4", "Bol numéro 3", "Bol numéro 2", "Bol numéro 1", "Bol numéro 0"]);
}

#[tokio::test]
async fn pages_of_a_category_have_neither_gaps_nor_repeats() {
    let market = Market::open_with(|settings| settings.listing.page_size = 3).await;
    // Many equal prices, so that the order must be settled by the number.
    for cents in [500, 300, 300, 300, 300, 900, 300, 100, 900, 700] {
        market.publish_unseen(priced(cents)).await;
    }
    market.database.wait_for_replica().await;
    for (sort, expected) in [
        ("price_asc", vec![100, 300, 300, 300, 300, 300, 500, 700, 900, 900]),
        ("price_desc", vec![900, 900, 700, 500, 300, 300, 300, 300, 300, 100]),
        ("newest", vec![700, 900, 100, 300, 900, 300, 300, 300, 300, 500]),
    ] {
        let mut path = Some(format!("/c/ceramique?sort={sort}"));
        let (mut prices, mut links) = (Vec::new(), Vec::new());
        while let Some(address) = path {
            let page = market.page(&address).await;
            prices.extend(titles_on(&page).iter().map(|title| cents_in(title)));
            links.extend(links_on(&page));
            path = next_page(&page);
        }
        assert_eq!(prices, expected, "{sort}");
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), 10, "{sort}: every listing once");
    }
}

#[tokio::test]
async fn the_price_filter_keeps_its_limits_in_french_and_english_spelling() {
    let market = Market::open().await;
    for cents in [999, 1_000, 1_250, 2_000, 2_001] {
        market.publish_unseen(priced(cents)).await;
    }
    market.publish(ListingContent { price: None, ..titled("Sans prix") }).await;
    for query in ["min=10&max=20", "min=10,00&max=20.00", "min=10.0&max=20"] {
        let page = market.page(&format!("/c/bols?{query}&sort=price_asc")).await;
        let prices: Vec<i64> = titles_on(&page).iter().map(|title| cents_in(title)).collect();
        assert_eq!(prices, [1_000, 1_250, 2_000], "{query}");
        assert!(page.contains("value=\"10"), "the form keeps what was typed");
    }
    assert!(market.page("/c/bols?min=5000").await.contains("Effacer les filtres"));
    assert_eq!(titles_on(&market.page("/c/jouets").await).len(), 0, "another aisle");
}

#[tokio::test]
async fn sellers_texts_are_text() {
    let market = Market::open().await;
    let content = ListingContent {
        title: Title::new("<script>alert(1)</script> & \"co\"").expect("a title"),
        description: Description::new("</script><img src=x onerror=alert(2)>").expect("a text"),
        attributes: Attributes::new([("<b>".to_owned(), "<i>\"'".to_owned())]).expect("attributes"),
        photos: vec![photo("https://images.example/a.jpg?x='><script>")],
        ..bowl()
    };
    let listing = market.publish(content).await;
    let path = market.get(&format!("/l/{}", listing.id)).await.header("location").to_owned();
    for page in [market.page(&path).await, market.page("/c/bols").await] {
        assert!(!page.contains("<script>") && !page.contains("<img src=x") && !page.contains("<i>"), "{page}");
    }
    assert!(market.page(&path).await.contains("\\u003c/script\\u003e"), "the data block is escaped, too");
}

#[tokio::test]
async fn dead_photos_leave_the_drawing() {
    let market = Market::open().await;
    let photos = vec![photo("https://images.example/1.jpg"), photo("https://images.example/2.jpg")];
    let listing = market.publish(ListingContent { photos, ..bowl() }).await;
    let page = market.page(&format!("/l/{}/bol-a-soupe-en-gres", listing.id)).await;
    let real = "<img class=\"photo-real\" src=\"https://images.example/2.jpg\" alt=\"\"";
    assert!(page.contains(real) && page.contains("referrerpolicy=\"no-referrer\""));
    assert!(page.contains(&format!("<img src=\"/photos/{}.svg\" alt=\"Bol à soupe en grès, photo 2\"", listing.id)));
}

#[tokio::test]
async fn drawings_are_svg_and_always_the_same() {
    let market = Market::open().await;
    let listing = market.publish(bowl()).await;
    let drawing = market.get(&format!("/photos/{}.svg", listing.id)).await;
    assert_eq!(drawing.header("content-type"), "image/svg+xml");
    assert!(drawing.body.starts_with("<svg ") && drawing.header("cache-control").contains("max-age=86400"));
    assert_eq!(market.page(&format!("/photos/{}.svg", listing.id)).await, drawing.body);
    assert!(market.page("/photos/category/jouets.svg").await.starts_with("<svg "));
}

#[tokio::test]
async fn every_page_is_small_even_with_a_long_data_sheet() {
    let market = Market::open().await;
    let sheet = (0..140).map(|number| (format!("property_{number}"), format!("value {} of {number}", number * 7_919)));
    let content = ListingContent {
        attributes: Attributes::new(sheet).expect("attributes"),
        title: Title::new(&"Notebook 43.2 cm 1440 x 900 pixels Core 2 Duo ".repeat(10)).expect("a title"),
        category_id: CategoryId::new(TOYS),
        language: Language::En,
        photos: (0..8)
            .map(|number| photo(&format!("https://images.example/{number}/{}.jpg", number * 104_729)))
            .collect(),
        ..bowl()
    };
    let listing = market.publish(content.clone()).await;
    for number in 0..30 {
        let title = Title::new(&format!("{number} {}", content.title.as_str())).expect("a title");
        market.publish_unseen(ListingContent { title, ..content.clone() }).await;
    }
    market.database.wait_for_replica().await;
    market.wait_for("/", "29 Notebook").await;
    let listing_path = market.get(&format!("/l/{}", listing.id)).await.header("location").to_owned();
    for path in ["/", "/c/jouets", "/s/l-atelier-du-port", "/l/999999", &listing_path] {
        let body = market.get(path).await.body;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(body.as_bytes()).expect("compresses");
        let bytes = gzip.finish().expect("compresses").len();
        assert!(bytes < 20_000, "{path} takes {bytes} bytes");
        let scripts: Vec<&str> = body.split("<script src=\"").skip(1).collect();
        assert!(scripts.len() == 1 && scripts[0].starts_with("/assets/search-field-"), "{path}");
        assert!(!body.contains(" style="), "{path}");
    }
}

fn titles_on(page: &str) -> Vec<String> {
    cards(page)
        .iter()
        .filter_map(|card| card.split_once('>')?.1.split_once("</a>"))
        .map(|(title, _)| title.to_owned())
        .collect()
}

fn links_on(page: &str) -> Vec<String> {
    cards(page).iter().filter_map(|card| card.split('"').nth(1)).map(str::to_owned).collect()
}

/// From the link in each card's title on.
fn cards(page: &str) -> Vec<&str> {
    page.split("class=\"card-title\"").skip(1).filter_map(|card| card.split_once("<a ").map(|(_, rest)| rest)).collect()
}

fn next_page(page: &str) -> Option<String> {
    let (before, _) = page.split_once("rel=\"next\"")?;
    let (_, address) = before.rsplit_once("href=\"")?;
    Some(address.split_once('"')?.0.replace("&amp;", "&"))
}

fn cents_in(title: &str) -> i64 {
    title.split(' ').nth(2).expect("a number").parse().expect("a number")
}
