//! The bound on what one person may have of a listing.

use halles_domain::{Email, LineRefusal, ListingId, OrderState, RequestToBuy};
use halles_store::{Placement, PlacementRules};

use crate::market::{Market, RULES, placed, request};

const THREE_EACH: PlacementRules = PlacementRules { max_pieces_per_person: Some(3), ..RULES };

fn of(email: &str, key: &str, lines: &[(ListingId, u32)]) -> RequestToBuy {
    let mut wanted = request(key, lines);
    wanted.contact.email = Email::new(email).expect("an address");
    wanted
}

async fn state(market: &Market, wanted: RequestToBuy) -> (OrderState, Option<LineRefusal>) {
    let placements = market.writer.place_batch(&[wanted], &THREE_EACH).await.expect("answered");
    let order = placed(placements[0].clone());
    (order.state, order.refusals.first().map(|refusal| refusal.line))
}

#[tokio::test]
async fn one_person_has_so_many_pieces_of_a_listing_over_all_orders_that_are_not_over() {
    let market = Market::open().await;
    let (bowl, vase) = (market.listing(50).await.id, market.listing(50).await.id);
    let held = (OrderState::AwaitingPayment, None);
    let refused = (OrderState::Refused, Some(LineRefusal::PersonalLimit { most: 3 }));
    let first = of("zoe@example.org", "first", &[(bowl, 2)]);
    assert_eq!(state(&market, first.clone()).await, held);
    assert_eq!(state(&market, of("Zoe@Example.org", "second", &[(bowl, 2)])).await, refused, "the same person");
    assert_eq!(state(&market, of("zoe@example.org", "third", &[(bowl, 1)])).await, held, "three in all");
    assert_eq!(state(&market, of("zoe@example.org", "fourth", &[(vase, 3)])).await, held, "another listing");
    assert_eq!(state(&market, of("ana@example.org", "fifth", &[(bowl, 3)])).await, held, "another person");
    assert_eq!(state(&market, of("ana@example.org", "sixth", &[(vase, 4)])).await, refused, "too many at once");
    market.writer.cancel_order(first.order_id).await.expect("cancelled");
    assert_eq!(
        state(&market, of("zoe@example.org", "seventh", &[(bowl, 2)])).await,
        held,
        "what is over does not count"
    );
}

#[tokio::test]
async fn orders_of_the_same_batch_count_and_so_do_those_that_wait() {
    let market = Market::open().await;
    let bowl = market.listing(2).await.id;
    let mut patient = of("zoe@example.org", "waits", &[(bowl, 2)]);
    patient.may_wait = true;
    let batch = [
        of("ana@example.org", "holds", &[(bowl, 2)]),
        patient,
        of("zoe@example.org", "too-many", &[(bowl, 2)]),
        of("ana@example.org", "holds", &[(bowl, 2)]),
    ];
    let placements = market.writer.place_batch(&batch, &THREE_EACH).await.expect("answered");
    let states: Vec<_> = placements.iter().take(3).map(|placement| placed(placement.clone()).state).collect();
    assert_eq!(states, [OrderState::AwaitingPayment, OrderState::Waitlisted, OrderState::Refused]);
    assert_eq!(placed(placements[2].clone()).refusals[0].line, LineRefusal::PersonalLimit { most: 3 });
    assert!(matches!(placements[3], Placement::Replayed(_)), "a repeat is no second order");
}
