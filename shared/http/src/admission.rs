//! Who is let in: decided at the door before any work, for next to nothing.
//!
//! In this order: 1. the caller's own rate → 2. whether the caller has been let in, if people wait in front of the market →
//! 3. the rung of the ladder, which refuses whole classes → 4. whether this worker has to catch up → 5. a place among those
//! in work. Health, metrics and the ladder itself are asked for on another
//! port and never refused; what is ready in memory passes in front of all this (`express`).

mod refusal;

use std::cell::RefCell;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use halles_resilience::{Class, ConcurrencyLimit, Ladder, Place, RateLimiter, Rung, Shedder, Strain};
use opentelemetry::global;

use self::refusal::Refusal;
use crate::chance::Chance;
use crate::classes::{Classes, Kind};
use crate::tally::{Counts, Fate, Tally};
use crate::{AdmissionSettings, Room, client_address};

/// What all workers of a server share.
pub(crate) struct Admission {
    settings: AdmissionSettings,
    classes: Classes,
    limit: ConcurrencyLimit,
    requests: RateLimiter,
    intents: RateLimiter,
    ladder: Ladder,
    room: Option<Room>,
    tally: Arc<Tally>,
}

/// What one worker has for itself.
pub(crate) struct Turnstile {
    shedder: RefCell<Shedder>,
    chance: Chance,
}

/// Let in.
pub(crate) struct Admitted {
    place: Place,
    goal: Duration,
}

impl Admission {
    pub(crate) fn new(settings: &AdmissionSettings, classes: Classes, ladder: Ladder, room: Option<Room>) -> Self {
        let admission = Self {
            settings: settings.clone(),
            classes,
            limit: ConcurrencyLimit::new(settings.bounds()),
            requests: RateLimiter::new(settings.requests(), settings.remembered_clients),
            intents: RateLimiter::new(settings.intents(), settings.remembered_clients),
            ladder,
            room,
            tally: Arc::new(Tally::new()),
        };
        admission.measure();
        admission
    }

    pub(crate) fn turnstile(&self) -> Turnstile {
        Turnstile { shedder: RefCell::new(Shedder::new(self.settings.beat_goal())), chance: Chance::new() }
    }

    /// Lets a request in or refuses it.
    pub(crate) fn admit(&self, turnstile: &Turnstile, request: &ServiceRequest) -> Result<Admitted, Refusal> {
        let kind = self.classes.find(request.path(), request.headers());
        let outcome = self.decide(kind, turnstile, request);
        self.tally.add(kind.class, outcome.as_ref().map_or_else(|refusal| refusal.fate, |_| Fate::Admitted));
        outcome
    }

    fn decide(&self, kind: Kind, turnstile: &Turnstile, request: &ServiceRequest) -> Result<Admitted, Refusal> {
        let Kind { class, is_rate_limited, is_inside } = kind;
        if is_rate_limited && let Err(retry_after) = self.take_token(class, request) {
            return Err(Refusal { fate: Fate::RateLimited, retry_after });
        }
        let later = |fate| Refusal::for_load(fate, class, turnstile.chance.lot());
        if is_inside && self.leads_to_room(request) {
            return Err(later(Fate::Outside));
        }
        if !self.rung().admits(class) {
            return Err(later(Fate::Rung));
        }
        if !turnstile.lets_in(class) {
            return Err(later(Fate::Shed));
        }
        let place = self.limit.try_enter(class).ok_or_else(|| later(Fate::Limit))?;
        Ok(Admitted { place, goal: self.settings.late_after_ms.of(class) })
    }

    /// The rung by which requests are judged: the room thins out the crowd, so those who are in are served as far as the
    /// rung below it allows.
    fn rung(&self) -> Rung {
        match self.ladder.rung() {
            Rung::WaitingRoom if self.room.is_some() => Rung::RefuseLow,
            rung => rung,
        }
    }

    /// Whether people wait in front of this server.
    pub(crate) fn is_room_open(&self) -> bool {
        self.room.as_ref().is_some_and(Room::is_open)
    }

    fn leads_to_room(&self, request: &ServiceRequest) -> bool {
        self.room.as_ref().is_some_and(|room| room.is_open() && !room.is_inside(request.headers()))
    }

    pub(crate) fn room(&self) -> Option<&Room> {
        self.room.as_ref()
    }

    pub(crate) fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    fn take_token(&self, class: Class, request: &ServiceRequest) -> Result<(), Duration> {
        let peer = request.peer_addr().map(|peer| peer.ip());
        let caller = client_address::find(request.headers(), self.settings.trusted_hops, peer);
        let Some(caller) = caller.filter(|caller| !(self.settings.exempts_this_machine && caller.is_loopback())) else {
            return Ok(());
        };
        let caller = household(caller);
        if class == Class::Checkout && request.method() == Method::POST {
            self.intents.take(caller)?;
        }
        self.requests.take(caller)
    }

    /// How things are, compared with some moments ago.
    pub(crate) fn strain_since(&self, before: &Counts) -> Strain {
        match self.tally.counts().highest_refused_since(before) {
            Some(class) => Strain::Refusing(class),
            // Above seven tenths there is no room for a burst.
            None if self.limit.in_flight() * 10 > self.limit.limit() * 7 => Strain::Tight,
            None => Strain::AtEase,
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.tally.counts()
    }

    pub(crate) fn limit(&self) -> &ConcurrencyLimit {
        &self.limit
    }

    fn measure(&self) {
        let meter = global::meter("halles");
        self.tally.measure(&meter);
        if let Some(room) = &self.room {
            room.measure();
        }
        let (limit, inside, ladder) = (self.limit.clone(), self.limit.clone(), self.ladder.clone());
        // The meter keeps these, so the handles are not needed.
        let _limit = meter
            .u64_observable_gauge("halles.door.limit")
            .with_description("How many requests may be in work at once")
            .with_callback(move |observer| observer.observe(limit.limit() as u64, &[]))
            .build();
        let _in_flight = meter
            .u64_observable_gauge("halles.door.in_flight")
            .with_description("Requests in work behind the door")
            .with_callback(move |observer| observer.observe(inside.in_flight() as u64, &[]))
            .build();
        let _rung = meter
            .u64_observable_gauge("halles.ladder.rung")
            .with_description("The rung of degradation that is obeyed; 0 gives up nothing")
            .with_callback(move |observer| observer.observe(u64::from(ladder.rung().number()), &[]))
            .build();
    }
}

impl Turnstile {
    fn lets_in(&self, class: Class) -> bool {
        self.shedder.borrow_mut().admits(class, self.chance.lot())
    }

    /// The worker came this late to its beat.
    pub(crate) fn heed(&self, lateness: Duration) {
        self.shedder.borrow_mut().heed(lateness);
    }
}

impl Admitted {
    /// It had to wait for something and has its answer.
    pub(crate) fn answered(self) {
        self.place.answered(self.goal);
    }

    /// Something that it needed was overloaded.
    pub(crate) fn overloaded(self) {
        self.place.overloaded();
    }
}

/// What one household or machine can choose its addresses from counts as one address.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use halles_resilience::Hand;

    use super::*;
    use crate::Problem;

    fn door(settings: &AdmissionSettings) -> (Admission, Turnstile) {
        let classes = Classes::all(Class::Listing)
            .under("/checkout", Class::Checkout)
            .under_without_rate_limit("/notices", Class::Checkout);
        let admission = Admission::new(settings, classes, Ladder::new(settings.ladder_times()), None);
        let turnstile = admission.turnstile();
        (admission, turnstile)
    }

    fn from_outside(path: &str, address: &str) -> ServiceRequest {
        TestRequest::post().uri(path).insert_header(("x-forwarded-for", address)).to_srv_request()
    }

    #[actix_web::test]
    async fn an_address_that_asks_too_often_is_told_when_to_come_back_and_others_do_not_notice() {
        let settings = AdmissionSettings { request_burst: 3, intent_burst: 2, ..AdmissionSettings::default() };
        let (admission, turnstile) = door(&settings);
        let ask = |path, address| admission.admit(&turnstile, &from_outside(path, address)).err();
        assert_eq!((ask("/checkout", "192.0.2.1"), ask("/checkout", "192.0.2.1")), (None, None));
        let refusal = ask("/checkout", "192.0.2.1").expect("the third order at once");
        assert_eq!(refusal.fate, Fate::RateLimited);
        assert_eq!(Problem::from(refusal).status(), 429);
        assert_eq!(ask("/l/1", "192.0.2.1"), None, "looking is still allowed");
        assert!(ask("/l/1", "192.0.2.1").is_some(), "not for ever");
        assert_eq!(ask("/notices", "192.0.2.1"), None, "what comes for everybody is not counted");
        assert_eq!(ask("/checkout", "192.0.2.2"), None);
        let same_house = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:0:3::"];
        let refused = same_house.iter().filter(|address| ask("/checkout", address).is_some()).count();
        assert_eq!(refused, 1, "a household may choose among many addresses");
        for _ in 0..10 {
            assert_eq!(ask("/checkout", "127.0.0.1"), None, "this machine itself");
        }
    }

    #[actix_web::test]
    async fn a_rung_refuses_whole_classes_and_never_checkout() {
        let (admission, turnstile) = door(&AdmissionSettings::default());
        let ask = |path| admission.admit(&turnstile, &from_outside(path, "127.0.0.1")).map(drop);
        let hand = Hand {
            rung: Rung::OnlyCheckout,
            until: tokio::time::Instant::now() + Duration::from_secs(60),
            why: String::new(),
            by: String::new(),
        };
        admission.ladder.set(hand);
        let before = admission.counts();
        let refusal = ask("/l/1").expect_err("only checkout");
        assert_eq!(refusal.fate, Fate::Rung);
        let problem = Problem::from(refusal);
        assert_eq!((problem.status().as_u16(), problem.code()), (503, "overloaded"));
        assert!((2..=4).contains(&problem.retry_after_seconds().expect("it says when")));
        assert_eq!(ask("/checkout"), Ok(()));
        assert_eq!(admission.strain_since(&before), Strain::AtEase, "what a rung refuses is no reason to stay on it");
        admission.ladder.let_go();
        assert_eq!(ask("/l/1"), Ok(()));
    }

    #[actix_web::test]
    async fn when_all_places_are_taken_the_strain_is_felt() {
        let settings = AdmissionSettings { min_concurrent: 10, initial_concurrent: 10, ..AdmissionSettings::default() };
        let (admission, turnstile) = door(&settings);
        let ask = |path| admission.admit(&turnstile, &from_outside(path, "127.0.0.1"));
        let before = admission.counts();
        let inside: Vec<Admitted> = std::iter::from_fn(|| ask("/l/1").ok()).collect();
        assert_eq!(inside.len(), 9, "85 in a hundred, rounded up");
        assert_eq!(admission.strain_since(&before), Strain::Refusing(Class::Listing));
        let buying = ask("/checkout").ok();
        assert!(buying.is_some(), "a place is kept for whoever buys");
        assert_eq!(admission.strain_since(&admission.counts()), Strain::Tight);
        drop((inside, buying));
        assert_eq!(admission.strain_since(&admission.counts()), Strain::AtEase);
    }
}
