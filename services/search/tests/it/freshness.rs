//! From a committed change to what a search finds.

use halles_domain::{Category, CategoryId, CategoryTree, ListingStatus, Slug};
use halles_store::ListingContent;
use halles_testkit::eventually;

use crate::market::{Market, PATIENCE, content, euros, tree};

#[tokio::test]
async fn a_new_listing_is_found_and_a_closed_one_is_not() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol raku").await;
    search.wait_for("q=raku", &[bowl.id.get()]).await;
    market.change(&bowl, ListingContent { status: ListingStatus::Closed, ..content("Bol raku") }).await;
    search.wait_for("q=raku", &[]).await;
    eventually("the index has let go of it, too", PATIENCE, async || search.find("q=raku").await.total == 0).await;
}

#[tokio::test]
async fn a_listing_that_is_sold_out_for_good_disappears_and_comes_back_with_new_stock() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol raku").await;
    search.wait_for("q=raku", &[bowl.id.get()]).await;
    let sold = market.change(&bowl, ListingContent { on_hand: 0, ..content("Bol raku") }).await;
    search.wait_for("q=raku", &[]).await;
    market.change(&sold, ListingContent { on_hand: 2, ..content("Bol raku") }).await;
    search.wait_for("q=raku", &[bowl.id.get()]).await;
}

#[tokio::test]
async fn a_changed_price_shows_and_sorts_and_filters() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol raku").await;
    search.wait_for("q=raku&min_price_cents=1500", &[bowl.id.get()]).await;
    market.change(&bowl, ListingContent { price: Some(euros(12)), ..content("Bol raku") }).await;
    eventually("the new price", PATIENCE, async || {
        let found = search.find("q=raku").await;
        found.listings.first().and_then(|listing| listing.price_cents) == Some(1_200)
    })
    .await;
    search.wait_for("q=raku&min_price_cents=1500", &[]).await;
    search.wait_for("q=raku&max_price_cents=1500", &[bowl.id.get()]).await;
}

#[tokio::test]
async fn a_new_category_tree_counts_listings_that_did_not_change() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol raku").await;
    search.wait_for("q=raku", &[bowl.id.get()]).await;
    let mut categories: Vec<Category> = tree().iter().cloned().collect();
    let home = CategoryId::new(9);
    for category in &mut categories {
        if category.parent_id.is_none() {
            category.parent_id = Some(home);
        }
    }
    let slug = Slug::from_text("maison").expect("a slug");
    categories.push(Category {
        id: home,
        parent_id: None,
        slug,
        name_fr: "Maison".into(),
        name_en: "Home".into(),
        position: 0,
    });
    let new_tree = CategoryTree::new(categories).expect("a tree");
    market.writer.replace_categories(&new_tree).await.expect("new categories");
    // By its name in the other language, so by the index itself.
    search.wait_for("q=home", &[bowl.id.get()]).await;
}
