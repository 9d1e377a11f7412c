//! What became of requests at the door, by class: for the metrics, the status page, and the ladder.

use std::array;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use halles_resilience::Class;
use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

/// What can become of a request at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Let in.
    Admitted,
    /// Its sender has sent too many.
    RateLimited,
    /// The ladder stands on a rung that refuses its class.
    Rung,
    /// The worker has to catch up.
    Shed,
    /// As many are inside as may.
    Limit,
    /// Led to the waiting room.
    Outside,
}

impl Fate {
    pub(crate) const ALL: [Self; 6] =
        [Self::Admitted, Self::RateLimited, Self::Rung, Self::Shed, Self::Limit, Self::Outside];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::RateLimited => "rate_limited",
            Self::Rung => "rung",
            Self::Shed => "shed",
            Self::Limit => "limit",
            Self::Outside => "outside",
        }
    }
}

/// So many of each class met each fate.
#[derive(Debug)]
pub(crate) struct Tally {
    counts: [[AtomicU64; Fate::ALL.len()]; Class::COUNT],
}

/// The counts of one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts([[u64; Fate::ALL.len()]; Class::COUNT]);

impl Tally {
    pub(crate) fn new() -> Self {
        Self { counts: array::from_fn(|_| array::from_fn(|_| AtomicU64::new(0))) }
    }

    pub(crate) fn add(&self, class: Class, fate: Fate) {
        self.counts[class.rank()][fate as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts(array::from_fn(|rank| array::from_fn(|fate| self.counts[rank][fate].load(Ordering::Relaxed))))
    }

    /// Shows the counts in the metrics.
    pub(crate) fn measure(self: &Arc<Self>, meter: &Meter) {
        let tally = Arc::clone(self);
        // The meter keeps it, so the handle is not needed.
        let _counter = meter
            .u64_observable_counter("halles.door.requests")
            .with_description("Requests at the door, by class and by what became of them")
            .with_callback(move |observer| {
                let counts = tally.counts();
                for (class, fate) in Class::ALL.into_iter().flat_map(|class| Fate::ALL.map(|fate| (class, fate))) {
                    let count = counts.of(class, fate);
                    if count > 0 {
                        observer.observe(
                            count,
                            &[KeyValue::new("class", class.name()), KeyValue::new("fate", fate.name())],
                        );
                    }
                }
            })
            .build();
    }
}

impl Counts {
    pub(crate) const fn of(&self, class: Class, fate: Fate) -> u64 {
        self.0[class.rank()][fate as usize]
    }

    /// The highest class of which more than one in a hundred was refused for load since `before`. What a rung refuses is
    /// not load, or it would never be left.
    pub(crate) fn highest_refused_since(&self, before: &Self) -> Option<Class> {
        let is_refused = |class: &Class| {
            let since = |fate| self.of(*class, fate).saturating_sub(before.of(*class, fate));
            let refused = since(Fate::Shed) + since(Fate::Limit);
            refused > 0 && refused * 100 > refused + since(Fate::Admitted)
        };
        Class::ALL.into_iter().rev().find(is_refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_refused_when_more_than_one_in_a_hundred_is_and_rungs_do_not_count() {
        let tally = Tally::new();
        let add = |class, fate, times| (0..times).for_each(|_| tally.add(class, fate));
        let before = tally.counts();
        add(Class::Listing, Fate::Admitted, 99);
        add(Class::Checkout, Fate::Rung, 50);
        add(Class::Checkout, Fate::RateLimited, 50);
        assert_eq!(tally.counts().highest_refused_since(&before), None);
        add(Class::Listing, Fate::Limit, 1);
        assert_eq!(tally.counts().highest_refused_since(&before), None, "one in a hundred");
        add(Class::Listing, Fate::Shed, 1);
        add(Class::Search, Fate::Shed, 1);
        let now = tally.counts();
        assert_eq!(now.highest_refused_since(&before), Some(Class::Listing));
        assert_eq!(now.highest_refused_since(&now), None, "nothing since");
    }
}
