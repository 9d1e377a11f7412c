//! Loads and merges: an empty catalogue comes out with all its indexes, and a merge writes only what differs.

use futures_util::stream;
use halles_domain::{Language, ListingId};
use halles_store::bulk::{BulkLoad, Chunk, ListingRow, Listings, MergeOutcome, Origin};
use jiff::Timestamp;

use crate::market::{CATEGORY, Market, eur, placed, request};

/// A chunk of imported listings: line, title, pieces.
fn chunk(market: &Market, rows: &[(i64, &str, u32)]) -> Chunk<Listings> {
    let mut chunk = Chunk::with_capacity(1_024);
    for (line, title, on_hand) in rows {
        chunk.push(&ListingRow {
            id: ListingId::new(*line),
            seller_id: market.seller,
            category_id: CATEGORY,
            language: Language::Fr,
            title,
            description: "",
            attributes: r#"{"matière":"grès"}"#,
            price: Some(eur(1_000)),
            place: None,
            photos: &[],
            on_hand: *on_hand,
            origin: Some(Origin { source: "test", reference: &format!("ref-{line}") }),
            created_at: Timestamp::now(),
        });
    }
    chunk
}

async fn merge(market: &Market, rows: &[(i64, &str, u32)]) -> MergeOutcome {
    let mut bulk = BulkLoad::connect(&market.database.owner_url).await.expect("connects");
    bulk.begin_import().await.expect("prepares");
    bulk.begin().await.expect("begins");
    let outcome = bulk.merge_listings(chunk(market, rows)).await.expect("merges");
    bulk.commit().await.expect("commits");
    outcome
}

async fn outbox_rows(market: &Market) -> i64 {
    market.owner().await.query_one("SELECT count(*) FROM outbox", &[]).await.expect("counts").get(0)
}

#[tokio::test]
async fn merging_the_same_rows_again_changes_nothing_and_tells_nobody() {
    let market = Market::open().await;
    let rows = [(1, "Bol", 3), (2, "Vase", 3), (3, "Plat", 3)];
    let first = merge(&market, &rows).await;
    assert_eq!(first, MergeOutcome { inserted: 3, ..MergeOutcome::default() });
    let told = outbox_rows(&market).await;
    let again = merge(&market, &rows).await;
    assert_eq!(again, MergeOutcome { unchanged: 3, ..MergeOutcome::default() });
    assert_eq!(outbox_rows(&market).await, told);

    let changed = merge(&market, &[(1, "Bol", 3), (2, "Grand vase", 3), (4, "Tasse", 1)]).await;
    assert_eq!(changed, MergeOutcome { inserted: 1, updated: 1, unchanged: 1, repeated: vec![] });
    assert_eq!(outbox_rows(&market).await, told + 2, "one for each row that was written");
    market.database.wait_for_replica().await;
    let listings = market.reader.scan_listings(ListingId::new(0), 10).await.expect("reads");
    let seen: Vec<_> = listings.iter().map(|listing| (listing.title.as_str(), listing.version.get())).collect();
    assert_eq!(seen, [("Bol", 1), ("Grand vase", 2), ("Plat", 1), ("Tasse", 1)]);
    let back = market.reader.scan_listings_newest_first(listings[3].id, 2).await.expect("reads");
    assert_eq!(back, [listings[2].clone(), listings[1].clone()], "from the other end, in pieces");
}

#[tokio::test]
async fn a_merge_never_takes_away_what_is_promised() {
    let market = Market::open().await;
    merge(&market, &[(1, "Bol", 5)]).await;
    market.database.wait_for_replica().await;
    let bowl = market.reader.list_newest(1).await.expect("reads")[0];
    placed(market.place(&request("promised", &[(bowl, 4)])).await.expect("placed"));
    assert_eq!(merge(&market, &[(1, "Bol", 1)]).await.updated, 1);
    let stock = market.stock(bowl).await;
    assert_eq!((stock.on_hand(), stock.held(), stock.available()), (4, 4, 0));
    assert_eq!(merge(&market, &[(1, "Bol", 1)]).await.unchanged, 1, "and again changes nothing");
}

#[tokio::test]
async fn a_load_of_an_empty_catalogue_brings_every_index_and_constraint_back() {
    let market = Market::open().await;
    let parts = "SELECT array_agg(part ORDER BY part) FROM (
        SELECT pg_get_indexdef(indexrelid) AS part FROM pg_index WHERE indrelid = 'listing'::regclass
        UNION ALL
        SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = 'listing'::regclass OR confrelid = 'listing'::regclass) AS parts";
    let owner = market.owner().await;
    let before: Vec<String> = owner.query_one(parts, &[]).await.expect("reads").get(0);
    let mut bulk = BulkLoad::connect(&market.database.owner_url).await.expect("connects");
    let numbers = bulk.reserve_listings(3).await.expect("reserves");
    let fresh = bulk.begin_fresh().await.expect("begins");
    let rows: Vec<_> = numbers.clone().map(|number| (number, "Bol", 3)).collect();
    let copied = bulk.copy_listings(Some(&fresh), stream::iter([chunk(&market, &rows)]), |_| ()).await.expect("copies");
    bulk.finish_fresh(fresh, |_, _| ()).await.expect("finishes");
    assert_eq!(copied, 3);
    let after: Vec<String> = owner.query_one(parts, &[]).await.expect("reads").get(0);
    assert_eq!(after, before);
    let next = market.listing(1).await.id;
    assert_eq!(next, ListingId::new(numbers.end), "numbers go on behind the load");
}
