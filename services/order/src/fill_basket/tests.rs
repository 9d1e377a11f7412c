use halles_domain::{Attributes, CategoryId, Currency, Description, Language, Money, SellerId, Stock, Title, Version};
use jiff::Timestamp;

use super::*;

fn listing(id: i64, currency: Option<Currency>, on_hand: u32) -> Arc<Listing> {
    Arc::new(Listing {
        id: ListingId::new(id),
        version: Version::new(1),
        seller_id: SellerId::new(1),
        category_id: CategoryId::new(1),
        status: ListingStatus::Published,
        language: Language::Fr,
        title: Title::new("Bol").expect("a title"),
        description: Description::default(),
        attributes: Attributes::default(),
        price: currency.map(|currency| Money::new(1_000, currency).expect("a price")),
        place: None,
        photos: vec![],
        stock: Stock::new(on_hand, 0, 0).expect("a stock"),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    })
}

fn some(pieces: u32) -> Quantity {
    Quantity::new(pieces).expect("a quantity")
}

fn filled(pieces: u32) -> Basket {
    Basket::new([BasketLine { listing_id: ListingId::new(1), quantity: some(pieces) }]).expect("a basket")
}

#[test]
fn what_can_be_had_is_put_in() {
    let bowl = listing(1, Some(Currency::Eur), 5);
    let mut basket = Basket::default();
    assert_eq!(put_in(&mut basket, Some(&bowl), some(2), &[]), BasketNotice::Added);
    assert_eq!(put_in(&mut basket, Some(&bowl), some(3), &[Arc::clone(&bowl)]), BasketNotice::Added);
    assert_eq!(basket.pieces(), 5);
}

#[test]
fn what_cannot_be_had_is_not() {
    let closed = Listing { status: ListingStatus::Closed, ..Listing::clone(&listing(1, Some(Currency::Eur), 5)) };
    let cases = [
        (None, BasketNotice::NotForSale),
        (Some(Arc::new(closed)), BasketNotice::NotForSale),
        (Some(listing(1, None, 5)), BasketNotice::NoPrice),
        (Some(listing(1, Some(Currency::Eur), 0)), BasketNotice::SoldOut),
    ];
    for (listing, expected) in cases {
        let mut basket = Basket::default();
        assert_eq!(put_in(&mut basket, listing.as_deref(), some(1), &[]), expected);
        assert!(basket.is_empty());
    }
}

#[test]
fn the_wish_is_lowered_to_the_stock() {
    let bowl = listing(1, Some(Currency::Eur), 3);
    let mut basket = Basket::default();
    assert_eq!(put_in(&mut basket, Some(&bowl), some(999), &[]), BasketNotice::Capped(3));
    assert_eq!(put_in(&mut basket, Some(&bowl), some(1), &[]), BasketNotice::Capped(3));
    assert_eq!(change(&mut basket, bowl.id, Some(&bowl), Some(some(9))), BasketNotice::Capped(3));
    assert_eq!(basket, filled(3));
    assert_eq!(change(&mut basket, bowl.id, Some(&bowl), Some(some(2))), BasketNotice::Changed);
    assert_eq!(basket, filled(2));
}

#[test]
fn currencies_do_not_mix() {
    let mut basket = filled(1);
    let others = [listing(1, Some(Currency::Eur), 5)];
    let foreign = listing(2, Some(Currency::Gbp), 5);
    assert_eq!(put_in(&mut basket, Some(&foreign), some(1), &others), BasketNotice::MixedCurrencies);
    assert_eq!(basket, filled(1));
}

#[test]
fn even_endless_stock_has_an_end_in_one_order() {
    let beads = listing(1, Some(Currency::Eur), 100_000);
    let mut basket = filled(999);
    assert_eq!(put_in(&mut basket, Some(&beads), some(1), &[]), BasketNotice::TooMany);
    assert_eq!(basket, filled(999));
}

#[test]
fn a_full_basket_takes_no_other_thing() {
    let lines = (100..150).map(|id| BasketLine { listing_id: ListingId::new(id), quantity: some(1) });
    let mut basket = Basket::new(lines).expect("a basket");
    let bowl = listing(1, Some(Currency::Eur), 1);
    assert_eq!(put_in(&mut basket, Some(&bowl), some(1), &[]), BasketNotice::Full);
    assert_eq!(put_in(&mut basket, Some(&bowl), some(9), &[]), BasketNotice::Full);
    assert_eq!(basket.lines().len(), 50);
}

#[test]
fn a_line_can_always_be_taken_out() {
    let mut basket = filled(2);
    assert_eq!(change(&mut basket, ListingId::new(1), None, Some(some(1))), BasketNotice::NotForSale);
    assert_eq!(change(&mut basket, ListingId::new(1), None, None), BasketNotice::Removed);
    assert!(basket.is_empty());
}
