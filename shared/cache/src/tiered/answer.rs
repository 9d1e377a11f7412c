//! Answers, from the look into L1 to what is served.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::entry::{Entry, State};
use super::load::Landed;
use super::{Found, Inner};
use crate::lookup::{CacheStatus, Lookup, Tier};
use crate::meters::Outcome;
use crate::{Freshness, Origin, OriginError, Stamps};

/// A look into L1 for one key.
pub(super) struct Look<V> {
    /// What was counted for the key before the look.
    pub(super) stamps: Stamps,
    pub(super) state: State,
    pub(super) answer: Answer<V>,
}

/// What is known about one key on the way to its answer.
pub(super) enum Answer<V> {
    /// To be served as it is.
    Ready(Arc<Entry<V>>, CacheStatus),
    /// To be served if nothing better can be had.
    LastResort(Arc<Entry<V>>),
    /// Nothing is known.
    Absent,
}

impl<V> Answer<V> {
    /// What a load means for an answer: the loaded entry, else the expired one from L1, else the expired one from L2.
    pub(super) fn settled_by(self, landed: Landed<V>) -> Result<Self, OriginError> {
        match (landed, self) {
            (Landed::Found(entry, status), _) => Ok(Self::Ready(entry, status)),
            (Landed::Failed(..), expired @ Self::LastResort(_)) => Ok(expired),
            (Landed::Failed(_, Some(fallback)), _) => Ok(Self::LastResort(fallback)),
            (Landed::Failed(error, None), _) => Err(error),
        }
    }
}

impl<V> Look<V> {
    /// The entry, if it is served but should be loaded again in the background.
    pub(super) fn due<K: Clone>(&self, key: &K) -> Option<(K, Arc<Entry<V>>, State)> {
        match (&self.answer, self.state) {
            (Answer::Ready(entry, _), State::Early | State::Aged) => Some((key.clone(), Arc::clone(entry), self.state)),
            _ => None,
        }
    }
}

impl<O: Origin> Inner<O> {
    /// What L1 has, for somebody who looks so far ahead.
    pub(super) async fn look_into_l1(&self, key: &O::Key, ahead: Duration) -> Look<O::Value> {
        let stamps = self.counters.stamp(O::KIND, key);
        let Some(entry) = self.l1.get(key).await else {
            return Look { stamps, state: State::Gone, answer: Answer::Absent };
        };
        let state = entry.state(Instant::now() + ahead, self.losses.trust());
        let answer = match state {
            State::Fresh | State::Early => Answer::Ready(entry, CacheStatus::Hit(Tier::L1)),
            // Who looks ahead wants better than that.
            State::Aged if ahead.is_zero() => Answer::Ready(entry, CacheStatus::Revalidating(Tier::L1)),
            State::Lagging => Answer::Ready(entry, CacheStatus::Lagging),
            State::Aged | State::LastResort => Answer::LastResort(entry),
            State::Gone => Answer::Absent,
        };
        Look { stamps, state, answer }
    }

    /// The answers as they are; those that are absent are left out.
    pub(super) fn serve(&self, looks: Vec<Look<O::Value>>) -> Vec<Found<O::Value>> {
        let serve = |look: Look<O::Value>| match look.answer {
            Answer::Ready(entry, status) => Some(self.found(&entry, status, look.stamps)),
            Answer::LastResort(entry) => Some(self.found(&entry, CacheStatus::Stale, look.stamps)),
            Answer::Absent => None,
        };
        looks.into_iter().filter_map(serve).collect()
    }

    pub(super) fn found(&self, entry: &Entry<O::Value>, status: CacheStatus, stamps: Stamps) -> Found<O::Value> {
        self.count_served(entry, status);
        let mut fresh_until = entry.fresh_until(self.losses.trust());
        if status == CacheStatus::Stale {
            // An outdated entry is not fresh, however young it is.
            fresh_until = fresh_until.min(Instant::now());
        }
        let freshness = Freshness { read_at: entry.read_at, fresh_until, stamps };
        Lookup { value: entry.value.clone(), status, freshness }
    }

    /// Counts what L1 answered; what had to be loaded was counted as a miss, and is counted once more when all that could
    /// be had was an old entry.
    fn count_served(&self, entry: &Entry<O::Value>, status: CacheStatus) {
        let outcome = match status {
            CacheStatus::Hit(Tier::L1) if entry.value.is_none() => Outcome::Negative,
            CacheStatus::Hit(Tier::L1) => Outcome::Hit,
            CacheStatus::Revalidating(Tier::L1) => Outcome::Revalidating,
            CacheStatus::Lagging => Outcome::Lagging,
            CacheStatus::Stale => Outcome::Stale,
            CacheStatus::Hit(Tier::L2) | CacheStatus::Revalidating(Tier::L2) | CacheStatus::Miss => return,
        };
        self.meters.l1_answer(outcome, || entry.read_at.elapsed());
    }
}
