use std::time::Duration;

use super::*;

fn noon() -> Timestamp {
    "2026-06-04T12:00:00Z".parse().expect("a time")
}

fn payment() -> OpenPayment {
    OpenPayment {
        id: Uuid::from_u128(7),
        amount_cents: 2_000,
        currency: "EUR".into(),
        description: "Commande 0190-C7A2".into(),
        language: "fr".into(),
        return_url: "http://shop.example/orders/x".into(),
        notice_url: "http://shop.example/notices".into(),
        expires_at: noon() + Duration::from_secs(60),
    }
}

fn all_of_it() -> GiveBack {
    GiveBack { amount_cents: 2_000, currency: "EUR".into() }
}

#[test]
fn opening_twice_is_opening_once_and_another_amount_is_another_payment() {
    let ledger = Ledger::open(None).expect("books");
    assert_eq!(ledger.open_payment(payment(), noon()).expect("opened").state, HostedState::Open);
    let elsewhere = OpenPayment { return_url: "http://shop.example/pay/y".into(), ..payment() };
    assert_eq!(ledger.open_payment(elsewhere.clone(), noon()).expect("found").opened, elsewhere);
    let dearer = OpenPayment { amount_cents: 2_001, ..payment() };
    assert!(matches!(ledger.open_payment(dearer, noon()), Err(LedgerError::OtherAmount)));
}

#[test]
fn a_payment_is_captured_once_and_given_back_once() {
    let ledger = Ledger::open(None).expect("books");
    let id = ledger.open_payment(payment(), noon()).expect("opened").opened.id;
    assert!(matches!(ledger.give_back(id, &all_of_it(), noon()), Err(LedgerError::NotToGiveBack)));
    ledger.proceed(id, HostedState::Captured, None, noon()).expect("captured");
    assert!(matches!(ledger.proceed(id, HostedState::Declined, None, noon()), Err(LedgerError::Over)));
    for _ in 0..2 {
        assert_eq!(ledger.give_back(id, &all_of_it(), noon()).expect("given back").refunded_cents, 2_000);
    }
    let half = GiveBack { amount_cents: 1_000, ..all_of_it() };
    assert!(matches!(ledger.give_back(id, &half, noon()), Err(LedgerError::NotToGiveBack)));
}

#[test]
fn nobody_pays_after_the_time() {
    let ledger = Ledger::open(None).expect("books");
    let id = ledger.open_payment(payment(), noon()).expect("opened").opened.id;
    let late = noon() + Duration::from_secs(60);
    assert_eq!(ledger.find(id, late).expect("known").state, HostedState::Expired);
    assert!(matches!(ledger.proceed(id, HostedState::Captured, None, late), Err(LedgerError::Over)));
}

#[test]
fn a_restart_forgets_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("journal");
    let before = Ledger::open(Some(&path)).expect("books");
    let id = before.open_payment(payment(), noon()).expect("opened").opened.id;
    let plan = NoticePlan { times: 2, delay_ms: 0 };
    before.proceed(id, HostedState::Captured, Some(plan), noon()).expect("captured");
    drop(before);
    let after = Ledger::open(Some(&path)).expect("books");
    assert_eq!(after.unfinished(), [(id, HostedState::Captured, Some(plan))]);
    after.told(id).expect("noted");
    after.give_back(id, &all_of_it(), noon()).expect("given back");
    drop(after);
    let later = Ledger::open(Some(&path)).expect("books");
    assert!(later.unfinished().is_empty());
    assert_eq!(later.find(id, noon()).expect("known").refunded_cents, 2_000);
}
