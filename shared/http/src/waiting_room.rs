//! The waiting room as the network sees it: tickets that browsers carry, and the door that looks at them.
//!
//! While the room is open, whoever is not in is led to `/waiting-room` by the door, for next to nothing: one cookie is
//! looked at and no memory of anybody is kept. In is whoever was let in, for a whole evening, and whoever has something in
//! the basket: people in the middle of buying are not moved. What belongs to orders and payments is never behind the room.
//! Every answer on the way through it says so in [`ROOM_HEADER`], so that whoever watches from outside can tell waiting
//! from failing.
//!
//! Every second each instance tells the fleet's book whether it thinks that the room should be open and whether it has room
//! itself, and reads what the fleet has come to. While nobody can be asked, an instance goes on by the clock from what
//! it knew last: an open room stays open and turns go on, newcomers get numbers that may be given twice; but no room is
//! opened on the word of one instance, unless somebody has set the rung by hand.
//!
//! A ticket before the show carries a name, and what is drawn for it follows from the name under our secret: it is the
//! same on every instance, and nobody can know it, or try for a better one, before the show.

mod known;
mod settings;
mod tickets;
mod way;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::http::header::{self, HeaderMap};
use halles_resilience::{Given, Ladder, RoomBeat, RoomBook, RoomDesk, RoomPlace, Rung, Ticket};
use jiff::Timestamp;
use opentelemetry::global;

use self::known::Known;
use crate::arrival::is_secure;
use crate::{Signer, basket_cookie, cookies};

pub use settings::RoomSettings;
pub use way::{ROOM_HEADER, ROOM_PATH, enter_market, wait_in_room};
pub(crate) use way::{lead_to_room, mark_as_led};

/// How often the book is read: nobody notices a turn that comes a second late.
pub(crate) const ROOM_BEAT: Duration = Duration::from_secs(1);

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
    /// When the show begins, as it was said with the rung that is set by hand; 0 when nobody has said so.
    air_at_ms: AtomicU64,
    known: Mutex<Known>,
}

/// How many stand in front of the market.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Crowd {
    /// For the show, without a place yet.
    pub(crate) before_show: u64,
    /// For their turn.
    pub(crate) waiting: u64,
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

    /// Whoever sets a rung by hand says when the show begins, if there is one to wait for.
    pub(crate) fn set_air_at(&self, air_at: Option<Timestamp>) {
        self.shared.air_at_ms.store(air_at.map_or(0, millis), Ordering::Release);
    }

    /// Tells the book how things are, and reads it.
    pub(crate) async fn beat(&self, ladder: &Ladder, at_ease: bool) {
        let air_at_ms = self.shared.air_at_ms.load(Ordering::Acquire);
        let beat = RoomBeat {
            wants_open: ladder.rung() == Rung::WaitingRoom,
            is_by_hand: ladder.hand().is_some(),
            at_ease,
            per_second: self.shared.settings.admit_per_second,
            air_at_ms: (air_at_ms > 0).then_some(air_at_ms),
        };
        let asked = tokio::time::timeout(ROOM_BEAT, self.shared.desk.advance(beat)).await;
        let now_ms = millis(Timestamp::now());
        let mut known = self.shared.known();
        match asked {
            Ok(Ok(book)) => known.book = book,
            Ok(Err(_)) | Err(_) => known.go_on_by_the_clock(now_ms, beat),
        }
        known.measure();
        let is_open = known.book.is_open(now_ms);
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
        let asked = tokio::time::timeout(ROOM_BEAT, self.shared.desk.look()).await;
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

    /// Every instance tells the same: what it read in the fleet's book.
    pub(crate) fn measure(&self) {
        let meter = global::meter("halles");
        let tell = |name: &'static str, what: &'static str, number: fn(&Self) -> u64| {
            let room = self.clone();
            // The meter keeps it, so the handle is not needed.
            let _gauge = meter
                .u64_observable_gauge(name)
                .with_description(what)
                .with_callback(move |observer| observer.observe(number(&room), &[]))
                .build();
        };
        tell("halles.waiting_room.open", "Whether people wait in front of the market", |room| room.is_open().into());
        tell("halles.waiting_room.waiting", "People in front of the market whose turn is to come", |room| {
            room.crowd().waiting
        });
        tell("halles.waiting_room.before_show", "People who wait for the show, and for lots to be drawn", |room| {
            room.crowd().before_show
        });
        tell("halles.waiting_room.admitted", "People let in since the room's book was begun", |room| {
            room.book().serving()
        });
    }

    /// Who stands in front of the market; nobody does while the room is closed.
    pub(crate) fn crowd(&self) -> Crowd {
        let (book, now_ms) = (self.book(), millis(Timestamp::now()));
        let outside = book.came() - book.serving();
        match (self.is_open(), now_ms < book.air_at_ms) {
            (false, _) => Crowd::default(),
            (true, true) => Crowd { before_show: outside, waiting: 0 },
            (true, false) => Crowd { before_show: 0, waiting: outside },
        }
    }
}

impl Shared {
    /// What is known is whole after each change, so a panic in between leaves the last whole one.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
