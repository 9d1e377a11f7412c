//! The waiting room: whoever comes waits for a turn, and whoever is in stays in.

use std::time::{Duration, Instant};

use halles_listing::Settings;
use halles_store::ListingContent;
use halles_testkit::eventually;
use reqwest::StatusCode;
use serde_json::json;

use crate::market::{Answer, Market, PATIENCE, bowl};

/// A room that lets so many in in a second.
fn letting_in(per_second: f64) -> impl FnOnce(&mut Settings) {
    move |settings| settings.http.waiting_room.admit_per_second = per_second
}

/// Opens the room and waits until the door knows.
async fn open_room(market: &Market) {
    market.set_rung(6).await;
    eventually("people are led to the room", PATIENCE, async || market.get("/").await.status == StatusCode::SEE_OTHER)
        .await;
}

/// The cookie of this name that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let start = format!("{name}=");
    let set = answer.headers.get_all("set-cookie").iter().filter_map(|set| set.to_str().ok());
    set.filter(|set| set.starts_with(&start)).find_map(|set| set.split(';').next()).map(str::to_owned)
}

#[tokio::test]
async fn whoever_comes_is_led_to_the_room_waits_and_goes_on_to_where_they_wanted() {
    let market = Market::open_with(letting_in(1.0)).await;
    let address = market.page_of(bowl()).await;
    // Hot in every worker: the way around the door must be closed as well.
    for _ in 0..20 {
        market.page(&address).await;
    }
    open_room(&market).await;
    let led = market.get(&address).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    let room = led.header("location").to_owned();
    assert!(room.starts_with("/waiting-room?to=/l/"), "{room}");
    // Others stand in front.
    for _ in 0..2 {
        market.get("/waiting-room").await;
    }
    assert_eq!(led.header("x-waiting-room"), "led");
    let waits = market.get(&room).await;
    assert_eq!((waits.status, waits.header("x-waiting-room")), (StatusCode::ACCEPTED, "waiting"));
    assert!(waits.body.contains("Vous êtes ") && waits.headers.contains_key("refresh"), "{}", waits.body);
    assert!(waits.body.contains("Bol à soupe en grès"), "it says what they came for: {}", waits.body);
    let ticket = cookie(&waits, "place").expect("a ticket");
    let mut entry = None;
    eventually("it is their turn", PATIENCE, async || {
        let answer = market.get_with(&room, &[("cookie", &ticket)]).await;
        entry = cookie(&answer, "inside");
        answer.header("x-waiting-room") == "entered" && answer.header("location") == address
    })
    .await;
    let entry = entry.expect("an entry");
    let page = market.get_with(&address, &[("cookie", &entry)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(market.get_with("/c/vases", &[("cookie", &entry)]).await.status, StatusCode::OK);
    assert_eq!(market.get("/c/vases").await.status, StatusCode::SEE_OTHER, "others wait on");
}

#[tokio::test]
async fn c2_rule_07_f5_and_a_second_tab_keep_one_place() {
    let market = Market::open_with(letting_in(0.01)).await;
    open_room(&market).await;
    let first = market.get("/waiting-room?to=/").await;
    let ticket = cookie(&first, "place").expect("a ticket");
    market.get("/waiting-room?to=/").await;
    for path in ["/waiting-room?to=/", "/waiting-room?to=/c/bols", "/waiting-room"] {
        let again = market.get_with(path, &[("cookie", &ticket)]).await;
        assert!(again.body.contains("Vous êtes le prochain."), "{path}: {}", again.body);
        assert_eq!(cookie(&again, "place"), None, "no second ticket");
    }
    // Another instance of the fleet knows the same places without ever having seen this shopper.
    let other = market.another_instance().await;
    eventually("the other instance knows that the room is open", PATIENCE, async || {
        let again = other.get_with("/waiting-room?to=/", &[("cookie", &ticket)]).await;
        again.status == StatusCode::ACCEPTED && again.body.contains("Vous êtes le prochain.")
    })
    .await;
    let forged = format!("{}x", &ticket[..ticket.len() - 1]);
    let answer = market.get_with("/waiting-room", &[("cookie", &forged)]).await;
    assert!(cookie(&answer, "place").is_some() && answer.body.contains("à la place 3"), "{}", answer.body);
}

/// Whoever has something in the basket is in the middle of buying; nobody who was let in is sent out again.
#[tokio::test]
async fn c2_rule_14_people_mid_checkout_are_not_moved() {
    let market = Market::open_with(letting_in(1_000.0)).await;
    let address = market.address_of(bowl()).await;
    open_room(&market).await;
    let buying = market.basket_cookie(1);
    assert_eq!(market.get_with(&address, &[("cookie", &buying)]).await.status, StatusCode::OK);
    let ticket = cookie(&market.get("/waiting-room").await, "place").expect("a ticket");
    let mut entry = None;
    eventually("it is their turn", PATIENCE, async || {
        entry = cookie(&market.get_with("/waiting-room", &[("cookie", &ticket)]).await, "inside");
        entry.is_some()
    })
    .await;
    let entry = entry.expect("an entry");
    // The room closes, opens once more and lets nobody in: whoever was in still is.
    market.set_rung(0).await;
    market.set_rung(6).await;
    for _ in 0..20 {
        assert_eq!(market.get_with(&address, &[("cookie", &entry)]).await.status, StatusCode::OK);
    }
}

/// Stock-aware: whoever waits for what is sold out meanwhile is told so, and may keep the place for others.
#[tokio::test]
async fn whoever_waits_for_what_is_sold_out_is_told_so() {
    let market = Market::open_with(letting_in(0.01)).await;
    let _relay = market.start_relay().await;
    let address = market.address_of(bowl()).await;
    open_room(&market).await;
    let room = market.get(&address).await.header("location").to_owned();
    let waits = market.get(&room).await;
    let ticket = cookie(&waits, "place").expect("a ticket");
    assert!(!waits.body.contains("Tout est vendu"), "{}", waits.body);
    let id: i64 = address.split('/').nth(2).and_then(|id| id.parse().ok()).expect("a number");
    let listing = market.listing(id).await;
    let sold_out = ListingContent { on_hand: 0, ..bowl() };
    market.writer.update_listing(listing.id, listing.version, &sold_out).await.expect("a change");
    eventually("they are told", PATIENCE, async || {
        let again = market.get_with(&room, &[("cookie", &ticket)]).await;
        again.body.contains("Tout est vendu") && again.body.contains("Vous êtes le prochain.")
    })
    .await;
}

/// Before the show nobody is first: places are drawn when it begins.
#[tokio::test]
async fn before_the_show_there_are_no_numbers_and_at_the_show_everybody_has_one() {
    let market = Market::open_with(letting_in(0.01)).await;
    let air_at = jiff::Timestamp::now() + Duration::from_secs(6);
    let began = Instant::now();
    let order = json!({ "rung": 6, "seconds": 60, "why": "a show", "by": "a test", "air_at": air_at });
    market.set_rung_with(&order).await;
    eventually("people are led to the room", PATIENCE, async || market.get("/").await.status == StatusCode::SEE_OTHER)
        .await;
    let mut tickets = Vec::new();
    for _ in 0..5 {
        let early = market.get("/waiting-room").await;
        if began.elapsed() < Duration::from_secs(5) {
            assert!(early.body.contains("tirées au sort"), "{}", early.body);
        }
        tickets.push(cookie(&early, "place").expect("a ticket"));
    }
    eventually("the show has begun", PATIENCE, async || {
        !market.get_with("/waiting-room", &[("cookie", &tickets[0])]).await.body.contains("tirées au sort")
    })
    .await;
    let late = market.get("/waiting-room").await;
    assert!(late.body.contains("à la place 6"), "whoever comes later stands behind all of them: {}", late.body);
    for ticket in &tickets {
        let drawn = market.get_with("/waiting-room", &[("cookie", ticket)]).await.body;
        let has_number =
            drawn.contains("le prochain") || (2..=5).any(|place| drawn.contains(&format!("à la place {place}")));
        assert!(has_number, "{drawn}");
    }
}

/// Law 2: without the cache the room goes on by the clock.
#[tokio::test]
async fn turns_go_on_while_the_book_cannot_be_reached() {
    let (wire, url) = halles_testkit::ChaosProxy::before(&halles_testkit::TestRedis::cache().url).await;
    let market = Market::open_with(|settings| {
        settings.http.waiting_room.admit_per_second = 0.5;
        settings.cache.redis_url = url.into();
    })
    .await;
    open_room(&market).await;
    let first = cookie(&market.get("/waiting-room").await, "place").expect("a ticket");
    let second = cookie(&market.get("/waiting-room").await, "place").expect("a ticket");
    wire.cut();
    eventually("both get their turn all the same", PATIENCE, async || {
        let mut are_in = true;
        for ticket in [&first, &second] {
            let answer = market.get_with("/waiting-room", &[("cookie", ticket)]).await;
            are_in &= cookie(&answer, "inside").is_some();
        }
        are_in
    })
    .await;
    assert_eq!(market.get("/waiting-room").await.status, StatusCode::ACCEPTED, "and whoever comes now gets a place");
}

/// Programs are told in their own way.
#[tokio::test]
async fn programs_are_told_to_come_back() {
    let market = Market::open_with(letting_in(1.0)).await;
    open_room(&market).await;
    let answer = market.get("/api/v1/categories").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("x-waiting-room"), "led");
    assert!(answer.body.contains("\"waiting_room\"") && answer.headers.contains_key("retry-after"), "{}", answer.body);
}
