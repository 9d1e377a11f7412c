//! Pages by keyset: whatever the order, the limits and the page size, nothing is missed and nothing comes twice.

use halles_domain::{CategoryId, Listing, ListingId, ListingStatus};
use halles_store::{CategoryQuery, Keyset, ListingSort, Reader};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::market::Market;

/// Prices repeat often and are often missing; some listings are not published.
const LISTINGS: &str = "
    INSERT INTO listing (seller_id, category_id, status, language, title, price_cents, on_hand)
    SELECT $1, 1 + (n * 7) % 3, CASE WHEN n % 11 = 0 THEN 'paused' ELSE 'published' END, 'fr', 'n° ' || n,
           CASE WHEN n % 5 = 0 THEN NULL ELSE ((n * 37) % 13) * 100 END, 1
    FROM generate_series(1, 240) AS n";

#[derive(Debug, Clone)]
struct Question {
    categories: Vec<i32>,
    min_cents: Option<i64>,
    max_cents: Option<i64>,
    sort: ListingSort,
    limit: usize,
}

fn questions() -> impl Strategy<Value = Question> {
    let categories = prop::sample::subsequence(vec![1, 2, 3], 1..=3);
    let sort = prop::sample::select(vec![ListingSort::Newest, ListingSort::PriceAsc, ListingSort::PriceDesc]);
    let price = || prop::option::of(0_i64..1_300);
    (categories, price(), price(), sort, 1_usize..40).prop_map(|(categories, min_cents, max_cents, sort, limit)| {
        Question { categories, min_cents, max_cents, sort, limit }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn walking_all_pages_gives_the_whole_list_once_and_in_order() {
    let market = Market::open().await;
    market.owner().await.execute(LISTINGS, &[&market.seller.get()]).await.expect("inserts");
    market.database.wait_for_replica().await;
    let all = market.reader.scan_listings(ListingId::new(0), 1_000).await.expect("reads");
    let (reader, runtime) = (market.reader.clone(), tokio::runtime::Handle::current());
    let questioning = tokio::task::spawn_blocking(move || {
        let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
        TestRunner::new(config)
            .run(&questions(), |question| {
                let walked = runtime.block_on(walk(&reader, &question));
                prop_assert_eq!(walked, expected(&all, &question));
                Ok(())
            })
            .expect("holds for all questions");
    });
    questioning.await.expect("every question was asked");
}

/// Follows the pages to the last one, through the text form of each place.
async fn walk(reader: &Reader, question: &Question) -> Vec<ListingId> {
    let mut walked = Vec::new();
    let mut after: Option<Keyset> = None;
    loop {
        let query = CategoryQuery {
            categories: question.categories.iter().map(|id| CategoryId::new(*id)).collect(),
            min_cents: question.min_cents,
            max_cents: question.max_cents,
            sort: question.sort,
            after,
            limit: question.limit,
        };
        let page = reader.list_category(&query).await.expect("reads");
        assert!(page.ids.len() <= question.limit);
        walked.extend(page.ids);
        let Some(next) = page.next else { return walked };
        after = Some(next.to_string().parse().expect("a place"));
    }
}

/// The same list, computed in memory.
fn expected(all: &[Listing], question: &Question) -> Vec<ListingId> {
    let cents = |listing: &Listing| listing.price.map(|price| price.cents());
    let limited = question.min_cents.is_some() || question.max_cents.is_some();
    let fits = |listing: &&Listing| match cents(listing) {
        Some(cents) => {
            question.min_cents.is_none_or(|min| cents >= min) && question.max_cents.is_none_or(|max| cents <= max)
        }
        None => !limited,
    };
    let mut found: Vec<&Listing> = all
        .iter()
        .filter(|listing| listing.status == ListingStatus::Published)
        .filter(|listing| question.categories.contains(&listing.category_id.get()))
        .filter(fits)
        .collect();
    match question.sort {
        ListingSort::Newest => found.sort_by_key(|listing| std::cmp::Reverse(listing.id)),
        ListingSort::PriceAsc => found.sort_by_key(|listing| (cents(listing).is_none(), cents(listing), listing.id)),
        ListingSort::PriceDesc => {
            found.sort_by_key(|listing| std::cmp::Reverse((cents(listing), listing.id)));
        }
    }
    found.iter().map(|listing| listing.id).collect()
}

#[tokio::test]
async fn a_shop_shows_its_own_listings_page_by_page() {
    let market = Market::open().await;
    let mut newest_first = Vec::new();
    for _ in 0..5 {
        newest_first.insert(0, market.listing(1).await.id);
    }
    let other = market.writer.insert_seller(&crate::market::new_seller("autre")).await.expect("a seller");
    market.database.wait_for_replica().await;
    let first = market.reader.list_by_seller(market.seller, None, 3).await.expect("reads");
    assert_eq!(first.ids, newest_first[..3]);
    let second = market.reader.list_by_seller(market.seller, first.next, 3).await.expect("reads");
    assert_eq!((second.ids.as_slice(), second.next), (&newest_first[3..], None));
    assert!(market.reader.list_by_seller(other.id, None, 3).await.expect("reads").ids.is_empty());
}
