//! One load at a time for each key, whoever asks.
//!
//! Whoever comes first for a key gets a [`Claim`] and has to land it; whoever comes while it is in the air gets a
//! [`Seat`] and waits. A claim that is dropped without landing (the loader panicked, its runtime ended) frees the key
//! and tells everybody who waits, so nobody waits for ever and the next caller loads again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The loads in the air.
pub(crate) struct SingleFlight<K: Eq + Hash, T> {
    flights: Mutex<Flights<K, T>>,
}

struct Flights<K, T> {
    in_the_air: HashMap<K, Flight<T>>,
    last_number: u64,
}

struct Flight<T> {
    number: u64,
    landing: watch::Receiver<Option<T>>,
}

/// The duty to load a key.
pub(crate) struct Claim<K: Eq + Hash, T> {
    key: K,
    number: u64,
    landing: watch::Sender<Option<T>>,
    flights: Arc<SingleFlight<K, T>>,
}

/// A place among those who wait for a load.
pub(crate) struct Seat<T> {
    landing: watch::Receiver<Option<T>>,
}

/// The load was given up without a result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lost;

impl<K: Eq + Hash + Clone, T: Clone> SingleFlight<K, T> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { flights: Mutex::new(Flights { in_the_air: HashMap::new(), last_number: 0 }) })
    }

    /// A seat for each key, in their order, and claims for those that nobody is loading yet.
    pub(crate) fn board(self: &Arc<Self>, keys: &[K]) -> (Vec<Seat<T>>, Vec<Claim<K, T>>) {
        let mut claims = Vec::new();
        let mut flights = self.lock();
        let seats = keys.iter().map(|key| self.board_one(&mut flights, key, &mut claims)).collect();
        (seats, claims)
    }

    fn board_one(self: &Arc<Self>, flights: &mut Flights<K, T>, key: &K, claims: &mut Vec<Claim<K, T>>) -> Seat<T> {
        match flights.in_the_air.entry(key.clone()) {
            Entry::Occupied(flight) => Seat { landing: flight.get().landing.clone() },
            Entry::Vacant(place) => {
                flights.last_number += 1;
                let number = flights.last_number;
                let (landing, watcher) = watch::channel(None);
                place.insert(Flight { number, landing: watcher.clone() });
                claims.push(Claim { key: key.clone(), number, landing, flights: Arc::clone(self) });
                Seat { landing: watcher }
            }
        }
    }

    /// The duty to load `key`, unless somebody has it already.
    pub(crate) fn try_claim(self: &Arc<Self>, key: &K) -> Option<Claim<K, T>> {
        let mut claims = Vec::new();
        let mut flights = self.lock();
        if !flights.in_the_air.contains_key(key) {
            self.board_one(&mut flights, key, &mut claims);
        }
        claims.pop()
    }

    /// From now on nobody joins any load that is in the air: something may have changed since it began.
    pub(crate) fn forget_all(&self) {
        self.lock().in_the_air.clear();
    }

    /// From now on nobody joins the load of `key` that may be in the air: it began before something changed.
    pub(crate) fn forget(&self, key: &K) {
        self.lock().in_the_air.remove(key);
    }

    #[cfg(test)]
    pub(crate) fn in_the_air(&self) -> usize {
        self.lock().in_the_air.len()
    }
}

impl<K: Eq + Hash, T> SingleFlight<K, T> {
    fn lock(&self) -> MutexGuard<'_, Flights<K, T>> {
        // Nothing panics while holding the lock, and a map is whole after every step.
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, T> Claim<K, T> {
    pub(crate) const fn key(&self) -> &K {
        &self.key
    }

    /// Hands something good enough to everybody who waits now or comes later, and goes on loading.
    pub(crate) fn show(&self, result: T) {
        self.landing.send_replace(Some(result));
    }

    /// Takes back what was shown: whoever comes from now on waits for the result.
    pub(crate) fn withdraw(&self) {
        self.landing.send_replace(None);
    }

    /// Hands the result to everybody who waits and frees the key.
    pub(crate) fn land(self, result: T) {
        self.landing.send_replace(Some(result));
    }
}

impl<K: Eq + Hash, T> Drop for Claim<K, T> {
    fn drop(&mut self) {
        let mut flights = self.flights.lock();
        if flights.in_the_air.get(&self.key).is_some_and(|flight| flight.number == self.number) {
            flights.in_the_air.remove(&self.key);
        }
    }
}

impl<T: Clone> Seat<T> {
    /// The result of the load.
    pub(crate) async fn wait(mut self) -> Result<T, Lost> {
        match self.landing.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone().ok_or(Lost),
            Err(_) => Err(Lost),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_loads_and_the_others_wait() {
        let flights = SingleFlight::<u32, &str>::new();
        let (seats, claims) = flights.board(&[1, 2]);
        let (late_seats, late_claims) = flights.board(&[2, 3]);
        assert_eq!((claims.len(), late_claims.len()), (2, 1));
        for claim in claims.into_iter().chain(late_claims) {
            let name = if *claim.key() == 2 { "two" } else { "another" };
            claim.land(name);
        }
        let mut found = Vec::new();
        for seat in seats.into_iter().chain(late_seats) {
            found.push(seat.wait().await);
        }
        assert_eq!(found, [Ok("another"), Ok("two"), Ok("two"), Ok("another")]);
        assert_eq!(flights.in_the_air(), 0);
    }

    #[tokio::test]
    async fn a_load_given_up_frees_the_key_and_tells_those_who_wait() {
        let flights = SingleFlight::<u32, ()>::new();
        let (mut seats, claims) = flights.board(&[1]);
        drop(claims);
        assert_eq!(seats.remove(0).wait().await, Err(Lost));
        assert_eq!(flights.board(&[1]).1.len(), 1, "the next one loads again");
    }

    #[tokio::test]
    async fn what_is_shown_is_had_at_once_and_the_key_stays_taken() {
        let flights = SingleFlight::<u32, &str>::new();
        let claim = flights.try_claim(&1).expect("free");
        claim.show("good enough");
        assert!(flights.try_claim(&1).is_none());
        let (mut seats, claims) = flights.board(&[1]);
        assert!(claims.is_empty());
        assert_eq!(seats.remove(0).wait().await, Ok("good enough"));
        claim.land("good");
        assert!(flights.try_claim(&1).is_some());
    }

    #[tokio::test]
    async fn what_was_taken_back_is_waited_for() {
        let flights = SingleFlight::<u32, &str>::new();
        let claim = flights.try_claim(&1).expect("free");
        claim.show("good enough");
        claim.withdraw();
        let (mut seats, _) = flights.board(&[1]);
        claim.land("good");
        assert_eq!(seats.remove(0).wait().await, Ok("good"));
    }

    #[tokio::test]
    async fn nobody_joins_a_load_that_was_forgotten() {
        let flights = SingleFlight::<u32, &str>::new();
        let (mut early, mut old) = flights.board(&[1]);
        flights.forget(&1);
        let (mut late, new) = flights.board(&[1]);
        assert_eq!(new.len(), 1);
        old.remove(0).land("old");
        assert_eq!(early.remove(0).wait().await, Ok("old"));
        assert_eq!(flights.in_the_air(), 1, "the old load does not free the key of the new one");
        new.into_iter().for_each(|claim| claim.land("new"));
        assert_eq!(late.remove(0).wait().await, Ok("new"));
    }
}
