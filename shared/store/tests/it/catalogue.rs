//! Listings, shops and categories: written on the primary, read on the replica as they were written.

use std::collections::BTreeMap;

use halles_domain::{
    Attributes, CategoryId, CategoryTree, Coordinates, Description, Language, ListingId, Photo, Place, SellerId, Title,
    Version,
};
use halles_store::{Conflict, ListingContent, ListingSource, NewListing, NewSeller, StoreError};

use crate::market::{Market, content, eur, new_seller, placed, request, tree};

fn place() -> Option<Place> {
    Some(Place {
        town: "Saint-Étienne".into(),
        postcode: Some("42000".into()),
        coordinates: Coordinates::new(45.43, 4.39).ok(),
    })
}

#[tokio::test]
async fn a_listing_reads_back_as_it_was_written() {
    let market = Market::open().await;
    let pairs = BTreeMap::from([("matière".to_owned(), "grès".to_owned()), ("\"".to_owned(), "'; --".to_owned())]);
    let content = ListingContent {
        language: Language::En,
        title: Title::new("Bowl, \"blue\"").expect("a title"),
        description: Description::new("Two\nlines").expect("a text"),
        attributes: Attributes::try_from(pairs).expect("attributes"),
        place: place(),
        photos: vec![Photo::new("https://images.example/a.jpg").expect("a photo")],
        ..content(Some(eur(1_250)), 7)
    };
    let source = ListingSource::new("workshop", "A-1").ok();
    let new = NewListing { seller_id: market.seller, source, published_at: None, content: content.clone() };
    let written = market.writer.insert_listing(&new).await.expect("inserts");
    market.database.wait_for_replica().await;
    let read = market.reader.find_listing(written.id).await.expect("reads").expect("is there");
    assert_eq!(read, written);
    assert_eq!((read.title, read.attributes, read.place), (content.title, content.attributes, content.place));
    assert_eq!((read.price, read.photos, read.stock.available()), (content.price, content.photos, 7));
    let again = market.writer.insert_listing(&new).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Source))), "{again:?}");
    let scan = market.reader.scan_listings(ListingId::new(0), 10).await.expect("reads");
    assert_eq!(scan, [written]);
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_read_and_the_stock_that_is_promised() {
    let market = Market::open().await;
    let listing = market.listing(5).await;
    let dearer = content(Some(eur(2_000)), 5);
    let changed = market.writer.update_listing(listing.id, listing.version, &dearer).await.expect("changes");
    assert_eq!((changed.version.get(), changed.price), (listing.version.get() + 1, Some(eur(2_000))));
    let late = market.writer.update_listing(listing.id, listing.version, &dearer).await;
    assert!(matches!(late, Err(StoreError::Conflict(Conflict::Version))), "{late:?}");
    let nowhere = market.writer.update_listing(ListingId::new(999_999), Version::new(1), &dearer).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound("listing"))), "{nowhere:?}");

    placed(market.place(&request("promised", &[(listing.id, 3)])).await.expect("placed"));
    market.database.wait_for_replica().await;
    let now = market.reader.find_listing(listing.id).await.expect("reads").expect("is there");
    let taken_away = market.writer.update_listing(listing.id, now.version, &content(None, 2)).await;
    assert!(matches!(taken_away, Err(StoreError::Conflict(Conflict::Oversold))), "{taken_away:?}");
}

#[tokio::test]
async fn what_a_listing_refers_to_must_be_there() {
    let market = Market::open().await;
    let new = |seller_id, category_id| NewListing {
        seller_id,
        source: None,
        published_at: None,
        content: ListingContent { category_id, ..content(None, 1) },
    };
    let homeless = market.writer.insert_listing(&new(SellerId::new(999), CategoryId::new(1))).await;
    assert!(matches!(homeless, Err(StoreError::NotFound("seller"))), "{homeless:?}");
    let lost = market.writer.insert_listing(&new(market.seller, CategoryId::new(999))).await;
    assert!(matches!(lost, Err(StoreError::NotFound("category"))), "{lost:?}");
}

#[tokio::test]
async fn a_shop_is_found_by_number_and_by_name() {
    let market = Market::open().await;
    let new = NewSeller { description: "Depuis 1998".into(), place: place(), ..new_seller("poterie-du-lac") };
    let written = market.writer.insert_seller(&new).await.expect("inserts");
    market.database.wait_for_replica().await;
    let by_slug = market.reader.find_seller_by_slug(&new.slug).await.expect("reads");
    assert_eq!(by_slug.as_ref(), Some(&written));
    assert_eq!(market.reader.find_seller(written.id).await.expect("reads"), by_slug);
    assert_eq!(market.reader.find_seller(SellerId::new(999)).await.expect("reads"), None);
    let taken = market.writer.insert_seller(&new).await;
    assert!(matches!(taken, Err(StoreError::Conflict(Conflict::Slug))), "{taken:?}");
}

#[tokio::test]
async fn a_new_tree_takes_the_place_of_the_old_one() {
    let market = Market::open().await;
    market.listing(1).await;
    // Names swapped and one category more, while a listing hangs in one of them.
    market.writer.replace_categories(&tree(&["tout", "terre", "bois", "laine"])).await.expect("replaces");
    market.database.wait_for_replica().await;
    let read = market.reader.fetch_category_tree().await.expect("reads");
    let slug = |id: i32| read.get(CategoryId::new(id)).map(|category| category.slug.as_str().to_owned());
    assert_eq!(
        (slug(2).as_deref(), slug(3).as_deref(), slug(4).as_deref()),
        (Some("terre"), Some("bois"), Some("laine"))
    );
    let without = market.writer.replace_categories(&CategoryTree::default()).await;
    assert!(matches!(without, Err(StoreError::Conflict(Conflict::StillUsed))), "{without:?}");
}

#[tokio::test]
async fn the_home_page_shows_what_was_chosen_and_what_is_new() {
    let market = Market::open().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(market.listing(1).await.id);
    }
    let [old, middle, new] = ids[..] else { panic!("three listings") };
    market.writer.set_featured(&[middle, old, middle]).await.expect("chooses");
    market.database.wait_for_replica().await;
    assert_eq!(market.reader.list_featured(10).await.expect("reads"), [middle, old]);
    assert_eq!(market.reader.list_newest(2).await.expect("reads"), [new, middle]);
    market.writer.set_featured(&[new]).await.expect("chooses");
    market.database.wait_for_replica().await;
    assert_eq!(market.reader.list_featured(10).await.expect("reads"), [new]);
    let nowhere = market.writer.set_featured(&[ListingId::new(999_999)]).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound("listing"))), "{nowhere:?}");
}

#[tokio::test]
async fn a_row_that_breaks_a_rule_is_named() {
    let market = Market::open().await;
    let listing = market.listing(1).await;
    let spoil = format!("UPDATE listing SET title = '' WHERE id = {}", listing.id);
    market.owner().await.batch_execute(&spoil).await.expect("spoils");
    market.database.wait_for_replica().await;
    let error = market.reader.find_listing(listing.id).await.expect_err("breaks a rule");
    assert_eq!(error.to_string(), format!("listing {} in the database breaks a rule", listing.id));
    assert!(!error.is_transient());
}

#[tokio::test]
async fn migrating_again_and_at_once_changes_nothing() {
    let market = Market::open().await;
    let url = &market.database.owner_url;
    let (first, second) = tokio::join!(halles_store::migrate(url), halles_store::migrate(url));
    assert_eq!((first.expect("runs"), second.expect("runs")), (0, 0));
}
