//! Placing: never oversold, each key once, first come first served, and nobody waits in a circle.

use std::sync::Arc;

use halles_domain::{Currency, LineRefusal, ListingId, ListingStatus, Money, OrderState, Refusal};
use halles_store::{ListingContent, Placement};
use halles_testkit::eventually;
use tokio::task::JoinSet;

use crate::market::{Market, RULES, content, eur, placed, request};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_shoppers_for_fifty_pieces() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(50).await.id;
    let mut shoppers = JoinSet::new();
    for shopper in 0..200 {
        let market = Arc::clone(&market);
        shoppers.spawn(async move {
            placed(market.place(&request(&format!("shopper-{shopper}"), &[(bowl, 1)])).await.expect("answered"))
        });
    }
    let orders = shoppers.join_all().await;
    let held = orders.iter().filter(|order| order.state == OrderState::AwaitingPayment).count();
    let sold_out = Refusal { listing_id: bowl, line: LineRefusal::OutOfStock { available: 0 } };
    let refused = orders.iter().filter(|order| order.state == OrderState::Refused && order.refusals == [sold_out]);
    assert_eq!((held, refused.count()), (50, 150));
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), stock.available()), (50, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_sent_twenty_times_at_once_is_one_order() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(50).await.id;
    let mut sends = JoinSet::new();
    for _ in 0..20 {
        let market = Arc::clone(&market);
        sends.spawn(async move { market.place(&request("impatient", &[(bowl, 2)])).await.expect("answered") });
    }
    let mut orders = Vec::new();
    let mut placed_now = 0;
    for placement in sends.join_all().await {
        match placement {
            Placement::Placed(order) => {
                placed_now += 1;
                orders.push(order);
            }
            Placement::Replayed(order) => orders.push(order),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((placed_now, orders.len()), (1, 20));
    assert!(orders.iter().all(|order| *order == orders[0]), "a replay says what the first answer said");
    assert_eq!(market.stock(bowl).await.held(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_raced_for_by_different_requests_is_one_order_and_the_others_are_told() {
    let market = Arc::new(Market::open().await);
    let bowls = [market.listing(50).await.id, market.listing(50).await.id, market.listing(50).await.id];
    let mut sends = JoinSet::new();
    for turn in 0..18 {
        let market = Arc::clone(&market);
        // Different listings, so no stock lock makes them take turns: only the key itself does.
        let wanted = request("reused", &[(bowls[turn % 3], 1)]);
        sends.spawn(async move { market.place(&wanted).await.expect("answered") });
    }
    let placements = sends.join_all().await;
    let count = |wanted: fn(&Placement) -> bool| placements.iter().filter(|placement| wanted(placement)).count();
    assert_eq!(count(|placement| matches!(placement, Placement::Placed(_))), 1);
    assert_eq!(count(|placement| matches!(placement, Placement::Replayed(_))), 5);
    assert_eq!(count(|placement| matches!(placement, Placement::KeyReused)), 12);
    let mut held = 0;
    for bowl in bowls {
        held += market.stock(bowl).await.held();
    }
    assert_eq!(held, 1, "what lost the race holds nothing");
}

#[tokio::test]
async fn within_a_batch_first_come_is_first_served() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let batch = [
        request("first", &[(bowl, 3)]),
        request("too-many", &[(bowl, 3)]),
        request("fits", &[(bowl, 2)]),
        request("first", &[(bowl, 3)]),
        request("first", &[(bowl, 1)]),
        request("late", &[(bowl, 1)]),
    ];
    let placements = market.writer.place_batch(&batch, &RULES).await.expect("placed");
    let [first, too_many, fits, again, reused, late] = &placements[..] else { panic!("six answers: {placements:?}") };
    let state = |placement: &Placement| placed(placement.clone()).state;
    assert_eq!(state(first), OrderState::AwaitingPayment);
    assert_eq!(placed(too_many.clone()).refusals[0].line, LineRefusal::OutOfStock { available: 2 });
    assert_eq!(state(fits), OrderState::AwaitingPayment);
    assert_eq!(*again, Placement::Replayed(placed(first.clone())));
    assert_eq!(*reused, Placement::KeyReused);
    assert_eq!(placed(late.clone()).refusals[0].line, LineRefusal::OutOfStock { available: 0 });
    assert_eq!(market.stock(bowl).await.held(), 5);

    let replays = market.writer.place_batch(&batch[..3], &RULES).await.expect("replayed");
    let orders = placements[..3].iter().map(|placement| Placement::Replayed(placed(placement.clone())));
    assert_eq!(replays, orders.collect::<Vec<_>>(), "what is stored is what was said");
}

#[tokio::test]
async fn an_order_is_all_or_nothing_and_names_every_line_in_its_way() {
    let market = Market::open().await;
    let plenty = market.listing(10).await.id;
    let scarce = market.listing(1).await.id;
    let unpriced = market.insert(content(None, 10)).await.id;
    let paused = ListingContent { status: ListingStatus::Paused, ..content(Some(eur(1)), 10) };
    let paused = market.insert(paused).await.id;
    let pounds = Money::new(500, Currency::Gbp).expect("a price");
    let foreign = market.insert(content(Some(pounds), 10)).await.id;
    let dear = market.insert(content(Some(eur(Money::MAX_CENTS)), 10)).await.id;
    let nowhere = ListingId::new(999_999);
    let refusals = async |key: &str, lines: &[(ListingId, u32)]| {
        let order = placed(market.place(&request(key, lines)).await.expect("answered"));
        assert_eq!((order.state, order.lines.len(), order.total), (OrderState::Refused, 0, None));
        order.refusals.iter().map(|refusal| (refusal.listing_id, refusal.line)).collect::<Vec<_>>()
    };
    assert_eq!(
        refusals("bad-lines", &[(plenty, 2), (scarce, 2), (unpriced, 1), (paused, 1), (nowhere, 1)]).await,
        [
            (scarce, LineRefusal::OutOfStock { available: 1 }),
            (unpriced, LineRefusal::NoPrice),
            (paused, LineRefusal::NotForSale),
            (nowhere, LineRefusal::NotForSale),
        ]
    );
    assert_eq!(refusals("two-purses", &[(plenty, 1), (foreign, 1)]).await, [(foreign, LineRefusal::MixedCurrencies)]);
    assert_eq!(refusals("too-dear", &[(plenty, 1), (dear, 1)]).await, [(dear, LineRefusal::TotalTooLarge)]);
    assert_eq!(refusals("far-too-dear", &[(dear, 2)]).await, [(dear, LineRefusal::TotalTooLarge)]);
    assert_eq!(market.stock(plenty).await.held(), 0, "nothing was taken");
}

#[tokio::test]
async fn prices_are_those_of_the_moment_and_stay() {
    let market = Market::open().await;
    let bowl = market.listing(5).await;
    let order = placed(market.place(&request("snapshot", &[(bowl.id, 2)])).await.expect("placed"));
    assert_eq!((order.lines[0].unit_price, order.total), (eur(1_000), Some(eur(2_000))));
    let held = market.writer.find_order(order.id).await.expect("reads").expect("is there");
    assert_eq!(held, order);
    market.database.wait_for_replica().await;
    let now = market.reader.find_listing(bowl.id).await.expect("reads").expect("is there");
    assert!(now.version > bowl.version, "a held piece is a change that shoppers see");
    let dearer = content(Some(eur(9_900)), 5);
    market.writer.update_listing(bowl.id, now.version, &dearer).await.expect("changed");
    let order = market.writer.find_order(order.id).await.expect("reads").expect("is there");
    assert_eq!(order.total, Some(eur(2_000)));
}

#[tokio::test]
async fn a_request_that_no_order_can_be_made_of_disturbs_nobody() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let mut poisoned = request("nul", &[(bowl, 1)]);
    poisoned.contact.name = "Zo\0é".into();
    let mut empty = request("empty", &[(bowl, 1)]);
    empty.lines.clear();
    let twice = request("twice", &[(bowl, 1), (bowl, 1)]);
    let good = request("good", &[(bowl, 1)]);
    let mut stolen = request("stolen", &[(bowl, 1)]);
    stolen.order_id = good.order_id;
    let placements =
        market.writer.place_batch(&[poisoned, empty, good, twice, stolen.clone()], &RULES).await.expect("answered");
    let possible: Vec<bool> =
        placements.iter().map(|placement| !matches!(placement, Placement::Impossible(_))).collect();
    assert_eq!(possible, [false, false, true, false, false]);
    let later = market.place(&stolen).await.expect("answered");
    assert!(matches!(later, Placement::Impossible(_)), "an order's name belongs to one key for ever: {later:?}");
    assert_eq!(market.stock(bowl).await.held(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_want_the_same_listings_in_any_order_never_wait_in_a_circle() {
    let market = Arc::new(Market::open().await);
    let mut bowls = Vec::new();
    for _ in 0..8 {
        bowls.push(market.listing(1_000).await.id);
    }
    let mut workers = JoinSet::new();
    for worker in 0..16 {
        let market = Arc::clone(&market);
        let mut bowls = bowls.clone();
        workers.spawn(async move {
            bowls.rotate_left(worker % 8);
            if worker % 2 == 1 {
                bowls.reverse();
            }
            for turn in 0..4 {
                let batch: Vec<_> = (0..5)
                    .map(|place| {
                        let lines: Vec<_> = bowls.iter().skip(place % 3).map(|bowl| (*bowl, 1)).collect();
                        request(&format!("{worker}-{turn}-{place}"), &lines)
                    })
                    .collect();
                for placement in market.writer.place_batch(&batch, &RULES).await.expect("no deadlock") {
                    assert_eq!(placed(placement).state, OrderState::AwaitingPayment);
                }
            }
        });
    }
    workers.join_all().await;
    let mut held = 0;
    for bowl in bowls {
        held += market.stock(bowl).await.held();
    }
    let lines_of_a_batch = 8 + 7 + 6 + 8 + 7;
    assert_eq!(held, 16 * 4 * lines_of_a_batch);
}

#[tokio::test]
async fn placing_leaves_a_trail_and_tells_the_world() {
    let market = Market::open().await;
    let bowl = market.listing(5).await;
    let before = market.reader.fetch_change_head().await.expect("reads");
    let order = placed(market.place(&request("trail", &[(bowl.id, 1)])).await.expect("placed"));
    let owner = market.owner().await;
    let row = owner
        .query_one("SELECT from_state, to_state, cause FROM order_transition WHERE order_id = $1", &[&order.id.get()])
        .await
        .expect("one transition");
    let (from, to, cause): (Option<String>, String, String) = (row.get(0), row.get(1), row.get(2));
    assert_eq!((from, to.as_str(), cause.as_str()), (None, "awaiting_payment", "placed"));
    eventually("the changes are on the replica", std::time::Duration::from_secs(30), async || {
        let changes = market.reader.list_changes_after(before, 100).await.expect("reads");
        let tells = |wanted: &dyn Fn(&halles_domain::ChangeSubject) -> bool| {
            changes.iter().any(|change| wanted(&change.subject))
        };
        tells(&|subject| {
            matches!(subject, halles_domain::ChangeSubject::Listing { id, version, .. }
                if *id == bowl.id && version.get() == bowl.version.get() + 1)
        }) && tells(&|subject| *subject == halles_domain::ChangeSubject::Order { id: order.id })
    })
    .await;
}
