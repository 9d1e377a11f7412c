//! One load, as a member of the fleet: what another instance has loaded is taken from L2, what another one is loading is
//! waited for, and only the rest is loaded here.
//!
//! ```text
//!  look up ──► will do ───────────────────────────────────────► landed
//!     │──► lease granted ──► origin ──► L2, lease given back ──► landed
//!     └──► lease held ──► a short pause, look up again … until the wait is over:
//!              │──► something good enough is there: stay with it
//!              └──► origin, behind the bulkhead
//! ```
//!
//! When L2 does not answer, everything goes to the origin: then each process loads a key once.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Inner;
use super::entry::{Entry, Life, Source, State};
use super::load::{Errand, Landed};
use crate::Origin;
use crate::lookup::{CacheStatus, Tier};
use crate::meters::{LeaseOutcome, Level, Outcome};
use crate::shared_tier::{Asker, Content, Lease, Question, Seen, SharedTier, Sighting, StoredEntry};

/// Clocks never differ by more than this; what was read later than that from now was dated by a clock that is wrong, and
/// would stay young for ever.
const CLOCKS_DIFFER_MS: u64 = 1_000;

/// One load and its owner's name on leases.
pub(super) struct Turn<O: Origin> {
    inner: Arc<Inner<O>>,
    l2: SharedTier,
    asker: Asker,
    ahead: Duration,
}

impl<O: Origin> Turn<O> {
    pub(super) fn new(inner: Arc<Inner<O>>, l2: SharedTier, ahead: Duration) -> Self {
        let asker = l2.asker(O::FORMAT);
        Self { inner, l2, asker, ahead }
    }

    pub(super) async fn run(self, errands: Vec<Errand<O>>) {
        let (to_load, held) = self.look_up(errands).await;
        self.inner.meters.lease(LeaseOutcome::Granted, to_load.iter().filter(|errand| errand.holds_lease).count());
        self.inner.meters.lease(LeaseOutcome::Held, held.len());
        if held.is_empty() {
            return self.inner.load_from_origin(to_load, Some(self.asker.owner)).await;
        }
        self.spawn_load(to_load);
        self.follow(held).await;
    }

    fn spawn_load(&self, errands: Vec<Errand<O>>) {
        if !errands.is_empty() {
            let (inner, owner) = (Arc::clone(&self.inner), self.asker.owner);
            tokio::spawn(async move { inner.load_from_origin(errands, Some(owner)).await });
        }
    }

    /// Waits for what others are loading. Whoever fails or is slow gives the lease back or loses it, so it may come to us.
    async fn follow(&self, mut held: Vec<Errand<O>>) {
        let (since, times) = (Instant::now(), &self.inner.times);
        while !held.is_empty() && since.elapsed() < times.lease_wait {
            tokio::time::sleep(times.lease_poll).await;
            let (to_load, still_held) = self.look_up(held).await;
            self.spawn_load(to_load);
            held = still_held;
        }
        self.inner.meters.lease_wait(since.elapsed());
        self.inner.meters.lease(LeaseOutcome::GivenUp, held.len());
        let without = held.into_iter().filter_map(|errand| self.stay_with_what_is_there(errand)).collect();
        self.inner.load_from_origin(without, Some(self.asker.owner)).await;
    }

    /// Lands what was only to be renewed and is still good enough; the rest has to be loaded.
    fn stay_with_what_is_there(&self, errand: Errand<O>) -> Option<Errand<O>> {
        let Some(have) = errand.have.clone() else { return Some(errand) };
        let status = match have.state(Instant::now(), self.inner.losses.trust()) {
            State::Fresh | State::Early => CacheStatus::Hit(Tier::L1),
            State::Aged => CacheStatus::Revalidating(Tier::L1),
            State::Lagging | State::LastResort | State::Gone => return Some(errand),
        };
        errand.claim.land(Landed::Found(have, status));
        None
    }

    /// Lands what L2 has; of the rest, which is ours to load, and which somebody else is loading.
    async fn look_up(&self, errands: Vec<Errand<O>>) -> (Vec<Errand<O>>, Vec<Errand<O>>) {
        // Whether it will do is judged by the moment of asking, as L2 does: else what ends on its way back to us would be
        // loaded by everybody, and by nobody under a lease.
        let asked_at = Instant::now();
        let questions = errands.iter().map(|errand| self.question(errand)).collect();
        let sightings = self.l2.look_up(self.asker, questions).await;
        let (mut to_load, mut held) = (Vec::new(), Vec::new());
        for (errand, sighting) in errands.into_iter().zip(sightings) {
            let Ok(sighting) = sighting else {
                self.inner.meters.count(Level::L2, Outcome::Error, 1);
                to_load.push(errand);
                continue;
            };
            let lease = sighting.lease;
            let Some(mut errand) = self.land(errand, sighting, asked_at).await else { continue };
            errand.holds_lease = lease == Lease::Granted;
            if lease == Lease::Held { held.push(errand) } else { to_load.push(errand) }
        }
        (to_load, held)
    }

    fn question(&self, errand: &Errand<O>) -> Question {
        let inner = &self.inner;
        let fresh_for = inner.settings.jittered_ttl(false, errand.chance).saturating_sub(self.ahead);
        let fresh_for_ms = u64::try_from(fresh_for.as_millis()).unwrap_or(u64::MAX);
        let have_ms = errand.have.as_ref().map_or(0, |have| have.read_at_ms);
        Question {
            name: Inner::<O>::name(errand.key()),
            at_least: inner.known.get(errand.key()),
            read_after_ms: inner.clock.unix_ms().saturating_sub(fresh_for_ms).max(have_ms),
        }
    }

    /// Lands the errand if what was seen is good; otherwise gives it back, knowing more.
    async fn land(&self, mut errand: Errand<O>, sighting: Sighting, asked_at: Instant) -> Option<Errand<O>> {
        let meters = &self.inner.meters;
        let Some(entry) = self.read(&errand, sighting.seen).await else { return Some(errand) };
        let age = entry.read_at.elapsed();
        let is_wanted = errand.wants(&entry);
        // Whoever was granted the lease loads, even if we find by a hair's breadth that the entry would do (L2 judges by
        // whole milliseconds): a lease under which nobody works makes all others wait for nothing.
        let will_do = is_wanted && sighting.lease != Lease::Granted;
        match entry.state(asked_at + self.ahead, None) {
            State::Fresh | State::Early if will_do && self.inner.keep_in_l1(errand.key(), &entry).await => {
                meters.l2_answer(if entry.value.is_some() { Outcome::Hit } else { Outcome::Negative }, age);
                errand.claim.land(Landed::Found(entry, CacheStatus::Hit(Tier::L2)));
                return None;
            }
            State::Aged if is_wanted && self.ahead.is_zero() && self.inner.keep_in_l1(errand.key(), &entry).await => {
                meters.l2_answer(Outcome::Revalidating, age);
                let landed = Landed::Found(Arc::clone(&entry), CacheStatus::Revalidating(Tier::L2));
                if sighting.lease == Lease::NotNeeded {
                    errand.claim.land(landed);
                    return None;
                }
                errand.claim.show(landed);
                errand.have = Some(entry);
            }
            State::Gone => meters.count(Level::L2, Outcome::Outdated, 1),
            _ => {
                meters.count(Level::L2, Outcome::Outdated, 1);
                errand.fallback = Some(entry);
            }
        }
        Some(errand)
    }

    /// Makes an entry of what L2 has. What is known to be outdated, or is not trusted, comes marked.
    async fn read(&self, errand: &Errand<O>, seen: Seen) -> Option<Arc<Entry<O::Value>>> {
        let (inner, key) = (&self.inner, errand.key());
        let stored = match seen {
            Seen::Nothing => {
                inner.meters.count(Level::L2, Outcome::Miss, 1);
                return None;
            }
            Seen::Entry(StoredEntry { version, content: Content::Tombstone, .. }) => {
                // Somebody heard of a change that may not have come to us yet. When it does, it is no news, and nobody
                // looks for what we may have shown: so that is taken back first.
                errand.claim.withdraw();
                inner.hear_of(key, version, false).await;
                inner.meters.count(Level::L2, Outcome::Miss, 1);
                return None;
            }
            Seen::Entry(stored) => self.entry(errand, &stored),
            Seen::Garbage => None,
        };
        let Some(entry) = stored else {
            inner.meters.count(Level::L2, Outcome::Garbage, 1);
            return None;
        };
        if inner.known.get(key) > entry.version || !self.l2.trusts(entry.read_at_ms) {
            entry.mark_outdated();
        }
        Some(Arc::new(entry))
    }

    fn entry(&self, errand: &Errand<O>, stored: &StoredEntry) -> Option<Entry<O::Value>> {
        let inner = &self.inner;
        let now_ms = inner.clock.unix_ms();
        if stored.read_at_ms > now_ms + CLOCKS_DIFFER_MS {
            return None;
        }
        let (value, bytes) = match &stored.content {
            Content::Tombstone => return None,
            Content::Absent => (None, 0),
            Content::Value(bytes) => (Some(Arc::new(postcard::from_bytes::<O::Value>(bytes).ok()?)), bytes.len()),
        };
        inner.meters.l2_read(bytes);
        let age = Duration::from_millis(now_ms.saturating_sub(stored.read_at_ms));
        let source = Source {
            version: stored.version,
            read_at: Instant::now().checked_sub(age)?,
            read_at_ms: stored.read_at_ms,
            load_time: stored.load_time,
        };
        // That there is no such thing ends in L2 itself, so it needs no jitter here.
        let chance = if value.is_some() { errand.chance } else { 0.0 };
        let life = Life::new(&inner.settings, value.is_none(), stored.load_time, chance);
        Some(Entry::new(value, source, life, Inner::<O>::in_memory(bytes)))
    }
}
