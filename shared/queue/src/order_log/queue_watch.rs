//! Where any request stands in the log, for whoever knows its position, without asking the log about each.
//!
//! One task looks at the log as a whole, twice a second: how many requests were ever appended, how many still wait, and
//! which was the last. Requests leave from the front, so the *n*th ever appended has `n` minus those that left in front
//! of it, itself included. Which *n* a position is lies between the two looks around it; whoever came between the same two
//! is told the last of those places.
//!
//! Promises: however many people ask, the log is looked at as often; nobody is told a better place than the true one, and
//! nobody's place grows; when the log has not answered for a while nothing is claimed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{LogPosition, OrderLog, QueuePlace};

/// How often the log is looked at: a shopper notices no difference below that.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// What was seen longer ago is no place any more.
const COUNTS_FOR: Duration = Duration::from_secs(5);
/// More looks are not remembered: half an hour of them, ten times the longest wait that is promised.
const MAX_MARKS: usize = 4_096;

/// One look at the log.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// How many requests were ever appended.
    pub added: u64,
    /// How many of them wait.
    pub waiting: u64,
    /// The last of them.
    pub last: LogPosition,
    /// How many leave in a second; none while nobody takes any.
    pub per_second: Option<f64>,
}

/// What one process knows of the places in the log; clones share it.
#[derive(Debug, Clone)]
pub struct QueueWatch(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    known: Mutex<Known>,
    looks: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Known {
    latest: Option<(Pulse, Instant)>,
    /// Which of all requests a position was, at each look that saw new ones; oldest first.
    marks: VecDeque<Mark>,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    position: LogPosition,
    added: u64,
}

impl QueueWatch {
    /// Knows nothing yet.
    #[expect(clippy::new_without_default, reason = "an empty watch is of use only to whoever then feeds it")]
    pub fn new() -> Self {
        Self(Arc::new(Shared { known: Mutex::default(), looks: watch::Sender::new(()) }))
    }

    /// Looks at the log until the task is dropped.
    pub async fn run(self, log: OrderLog) {
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            match log.pulse().await {
                Ok(pulse) => self.note(pulse),
                Err(error) => tracing::debug!(%error, "cannot look at the order log; places are not told"),
            }
            // Those who show places find out by themselves that there is none any more.
            self.0.looks.send_replace(());
        }
    }

    /// Wakes up after each look.
    pub fn looks(&self) -> watch::Receiver<()> {
        self.0.looks.subscribe()
    }

    /// Takes a look into account.
    pub fn note(&self, pulse: Pulse) {
        self.known().note(pulse, Instant::now());
    }

    /// The place of the request at this position, if it still waits: at most so many are to be placed up to and including
    /// it. None when nothing is known, or not yet.
    pub fn place_of(&self, position: LogPosition) -> Option<QueuePlace> {
        let known = self.known();
        let pulse = known.pulse()?;
        let gone = pulse.added.saturating_sub(pulse.waiting);
        let place = known.number_of(position)?.saturating_sub(gone).max(1);
        Some(QueuePlace::new(place, pulse.per_second))
    }

    /// The place behind all that wait: for whoever does not know their own.
    pub fn end_of_queue(&self) -> Option<QueuePlace> {
        let known = self.known();
        known.pulse().map(|pulse| QueuePlace::new(pulse.waiting.max(1), pulse.per_second))
    }

    /// Nothing in it can be half changed by a panic in a way that matters: the next look sets it right.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn note(&mut self, pulse: Pulse, now: Instant) {
        let is_another_log =
            self.marks.back().is_some_and(|mark| pulse.added < mark.added || pulse.last < mark.position);
        if is_another_log {
            self.marks.clear();
        }
        if self.marks.back().is_none_or(|mark| pulse.added > mark.added) {
            self.marks.push_back(Mark { position: pulse.last, added: pulse.added });
        }
        let gone = pulse.added.saturating_sub(pulse.waiting);
        while self.marks.len() > MAX_MARKS || self.marks.get(1).is_some_and(|second| second.added <= gone) {
            self.marks.pop_front();
        }
        self.latest = Some((pulse, now));
    }

    fn pulse(&self) -> Option<Pulse> {
        self.latest.filter(|(_, at)| at.elapsed() < COUNTS_FOR).map(|(pulse, _)| pulse)
    }

    /// Which of all requests the one at `position` is, rather too great than too small: the last that the first look
    /// after it saw. None when there was no look since.
    fn number_of(&self, position: LogPosition) -> Option<u64> {
        let looks_before = self.marks.partition_point(|mark| mark.position < position);
        self.marks.get(looks_before).map(|mark| mark.added)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::time::advance;

    use super::*;

    fn at(millis: u64) -> LogPosition {
        LogPosition { millis, sequence: 0 }
    }

    fn pulse(added: u64, waiting: u64, last: u64) -> Pulse {
        Pulse { added, waiting, last: at(last), per_second: Some(10.0) }
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_counts_down_as_requests_leave() {
        let watch = QueueWatch::new();
        assert_eq!(watch.place_of(at(5)), None, "nothing is known yet");
        watch.note(pulse(100, 100, 1_000));
        watch.note(pulse(200, 200, 2_000));
        let place = |position| watch.place_of(at(position)).map(|place| place.place);
        assert_eq!((place(1_000), place(1_001), place(2_000)), (Some(100), Some(200), Some(200)));
        assert_eq!(place(7), Some(100), "from before the first look: at most so many");
        assert_eq!(place(2_001), None, "appended since the last look");
        watch.note(pulse(200, 60, 2_000));
        assert_eq!((place(1_000), place(2_000)), (Some(1), Some(60)));
        let expected = watch.place_of(at(2_000)).and_then(|place| place.expected);
        assert_eq!(expected, Some(Duration::from_secs(6)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_seen_long_ago_is_not_told() {
        let watch = QueueWatch::new();
        watch.note(pulse(100, 100, 1_000));
        advance(COUNTS_FOR).await;
        assert_eq!((watch.place_of(at(1_000)), watch.end_of_queue()), (None, None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_that_begins_again_is_another_log() {
        let watch = QueueWatch::new();
        watch.note(pulse(100, 10, 1_000));
        watch.note(pulse(3, 3, 2_000));
        assert_eq!(watch.place_of(at(2_000)).map(|place| place.place), Some(3));
    }

    proptest! {
        /// However requests come and go, nobody is told a better place than the true one, and nobody's grows.
        #[test]
        fn a_place_is_never_too_good_and_never_grows(
            steps in prop::collection::vec((0_u64..40, 0_u64..40), 2..60), chosen in 0_usize..500,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            runtime.expect("a runtime").block_on(async move {
                let watch = QueueWatch::new();
                let (mut appended, mut gone, mut clock, mut told) = (Vec::new(), 0_usize, 0, None);
                for (come, leave) in steps {
                    for number in 0..come {
                        // Some at the beginning of the time between two looks, some at its end.
                        let late = if number.is_multiple_of(3) { 499 } else { 0 };
                        appended.push(LogPosition { millis: clock + late, sequence: appended.len() as u64 });
                    }
                    appended.sort_unstable();
                    gone = (gone + usize::try_from(leave).expect("a small number")).min(appended.len());
                    clock += 500;
                    let Some(last) = appended.last() else { continue };
                    let waiting = (appended.len() - gone) as u64;
                    watch.note(Pulse { added: appended.len() as u64, waiting, last: *last, per_second: None });
                    if chosen < appended.len() && chosen >= gone {
                        let place = watch.place_of(appended[chosen]).expect("a look has seen it").place;
                        assert!(place >= (chosen - gone + 1) as u64, "{place} is too good for {chosen} after {gone}");
                        assert!(told.is_none_or(|before| place <= before), "{place} after {told:?}");
                        told = Some(place);
                    }
                }
            });
        }
    }
}
