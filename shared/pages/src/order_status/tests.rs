use halles_domain::LineRefusal;

use super::*;

const VISIT: Visit<'_> = Visit { language: Language::En, basket_pieces: 0, path_and_query: "/orders/x" };

fn id() -> OrderId {
    "0190c7a2-1b2c-8d3e-8f40-112233445566".parse().expect("a UUID")
}

fn order(state: OrderState) -> PlacedOrder {
    let at: Timestamp = "2025-07-01T12:34:00Z".parse().expect("a time");
    PlacedOrder {
        id: id(),
        state,
        language: Language::En,
        lines: vec![],
        total: None,
        held_until: Some("2025-07-01T13:04:00Z".parse().expect("a time")),
        waiting: None,
        refusals: vec![],
        accepted_at: at,
        placed_at: at,
    }
}

fn page(order: Option<&PlacedOrder>) -> String {
    let now = "2025-07-01T12:34:30Z".parse().expect("a time");
    page_with(order, now, Live::default())
}

fn page_with(order: Option<&PlacedOrder>, now: Timestamp, live: Live) -> String {
    let paying = Paying::default();
    OrderStatusPage { id: id(), order, listings: &[], now, cancel_failed: false, live, paying }.render(&VISIT)
}

#[test]
fn a_pending_order_claims_nothing_and_looks_again() {
    let html = page(None);
    assert!(html.contains("We are checking the stock") && html.contains("http-equiv=\"refresh\" content=\"2\""));
    assert!(!html.contains("Held for you"));
}

#[test]
fn a_pending_order_tells_its_place_and_time_and_looks_again_the_later_the_longer_it_takes() {
    let now = "2025-07-01T12:34:30Z".parse().expect("a time");
    let live = |seconds| Live {
        path: "/orders/x/live".into(),
        query: "?noted=5-0".into(),
        step: 0,
        queue: Some((412, Some(Duration::from_secs(seconds)))),
    };
    let html = page_with(None, now, live(30));
    assert!(html.contains("You are number 412 in line") && html.contains("about 30 seconds"), "{html}");
    assert!(html.contains("<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>"), "{html}");
    assert!(html.contains("data-live=\"/orders/x/live\" data-query=\"?noted=5-0\" data-step=\"0\""), "{html}");
    assert!(page_with(None, now, live(600)).contains("content=\"20\""));
}

#[test]
fn what_cannot_change_by_itself_asks_for_nothing() {
    for state in OrderState::ALL {
        let html = page(Some(&order(state)));
        let may_change = [OrderState::AwaitingPayment, OrderState::Waitlisted].contains(&state);
        assert_eq!(html.contains("data-live"), may_change, "{state}");
        assert_eq!(html.contains("order-status-"), may_change, "{state}");
    }
}

#[test]
fn a_held_order_says_until_when_and_can_be_cancelled() {
    let html = page(Some(&order(OrderState::AwaitingPayment)));
    assert!(html.contains("datetime=\"2025-07-01T13:04:00Z\"") && html.contains("29 minutes left"));
    assert!(html.contains("/cancel") && !html.contains("http-equiv"));
}

#[test]
fn a_refused_order_says_why_and_how_many_are_left() {
    let mut refused = order(OrderState::Refused);
    let line = LineRefusal::OutOfStock { available: 2 };
    refused.refusals.push(Refusal { listing_id: ListingId::new(7), line });
    let html = page(Some(&refused));
    assert!(html.contains("Only 2 are left.") && !html.contains("/cancel"));
}

#[test]
fn every_state_has_a_page() {
    for state in OrderState::ALL {
        assert!(page(Some(&order(state))).contains("<h1>"), "{state}");
    }
}
