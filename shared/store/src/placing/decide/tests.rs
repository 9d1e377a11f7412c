use std::time::Duration;

use halles_domain::{Address, Contact, Email, Language, OrderId, Quantity, RequestFingerprint};
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const RULES: PlacementRules = PlacementRules::holding(Duration::from_secs(1));

fn offer(available: u32) -> Offer {
    Offer {
        seller_id: SellerId::new(1),
        category_id: CategoryId::new(1),
        version: Version::new(1),
        is_for_sale: true,
        title: Title::new("Bol").expect("a title"),
        price: Money::new(100, Currency::Eur).ok(),
        available,
        unpaid: available,
        taken: 0,
        waiting: 0,
    }
}

fn request(lines: Vec<BasketLine>, may_wait: bool) -> RequestToBuy {
    RequestToBuy {
        order_id: OrderId::new(Uuid::nil()),
        idempotency_key: "a-key-of-a-shopper".parse().expect("a key"),
        fingerprint: RequestFingerprint([0; 32]),
        language: Language::Fr,
        contact: Contact {
            name: "Zoé".into(),
            email: Email::new("zoe@example.org").expect("an address"),
            address: Address { street: "1".into(), postcode: "1".into(), town: "Lyon".into(), country: "FR".into() },
        },
        lines,
        may_wait,
        what_there_is: false,
        personalisations: Vec::new(),
        accepted_at: Timestamp::UNIX_EPOCH,
    }
}

fn line(place: usize, pieces: u32) -> BasketLine {
    let listing_id = ListingId::new(i64::try_from(place + 1).expect("small"));
    BasketLine { listing_id, quantity: Quantity::new(pieces).expect("a quantity") }
}

fn decide(shelf: &mut Shelf, lines: Vec<BasketLine>, may_wait: bool) -> Decision {
    shelf.decide(&request(lines, may_wait), &mut Personal::default(), &RULES)
}

fn shelf(stock: &[u32]) -> Shelf {
    Shelf { listings: (1..).map(ListingId::new).zip(stock.iter().map(|pieces| offer(*pieces))).collect() }
}

#[test]
fn who_comes_later_gets_nothing_that_somebody_waits_for() {
    let mut shelf = shelf(&[5]);
    assert!(matches!(decide(&mut shelf, vec![line(0, 3)], true), Decision::Held { .. }));
    let first = decide(&mut shelf, vec![line(0, 3)], true);
    let Decision::Waiting { place, .. } = first else { panic!("{first:?}") };
    assert_eq!(place, WaitingPlace { place: 1, may_come_free: 3 });
    let refused = decide(&mut shelf, vec![line(0, 1)], false);
    let Decision::Refused(refusals) = refused else { panic!("{refused:?}") };
    assert_eq!(refusals[0].line, LineRefusal::OutOfStock { available: 0 });
    let second = decide(&mut shelf, vec![line(0, 1)], true);
    assert!(matches!(second, Decision::Waiting { place: WaitingPlace { place: 2, .. }, .. }), "{second:?}");
}

#[test]
fn nobody_waits_for_what_cannot_come_free() {
    let mut shelf = shelf(&[5, 5]);
    assert!(matches!(decide(&mut shelf, vec![line(0, 6)], true), Decision::Refused(_)), "more than there ever is");
    assert!(matches!(decide(&mut shelf, vec![line(0, 5)], true), Decision::Held { .. }));
    let several = decide(&mut shelf, vec![line(0, 1), line(1, 1)], true);
    assert!(matches!(several, Decision::Refused(_)), "an order for several listings does not wait");
    let rules = PlacementRules { max_waiting: 1, ..RULES };
    let mut ask = || shelf.decide(&request(vec![line(0, 1)], true), &mut Personal::default(), &rules);
    assert!(matches!(ask(), Decision::Waiting { .. }));
    assert!(matches!(ask(), Decision::Refused(_)), "the queue has a bound");
}

proptest! {
    #[test]
    fn takes_all_of_an_order_or_nothing_and_never_more_than_there_is(
        stock in prop::collection::vec(0_u32..20, 3),
        orders in prop::collection::vec(prop::collection::btree_map(0_usize..3, 1_u32..6, 1..=3), 0..20),
    ) {
        let mut shelf = shelf(&stock);
        let mut left = stock.clone();
        for order in orders {
            let lines: Vec<BasketLine> = order.iter().map(|(place, pieces)| line(*place, *pieces)).collect();
            let fits = order.iter().all(|(place, pieces)| left[*place] >= *pieces);
            let decision = decide(&mut shelf, lines, false);
            prop_assert_eq!(matches!(decision, Decision::Held { .. }), fits);
            if fits {
                order.iter().for_each(|(place, pieces)| left[*place] -= pieces);
            }
        }
        let taken: u32 = shelf.taken().map(|(_, pieces, _)| pieces).sum();
        prop_assert_eq!(taken, stock.iter().sum::<u32>() - left.iter().sum::<u32>());
    }
}

#[test]
fn who_takes_what_there_is_gets_whole_lines_and_reads_what_was_left_out() {
    let mut shelf = shelf(&[5, 1]);
    let modest = |lines| RequestToBuy { what_there_is: true, ..request(lines, false) };
    let mut ask = |lines| shelf.decide(&modest(lines), &mut Personal::default(), &RULES);
    let decision = ask(vec![line(0, 2), line(1, 2)]);
    let Decision::Held { lines, left_out, .. } = decision else { panic!("{decision:?}") };
    assert_eq!((lines.len(), lines[0].quantity.get()), (1, 2));
    assert_eq!(left_out[0].line, LineRefusal::OutOfStock { available: 1 });
    let nothing = ask(vec![line(1, 2)]);
    assert!(matches!(&nothing, Decision::Refused(refusals) if refusals.len() == 1), "{nothing:?}");
    assert_eq!(shelf.taken().map(|(_, pieces, _)| pieces).collect::<Vec<_>>(), [2]);
}
