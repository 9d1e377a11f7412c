//! The catalogue over a real store and a real Redis.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use halles_cache::{CacheSettings, CacheStatus, Catalogue, CatalogueError, Tier};
use halles_domain::{Change, ChangePosition, ChangeSubject, FeedEvent, Listing, ListingId, ListingStatus, SellerId};
use halles_redis::scripts;
use halles_settings::Secret;
use halles_store::{CategoryQuery, ListingContent, ListingSort};
use halles_testkit::{ChaosProxy, eventually};
use tokio::sync::mpsc;

use crate::marketplace::Marketplace;

const PATIENCE: Duration = Duration::from_secs(30);

fn ids(listings: &[Arc<Listing>]) -> Vec<ListingId> {
    listings.iter().map(|listing| listing.id).collect()
}

fn change_of(listing: &Listing) -> FeedEvent {
    let Listing { id, version, seller_id, category_id, .. } = *listing;
    let subject = ChangeSubject::Listing { id, version, seller_id, category_id };
    FeedEvent::Changes(vec![Change { position: ChangePosition::default(), subject }])
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_pages_show_can_be_read() {
    let marketplace = Marketplace::open().await;
    let shop = marketplace.open_shop("chez-zoe").await;
    let bowls = marketplace.list_bowls(&shop, 5).await;
    let newest_first: Vec<ListingId> = bowls.iter().rev().map(|bowl| bowl.id).collect();
    marketplace.writer.set_featured(&[bowls[2].id, bowls[0].id]).await.expect("featured");
    marketplace.shown().await;
    let catalogue = marketplace.catalogue().await;

    let found = catalogue.listing(bowls[0].id).await.expect("an answer");
    assert_eq!((found.value.as_deref(), found.status), (Some(&bowls[0]), CacheStatus::Miss));
    assert_eq!(catalogue.listing(ListingId::new(999_999)).await.expect("an answer").value, None);
    let wanted = [bowls[3].id, ListingId::new(999_999), bowls[1].id];
    assert_eq!(ids(&catalogue.listings(&wanted).await.expect("an answer").value), [bowls[3].id, bowls[1].id]);
    assert_eq!(catalogue.seller(shop.id).await.expect("an answer").value.as_deref(), Some(&shop));
    assert_eq!(catalogue.sellers(&[SellerId::new(99), shop.id]).await.expect("an answer").value.len(), 1);
    let by_slug = catalogue.seller_by_slug(&shop.slug).await.expect("an answer");
    assert_eq!(by_slug.value.as_deref(), Some(&shop));
    assert_eq!(catalogue.seller_by_slug(&"nobody".parse().expect("a slug")).await.expect("an answer").value, None);
    let tree = catalogue.category_tree().await.expect("an answer").value;
    assert!(tree.get(marketplace.category).is_some());
    assert_eq!(ids(&catalogue.newest(3).await.expect("an answer").value), newest_first[..3]);
    assert_eq!(ids(&catalogue.featured(3).await.expect("an answer").value), [bowls[2].id, bowls[0].id]);

    let query = CategoryQuery {
        categories: vec![marketplace.category],
        min_cents: Some(200),
        max_cents: None,
        sort: ListingSort::PriceAsc,
        after: None,
        limit: 3,
    };
    let first = catalogue.category_page(&query).await.expect("an answer").value;
    assert_eq!(ids(&first.listings), [bowls[1].id, bowls[2].id, bowls[3].id]);
    let rest = CategoryQuery { after: first.next, ..query };
    let last = catalogue.category_page(&rest).await.expect("an answer").value;
    assert_eq!((ids(&last.listings), last.next), (vec![bowls[4].id], None));
    let page = catalogue.shop_page(shop.id, None, 2).await.expect("an answer").value;
    assert_eq!(ids(&page.listings), newest_first[..2]);
    let next = catalogue.shop_page(shop.id, page.next, 3).await.expect("an answer").value;
    assert_eq!(ids(&next.listings), newest_first[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_put_together_with_one_question_to_redis() {
    let marketplace = Marketplace::open().await;
    let shop = marketplace.open_shop("chez-zoe").await;
    marketplace.list_bowls(&shop, 30).await;
    marketplace.shown().await;
    let catalogue = marketplace.catalogue().await;
    let mut commands = overhear(&marketplace).await;
    let page = catalogue.newest(24).await.expect("an answer");
    assert_eq!(page.value.len(), 24);
    // One for the list, one for its listings; and then they are written, each kind at once.
    let mut overheard = Vec::new();
    while overheard.len() < 4 {
        overheard.push(tokio::time::timeout(PATIENCE, commands.recv()).await.expect("in time").expect("a command"));
    }
    let count = |script: redis::Script, kind: &str| {
        let is_meant = |line: &&String| line.contains(script.get_hash()) && line.contains(&format!("cache:{{{kind}:"));
        overheard.iter().filter(is_meant).count()
    };
    let looked_up = (count(scripts::look_up(), "list"), count(scripts::look_up(), "listing"));
    let written = (count(scripts::put_newer(), "list"), count(scripts::put_newer(), "listing"));
    assert_eq!((looked_up, written), ((1, 1), (1, 1)), "{overheard:?}");
    let again = catalogue.newest(24).await.expect("an answer");
    assert_eq!((again.value, again.status), (page.value, CacheStatus::Hit(Tier::L1)));
}

/// Every command that names a key of this marketplace, as the server sees it; not those that scripts call.
async fn overhear(marketplace: &Marketplace) -> mpsc::UnboundedReceiver<String> {
    let client = redis::Client::open(marketplace.redis.url.as_str()).expect("an address");
    // The scripts are known to the server by then, so that each step is one command.
    let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
    for script in [scripts::look_up(), scripts::put_newer()] {
        script.load_async(&mut connection).await.expect("loaded");
    }
    let monitor = client.get_async_monitor().await.expect("a connection");
    let prefix = marketplace.redis.prefix.clone();
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut lines = monitor.into_on_message::<String>();
        while let Some(line) = lines.next().await {
            if line.contains(&prefix) && !line.contains(" lua]") && sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_the_price_of_the_listings_own_page_and_nothing_that_is_gone() {
    let marketplace = Marketplace::open().await;
    let shop = marketplace.open_shop("chez-zoe").await;
    let bowls = marketplace.list_bowls(&shop, 2).await;
    marketplace.shown().await;
    let catalogue = marketplace.catalogue().await;
    assert_eq!(catalogue.newest(10).await.expect("an answer").value.len(), 2);
    let dearer = marketplace.change(&bowls[0], &marketplace.bowl(9_900)).await;
    let paused = ListingContent { status: ListingStatus::Paused, ..marketplace.bowl(200) };
    let paused = marketplace.change(&bowls[1], &paused).await;
    marketplace.shown().await;
    catalogue.apply(&change_of(&dearer)).await;
    catalogue.apply(&change_of(&paused)).await;
    // The list itself may be the one from before; what it shows is not.
    let shelf = catalogue.newest(10).await.expect("an answer").value;
    assert_eq!(shelf, [Arc::new(dearer)]);
    let page = catalogue.listing(paused.id).await.expect("an answer").value;
    assert_eq!(page.as_deref(), Some(&paused), "its own page can say that it is paused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shops_list_lives_until_one_of_its_listings_changes() {
    let marketplace = Marketplace::open().await;
    let shop = marketplace.open_shop("chez-zoe").await;
    let other = marketplace.open_shop("chez-max").await;
    let bowls = marketplace.list_bowls(&shop, 3).await;
    marketplace.list_bowls(&other, 1).await;
    marketplace.shown().await;
    // Whatever is beyond the list of two is read like other lists.
    let mut settings = CacheSettings { shop_list_length: 2, settle_ms: 60_000, ..marketplace.settings() };
    settings.list.ttl_ms = 60_000;
    let catalogue = Catalogue::connect(marketplace.reader(), &settings).await.expect("a catalogue");
    let page =
        async |seller: SellerId, limit: usize| catalogue.shop_page(seller, None, limit).await.expect("an answer");
    assert_eq!(ids(&page(shop.id, 2).await.value.listings), [bowls[2].id, bowls[1].id]);
    assert_eq!(page(shop.id, 5).await.value.listings.len(), 3);
    assert_eq!(page(other.id, 2).await.value.listings.len(), 1);

    let new = marketplace.list_bowls(&shop, 1).await.remove(0);
    marketplace.shown().await;
    let hit = page(shop.id, 2).await;
    assert_eq!((ids(&hit.value.listings), hit.status), (vec![bowls[2].id, bowls[1].id], CacheStatus::Hit(Tier::L1)));
    catalogue.apply(&change_of(&new)).await;
    let statuses = [CacheStatus::Miss, CacheStatus::Hit(Tier::L1), CacheStatus::Hit(Tier::L1)];
    for status in statuses {
        // Change after change, the list is read for the whole fleet, and not after each of them.
        let page = page(shop.id, 2).await;
        assert_eq!((ids(&page.value.listings), page.status), (vec![new.id, bowls[2].id], status));
        catalogue.apply(&change_of(&new)).await;
    }
    assert_eq!(page(other.id, 2).await.status, CacheStatus::Hit(Tier::L1), "no other shop's list is dropped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_changes_its_name_in_addresses_is_found_under_the_new_one() {
    let marketplace = Marketplace::open().await;
    let missing = "chez-zoe".parse().expect("a slug");
    let catalogue = marketplace.catalogue().await;
    assert_eq!(catalogue.seller_by_slug(&missing).await.expect("an answer").value, None);
    let shop = marketplace.open_shop("chez-zoe").await;
    marketplace.shown().await;
    eventually("the new shop is found", PATIENCE, async || {
        catalogue.seller_by_slug(&shop.slug).await.expect("an answer").value.is_some()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_replica_pages_keep_coming_and_what_nobody_has_is_unavailable() {
    let marketplace = Marketplace::open().await;
    let shop = marketplace.open_shop("chez-zoe").await;
    let bowls = marketplace.list_bowls(&shop, 4).await;
    marketplace.shown().await;
    let (proxy, url) = ChaosProxy::before(marketplace.replica_url()).await;
    let reader = marketplace.reader_through(&url);
    let catalogue = Catalogue::connect(reader.clone(), &marketplace.settings()).await.expect("a catalogue");
    let page = catalogue.newest(3).await.expect("an answer").value;
    proxy.cut();
    eventually("the replica is away", PATIENCE, async || reader.ping().await.is_err()).await;
    eventually("the list is served stale", PATIENCE, async || {
        let shelf = catalogue.newest(3).await.expect("pages keep coming");
        assert_eq!(shelf.value, page);
        shelf.status == CacheStatus::Stale
    })
    .await;
    catalogue.apply(&FeedEvent::Lost).await;
    assert_eq!(catalogue.newest(3).await.expect("pages keep coming").value, page);
    let cold = catalogue.listing(bowls[0].id).await;
    assert!(matches!(cold, Err(CatalogueError::Unavailable(_))), "{cold:?}");
    proxy.restore();
    eventually("fresh again", PATIENCE, async || {
        catalogue.newest(3).await.expect("an answer").status != CacheStatus::Stale
            && catalogue.listing(bowls[0].id).await.is_ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_sees_only_so_many_loads_at_once_even_without_redis() {
    let marketplace = Marketplace::open().await;
    marketplace.shown().await;
    let (proxy, url) = ChaosProxy::before(marketplace.replica_url()).await;
    let (redis_proxy, redis_url) = ChaosProxy::before(&marketplace.redis.url).await;
    redis_proxy.cut();
    let settings = CacheSettings {
        redis_url: Secret::new(redis_url),
        max_loads: 2,
        max_load_wait_ms: 20,
        load_timeout_ms: 30_000,
        ..marketplace.settings()
    };
    let catalogue = Catalogue::connect(marketplace.reader_through(&url), &settings).await.expect("a catalogue");
    catalogue.category_tree().await.expect("the connection works");
    proxy.stall();
    let crowd: Vec<_> = (1..=6)
        .map(|number| {
            let catalogue = catalogue.clone();
            tokio::spawn(async move { catalogue.listing(ListingId::new(number)).await })
        })
        .collect();
    let mut refused = 0;
    for visitor in crowd {
        let answer = visitor.await.expect("no panic");
        refused += usize::from(matches!(answer, Err(CatalogueError::Busy)));
    }
    assert_eq!(refused, 4);
}
