use actix_web::test::TestRequest;
use halles_domain::{Basket, BasketLine, ListingId, Quantity};
use halles_resilience::{Class, DeskAnswer, DeskAway, Hand, LadderTimes, OwnDesk, Speaker, Strain};
use tokio::time::Instant;

use super::*;
use crate::SigningSettings;

fn signer() -> Signer {
    Signer::new(&SigningSettings { secret: "x".repeat(32).into(), ..SigningSettings::default() })
}

fn wall_clock() -> u64 {
    millis(Timestamp::now())
}

/// A room that is open, and lets so many in with each beat.
async fn open(per_second: f64) -> (Room, Ladder) {
    let settings = RoomSettings { admit_per_second: per_second, ..RoomSettings::default() };
    let room = Room::new(Box::new(OwnDesk::new(wall_clock)), signer(), &settings);
    let times = LadderTimes { climb_after: Duration::from_secs(1), ease_after: Duration::from_secs(4) };
    let ladder = Ladder::new(times);
    let until = Instant::now() + Duration::from_secs(600);
    ladder.set(Hand { rung: Rung::WaitingRoom, until, why: "a test".into(), by: "a test".into() });
    room.beat(&ladder, false).await;
    (room, ladder)
}

fn carrying(cookies: &[&Cookie<'static>]) -> HttpRequest {
    let pairs: Vec<String> = cookies.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    TestRequest::default().insert_header((header::COOKIE, pairs.join("; "))).to_http_request()
}

fn waits(standing: RoomStanding) -> (RoomPlace, Option<Cookie<'static>>) {
    match standing {
        RoomStanding::Wait { place, ticket, .. } => (place, ticket),
        RoomStanding::Enter(_) => panic!("nobody was to be let in"),
    }
}

#[actix_web::test]
async fn one_ticket_is_one_place_however_often_it_is_shown() {
    let (room, ladder) = open(1_000.0).await;
    let nobody = carrying(&[]);
    let (place, first) = waits(room.ask(&nobody).await);
    assert_eq!(place, RoomPlace::Waiting { ahead: 1 });
    let first = first.expect("a ticket");
    let (place, second) = waits(room.ask(&nobody).await);
    assert_eq!(place, RoomPlace::Waiting { ahead: 2 });
    for _ in 0..3 {
        assert_eq!(waits(room.ask(&carrying(&[&first])).await), (RoomPlace::Waiting { ahead: 1 }, None));
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    room.beat(&ladder, true).await;
    let RoomStanding::Enter(Some(entry)) = room.ask(&carrying(&[&first])).await else { panic!("their turn") };
    assert!(room.is_inside(carrying(&[&entry]).headers()));
    assert!(!room.is_inside(carrying(&[&first, &second.expect("a ticket")]).headers()), "a ticket is no entry");
}

#[actix_web::test]
async fn nobody_makes_a_ticket_or_an_entry_of_their_own() {
    let (room, _ladder) = open(1.0).await;
    let theirs = Signer::new(&SigningSettings { secret: "y".repeat(32).into(), ..SigningSettings::default() });
    let now = Timestamp::now();
    let entry = tickets::enter(&theirs, Duration::from_secs(60), false, now);
    assert!(!room.is_inside(carrying(&[&entry]).headers()));
    let epoch = room.book().epoch;
    let (_, ticket) = tickets::write(&theirs, Given::Number { epoch, number: 0 }, false, now);
    assert!(waits(room.ask(&carrying(&[&ticket])).await).1.is_some(), "they get a number like everybody");
    let old = tickets::enter(&signer(), Duration::from_secs(60), false, now - Duration::from_secs(24 * 3_600));
    assert!(!room.is_inside(carrying(&[&old]).headers()), "an evening is over one day");
}

#[actix_web::test]
async fn whoever_has_something_in_the_basket_is_in() {
    let (room, _ladder) = open(1.0).await;
    let line = BasketLine { listing_id: ListingId::new(7), quantity: Quantity::new(1).expect("one") };
    let basket = Basket::new(vec![line]).expect("a basket");
    let cookie = basket_cookie::write(&signer(), &basket, false, Timestamp::now());
    assert!(room.is_inside(carrying(&[&cookie]).headers()));
    assert!(matches!(room.ask(&carrying(&[&cookie])).await, RoomStanding::Enter(None)));
}

#[actix_web::test]
async fn a_pool_ticket_says_nothing_about_its_number_and_keeps_it() {
    let (room, ladder) = open(1_000.0).await;
    room.set_air_at(Some(Timestamp::now() + Duration::from_secs(3_600)));
    room.beat(&ladder, true).await;
    let (place, ticket) = waits(room.ask(&carrying(&[])).await);
    assert!(matches!(place, RoomPlace::BeforeShow { waiting: 1, .. }), "{place:?}");
    let ticket = ticket.expect("a ticket");
    let read = |signer: &Signer| tickets::read(signer, ticket.value(), Timestamp::now());
    let Some(Ticket::Pool { draw, .. }) = read(&signer()) else { panic!("a pool ticket") };
    assert!(!ticket.value().contains(&draw.to_string()) && !ticket.value().contains(&format!("{draw:x}")));
    assert_eq!(read(&signer()), read(&signer()), "every instance draws the same");
}

/// One of several instances at one desk; `None` when it cannot be reached.
struct Shared {
    desk: Option<Arc<OwnDesk>>,
    speaker: Speaker,
}

impl RoomDesk for Shared {
    fn advance(&self, beat: RoomBeat) -> DeskAnswer<'_, RoomBook> {
        let book = self.desk.as_ref().map(|desk| desk.advance_as(&self.speaker, beat));
        Box::pin(async move { book.ok_or_else(|| DeskAway("cut".to_owned())) })
    }

    fn look(&self) -> DeskAnswer<'_, RoomBook> {
        self.advance(RoomBeat { at_ease: true, ..RoomBeat::default() })
    }

    fn give(&self) -> DeskAnswer<'_, Given> {
        Box::pin(async move { self.desk.as_ref().ok_or_else(|| DeskAway("cut".to_owned()))?.give().await })
    }
}

fn instance(desk: Option<&Arc<OwnDesk>>, name: &str) -> Room {
    let speaker = Speaker { service: "listing".to_owned(), instance: name.to_owned() };
    let desk = Shared { desk: desk.map(Arc::clone), speaker };
    Room::new(Box::new(desk), signer(), &RoomSettings::default())
}

/// A ladder that has been refusing people for so long that it stands on the last rung by itself.
async fn overloaded() -> Ladder {
    let times = LadderTimes { climb_after: Duration::from_secs(1), ease_after: Duration::from_secs(4) };
    let ladder = Ladder::with_room(times, Some(Duration::from_secs(15)));
    for _ in 0..100 {
        tokio::time::advance(Duration::from_millis(250)).await;
        ladder.feel(Strain::Refusing(Class::Listing));
    }
    assert_eq!(ladder.rung(), Rung::WaitingRoom);
    ladder
}

#[tokio::test(start_paused = true)]
async fn one_overloaded_instance_leads_nobody_to_the_room_and_an_overloaded_fleet_leads_everybody() {
    let desk = Arc::new(OwnDesk::new(wall_clock));
    let (ill, well) = (instance(Some(&desk), "1"), instance(Some(&desk), "2"));
    let (overloaded, at_ease) = (
        overloaded().await,
        Ladder::new(LadderTimes { climb_after: Duration::from_secs(1), ease_after: Duration::from_secs(4) }),
    );
    for _ in 0..3 {
        well.beat(&at_ease, true).await;
        ill.beat(&overloaded, false).await;
        assert!(!ill.is_open() && !well.is_open(), "the other one can do its work");
    }
    well.beat(&overloaded, false).await;
    ill.beat(&overloaded, false).await;
    assert!(ill.is_open() && well.is_open());
}

#[tokio::test(start_paused = true)]
async fn whoever_cannot_ask_the_fleet_opens_no_room_but_by_hand() {
    let alone = instance(None, "1");
    let ladder = overloaded().await;
    alone.beat(&ladder, false).await;
    assert!(!alone.is_open(), "it cannot know how the others are");
    let until = Instant::now() + Duration::from_secs(600);
    ladder.set(Hand { rung: Rung::WaitingRoom, until, why: "a test".into(), by: "a test".into() });
    alone.beat(&ladder, false).await;
    assert!(alone.is_open());
    ladder.let_go();
    alone.beat(&ladder, false).await;
    assert!(alone.is_open(), "an open one stays open for as long as it is needed");
}
