//! How much to refuse so that a busy thread catches up.
//!
//! Work that never waits keeps its thread busy, and what comes meanwhile queues where no limit on concurrency sees it: in
//! the sockets. What tells is how late the thread comes to a beat that it should keep. While it comes too late, a
//! twentieth of all requests more is refused with each beat, the lowest classes first; when it is in time, a hundredth less. Checkout is
//! never refused here.
//!
//! One for each thread, told of each of its beats. Pure: who draws lots and who keeps the beat is left to the caller.

use std::time::Duration;

use crate::Class;

/// Fewer requests than this in the last beats, and the thread is late for another reason: the machine is busy with
/// something else, and refusing these would help nobody.
const MIN_OFFERED: f64 = 10.0;

/// What share of all requests is refused in addition after a beat that came late by just the goal; later ones count for
/// more, up to three times as much.
const STEP_UP: f64 = 0.05;
/// What share is let in again after a beat in time.
const STEP_DOWN: f64 = 0.01;

/// What share of each class is refused.
#[derive(Debug, Clone)]
pub struct Shedder {
    goal: Duration,
    /// By rank, from 0 to 1.
    refused: [f64; Class::COUNT],
    /// How many came since the last beat, by rank, with a memory of the beats before.
    offered: [f64; Class::COUNT],
}

impl Shedder {
    /// Refuses nobody while beats come within `goal`.
    pub const fn new(goal: Duration) -> Self {
        Self { goal, refused: [0.0; Class::COUNT], offered: [0.0; Class::COUNT] }
    }

    /// Whether to let in a request for which this lot, from 0 up to 1, was drawn.
    pub fn admits(&mut self, class: Class, lot: f64) -> bool {
        self.offered[class.rank()] += 1.0;
        lot >= self.refused[class.rank()]
    }

    /// A beat came this late.
    pub fn heed(&mut self, lateness: Duration) {
        let total: f64 = self.offered.iter().sum();
        let times = lateness.as_secs_f64() / self.goal.as_secs_f64().max(f64::MIN_POSITIVE);
        if times > 1.0 && total >= MIN_OFFERED {
            self.refuse_more(total * STEP_UP * times.min(3.0));
        } else {
            self.refuse_less(total * STEP_DOWN);
        }
        // What came some beats ago still tells who comes at all.
        self.offered = self.offered.map(|count| if count < 0.01 { 0.0 } else { count / 2.0 });
    }

    /// The share of this class that is refused.
    pub const fn refused_share(&self, class: Class) -> f64 {
        self.refused[class.rank()]
    }

    fn refuse_more(&mut self, mut requests: f64) {
        for rank in 0..Class::Checkout.rank() {
            let room = (1.0 - self.refused[rank]) * self.offered[rank];
            if room <= 0.0 {
                continue;
            }
            let taken = room.min(requests);
            self.refused[rank] = (self.refused[rank] + taken / self.offered[rank]).min(1.0);
            requests -= taken;
        }
    }

    fn refuse_less(&mut self, mut requests: f64) {
        for rank in (0..Class::Checkout.rank()).rev() {
            if self.offered[rank] <= 0.0 {
                // Nobody of this class comes, so nothing can be learned by refusing it.
                self.refused[rank] = 0.0;
                continue;
            }
            let given = (self.refused[rank] * self.offered[rank]).min(requests);
            self.refused[rank] = (self.refused[rank] - given / self.offered[rank]).max(0.0);
            requests -= given;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOAL: Duration = Duration::from_millis(20);
    const BEAT: f64 = 0.05;

    /// A thread that can do so many requests a second, asked for more than that; refusing costs a twentieth of answering.
    struct Thread {
        per_second: f64,
        /// How many seconds of work are in front of the door.
        backlog: f64,
    }

    impl Thread {
        /// One beat's worth of requests of these classes; how many of each were answered.
        fn beat(&mut self, shedder: &mut Shedder, offered: [u32; Class::COUNT]) -> [f64; Class::COUNT] {
            let mut answered = [0.0; Class::COUNT];
            for class in Class::ALL {
                let count = offered[class.rank()];
                for number in 0..count {
                    let lot = f64::from(number) / f64::from(count);
                    let is_in = shedder.admits(class, lot);
                    self.backlog += if is_in { 1.0 } else { 0.05 } / self.per_second;
                    answered[class.rank()] += f64::from(u8::from(is_in));
                }
            }
            self.backlog = (self.backlog - BEAT).max(0.0);
            shedder.heed(Duration::from_secs_f64(self.backlog));
            answered
        }
    }

    #[test]
    fn a_thread_that_is_asked_for_five_times_what_it_can_do_catches_up_and_checkout_is_let_in() {
        let (mut shedder, mut thread) = (Shedder::new(GOAL), Thread { per_second: 1_000.0, backlog: 0.0 });
        // In each beat; 500, 4,300 and 200 a second.
        let mut offered = [0; Class::COUNT];
        offered[Class::Crawler.rank()] = 25;
        offered[Class::Listing.rank()] = 215;
        offered[Class::Checkout.rank()] = 10;
        let mut answered = [0.0; Class::COUNT];
        for beat in 0..1_200 {
            let now = thread.beat(&mut shedder, offered);
            if beat >= 200 {
                answered = std::array::from_fn(|rank| answered[rank] + now[rank]);
            }
        }
        let a_second = |class: Class| answered[class.rank()] / (1_000.0 * BEAT);
        assert!((a_second(Class::Checkout) - 200.0).abs() < 1e-6);
        assert!(a_second(Class::Crawler) < 25.0, "{}", a_second(Class::Crawler));
        // Refusing 4,200 a second costs 0.21 of the thread.
        let all: f64 = Class::ALL.into_iter().map(a_second).sum();
        assert!(all > 0.95 * 790.0, "{all}");
        assert!(thread.backlog < 0.2, "{}", thread.backlog);
    }

    #[test]
    fn when_the_crowd_is_gone_everybody_is_let_in_within_seconds() {
        let (mut shedder, mut thread) = (Shedder::new(GOAL), Thread { per_second: 1_000.0, backlog: 0.0 });
        let mut crowd = [0; Class::COUNT];
        crowd[Class::Listing.rank()] = 500;
        for _ in 0..200 {
            thread.beat(&mut shedder, crowd);
        }
        assert!(shedder.refused_share(Class::Listing) > 0.5);
        let quiet = crowd.map(|count| count / 20);
        let beats = (0..400_u32).find(|_| {
            thread.beat(&mut shedder, quiet);
            shedder.refused_share(Class::Listing) == 0.0
        });
        let seconds = f64::from(beats.expect("it ends")) * BEAT;
        assert!(seconds < 10.0, "{seconds}");
    }

    #[test]
    fn a_thread_that_is_late_though_hardly_anybody_comes_refuses_nobody() {
        let mut shedder = Shedder::new(GOAL);
        for _ in 0..100 {
            assert!((0..4).all(|_| shedder.admits(Class::Crawler, 0.0)));
            shedder.heed(GOAL * 10);
        }
    }

    proptest! {
        #[test]
        fn shares_are_shares_and_a_class_is_refused_only_behind_all_lower_ones_that_come(
            beats in prop::collection::vec((0_u64..200, prop::array::uniform6(0_u32..30)), 1..200),
        ) {
            let mut shedder = Shedder::new(GOAL);
            for (late, counts) in beats {
                for class in Class::ALL {
                    for _ in 0..counts[class.rank()] {
                        shedder.admits(class, 0.5);
                    }
                }
                let before = shedder.clone();
                shedder.heed(Duration::from_millis(late));
                prop_assert!(shedder.refused.iter().all(|share| (0.0..=1.0).contains(share)));
                prop_assert!(shedder.refused_share(Class::Checkout) == 0.0);
                for class in Class::ALL {
                    let rank = class.rank();
                    let rose = shedder.refused[rank] > before.refused[rank];
                    let lower_are_out = (0..rank).all(|lower| before.offered[lower] <= 0.0 || shedder.refused[lower] > 1.0 - 1e-9);
                    prop_assert!(!rose || lower_are_out);
                }
            }
        }
    }
}
