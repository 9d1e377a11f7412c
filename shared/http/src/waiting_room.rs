//! The waiting room as the network sees it: tickets that browsers carry, and the door that looks at them.
//!
//! While the room is open, whoever is not in is led to `/waiting-room` by the door, for next to nothing: one cookie is
//! looked at and no memory of anybody is kept. In is whoever was let in, for a whole evening, and whoever has something in
//! the basket: people in the middle of buying are not moved. What belongs to orders and payments is never behind the room.
//!
//! Every second each instance tells the fleet's book whether the room should be open and whether there is room, and reads
//! how far it has come. While nobody can be asked, an instance goes on by the clock from what it knew last: turns go on,
//! and newcomers get numbers that may be given twice.
//!
//! A ticket before the show carries a name, and what is drawn for it follows from the name under our secret: it is the
//! same on every instance, and nobody can know it, or try for a better one, before the show.

mod settings;
mod tickets;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::http::header::{self, HeaderMap};
use halles_resilience::{Given, Ladder, RoomBeat, RoomBook, RoomDesk, RoomPlace, Rung, Ticket};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::arrival::is_secure;
use crate::{Signer, basket_cookie, cookies};

pub use settings::RoomSettings;

/// Where those who wait are led.
pub const ROOM_PATH: &str = "/waiting-room";

/// How often the book is read: nobody notices a turn that comes a second late.
pub(crate) const ROOM_BEAT: Duration = Duration::from_secs(1);

/// The shortest time from which a rate can be told.
const SHORTEST_MEASURE: Duration = Duration::from_secs(10);

/// The longest time that counts for it.
const LONGEST_MEASURE: Duration = Duration::from_secs(60);

/// The waiting room of an instance. Clones share it.
#[derive(Clone)]
pub struct Room {
    shared: Arc<Shared>,
}

struct Shared {
    desk: Box<dyn RoomDesk>,
    signer: Signer,
    settings: RoomSettings,
    /// For the door, which looks at it with every request.
    is_open: AtomicBool,
    /// What somebody has said about the beginning of the show; 0 when nobody has.
    air_at_ms: AtomicU64,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    book: RoomBook,
    /// How many were in at some moments of the last minute, oldest first.
    measured: Vec<(Instant, u64)>,
}

/// How it stands with somebody who asks at the room.
#[derive(Debug)]
pub enum RoomStanding {
    /// They may go on, with this cookie if there is one.
    Enter(Option<Cookie<'static>>),
    /// They wait.
    Wait {
        /// Where they stand.
        place: RoomPlace,
        /// How long it will take, as far as that is known.
        expected: Option<Duration>,
        /// Their ticket, if it is a new one.
        ticket: Option<Cookie<'static>>,
    },
}

impl Room {
    /// A room whose book lies at this desk.
    pub fn new(desk: Box<dyn RoomDesk>, signer: Signer, settings: &RoomSettings) -> Self {
        let shared = Shared {
            desk,
            signer,
            settings: settings.clone(),
            is_open: AtomicBool::new(false),
            air_at_ms: AtomicU64::new(0),
            known: Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Whether whoever comes has to wait, as far as this instance knows.
    pub fn is_open(&self) -> bool {
        self.shared.is_open.load(Ordering::Acquire)
    }

    /// Somebody has said when the show begins.
    pub(crate) fn set_air_at(&self, air_at: Timestamp) {
        self.shared.air_at_ms.store(millis(air_at), Ordering::Release);
    }

    /// Tells the book how things are, and reads it.
    pub(crate) async fn beat(&self, ladder: &Ladder, at_ease: bool) {
        let air_at_ms = self.shared.air_at_ms.load(Ordering::Acquire);
        let beat = RoomBeat {
            wants_open: ladder.rung() == Rung::WaitingRoom,
            at_ease,
            per_second: self.shared.settings.admit_per_second,
            air_at_ms: (air_at_ms > 0).then_some(air_at_ms),
        };
        let asked = tokio::time::timeout(ROOM_BEAT, self.shared.desk.advance(beat)).await;
        let now = Timestamp::now();
        let mut known = self.shared.known();
        match asked {
            Ok(Ok(book)) => known.book = book,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the waiting room goes on by the clock");
                known.book.advance(millis(now), beat);
            }
            Err(_) => known.book.advance(millis(now), beat),
        }
        known.measure();
        let is_open = known.book.is_open(millis(now));
        if self.shared.is_open.swap(is_open, Ordering::AcqRel) != is_open {
            tracing::warn!(is_open, came = known.book.came(), "the waiting room opened or closed");
        }
    }

    /// Whether this request comes from somebody who is in.
    pub(crate) fn is_inside(&self, headers: &HeaderMap) -> bool {
        let (cookies, now) = (headers.get(header::COOKIE), Timestamp::now());
        let entry = cookies::find(cookies, tickets::INSIDE)
            .is_some_and(|entry| tickets::is_entry(&self.shared.signer, entry, self.shared.settings.inside_for(), now));
        let basket = || cookies::find(cookies, basket_cookie::NAME);
        entry || basket().is_some_and(|basket| !basket_cookie::read(&self.shared.signer, basket, now).is_empty())
    }

    /// Looks at somebody's ticket, or gives them one.
    pub async fn ask(&self, request: &HttpRequest) -> RoomStanding {
        if self.is_inside(request.headers()) {
            return RoomStanding::Enter(None);
        }
        let (now, is_secure) = (Timestamp::now(), is_secure(request.headers()));
        let (signer, cookies) = (&self.shared.signer, request.headers().get(header::COOKIE));
        let enter = || tickets::enter(signer, self.shared.settings.inside_for(), is_secure, now);
        // Whoever is here was led here by somebody for whom the room is open: another instance may know more than we do.
        if !self.is_open() && !self.has_opened_meanwhile().await {
            return RoomStanding::Enter(Some(enter()));
        }
        let carried = cookies::find(cookies, tickets::PLACE).and_then(|text| tickets::read(signer, text, now));
        let standing = carried.map(|ticket| self.place_of(ticket, now));
        let (place, expected, ticket) = match standing {
            Some((place, expected)) if place != RoomPlace::Unknown => (place, expected, None),
            _ => {
                let (ticket, cookie) = tickets::write(signer, self.give(now).await, is_secure, now);
                let (place, expected) = self.place_of(ticket, now);
                (place, expected, Some(cookie))
            }
        };
        if place == RoomPlace::YourTurn {
            return RoomStanding::Enter(Some(enter()));
        }
        RoomStanding::Wait { place, expected, ticket }
    }

    /// Reads the book before its time.
    async fn has_opened_meanwhile(&self) -> bool {
        let asked = tokio::time::timeout(ROOM_BEAT, self.shared.desk.advance(RoomBeat::default())).await;
        let mut known = self.shared.known();
        if let Ok(Ok(book)) = asked {
            known.book = book;
        }
        let is_open = known.book.is_open(millis(Timestamp::now()));
        self.shared.is_open.store(is_open, Ordering::Release);
        is_open
    }

    /// A number for whoever has none, from the fleet's book; from what we know of it while nobody can be asked.
    async fn give(&self, now: Timestamp) -> Given {
        let given = tokio::time::timeout(ROOM_BEAT, self.shared.desk.give()).await;
        let mut known = self.shared.known();
        match given {
            Ok(Ok(given)) => {
                known.book.has_given(given);
                given
            }
            Ok(Err(_)) | Err(_) => known.book.give(millis(now)),
        }
    }

    fn place_of(&self, ticket: Ticket, now: Timestamp) -> (RoomPlace, Option<Duration>) {
        let known = self.shared.known();
        let place = known.book.place_of(ticket, millis(now));
        let expected = match place {
            RoomPlace::Waiting { ahead } => known.expected(ahead, self.shared.settings.admit_per_second),
            RoomPlace::BeforeShow { begins_in, .. } => Some(begins_in),
            RoomPlace::YourTurn | RoomPlace::Unknown => None,
        };
        (place, expected)
    }

    /// What the book says, for people to look at.
    pub(crate) fn book(&self) -> RoomBook {
        self.shared.known().book
    }
}

impl Shared {
    /// What is known is whole after each change, so a panic in between leaves the last whole one.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn measure(&mut self) {
        let (now, serving) = (Instant::now(), self.book.serving());
        // Another book has other numbers.
        self.measured.retain(|(at, before)| now - *at <= LONGEST_MEASURE && *before <= serving);
        self.measured.push((now, serving));
    }

    /// How long so many turns take: at the rate of the last minute, and before that is known, at the one that is set. None
    /// while nobody comes in at all.
    fn expected(&self, ahead: u64, set_per_second: f64) -> Option<Duration> {
        let per_second = match (self.measured.first(), self.measured.last()) {
            (Some((since, before)), Some((now, serving))) if *now - *since >= SHORTEST_MEASURE => {
                (serving - before) as f64 / (*now - *since).as_secs_f64()
            }
            _ => set_per_second,
        };
        Duration::try_from_secs_f64(ahead as f64 / per_second).ok()
    }
}

fn millis(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond()).unwrap_or_default()
}

/// The path of the room for whoever wanted to go to `path`.
pub(crate) fn room_for(path: &str) -> String {
    let mut address = format!("{ROOM_PATH}?to=");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use halles_domain::{Basket, BasketLine, ListingId, Quantity};
    use halles_resilience::{Hand, LadderTimes, OwnDesk};

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
        room.set_air_at(Timestamp::now() + Duration::from_secs(3_600));
        room.beat(&ladder, true).await;
        let (place, ticket) = waits(room.ask(&carrying(&[])).await);
        assert!(matches!(place, RoomPlace::BeforeShow { waiting: 1, .. }), "{place:?}");
        let ticket = ticket.expect("a ticket");
        let read = |signer: &Signer| tickets::read(signer, ticket.value(), Timestamp::now());
        let Some(Ticket::Pool { draw, .. }) = read(&signer()) else { panic!("a pool ticket") };
        assert!(!ticket.value().contains(&draw.to_string()) && !ticket.value().contains(&format!("{draw:x}")));
        assert_eq!(read(&signer()), read(&signer()), "every instance draws the same");
    }

    #[test]
    fn the_way_on_is_kept_and_cannot_break_out() {
        assert_eq!(room_for("/search?q=a%20b&page=2"), "/waiting-room?to=/search%3Fq%3Da%2520b%26page%3D2");
        assert_eq!(room_for("/l/1\r\nx: y"), "/waiting-room?to=/l/1%0D%0Ax%3A%20y");
    }
}
