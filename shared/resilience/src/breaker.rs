//! Not asking for a while what does not answer.
//!
//! ```text
//!            so many failures in a row
//!   Closed ─────────────────────────────► Open ── refuses at once ──┐
//!     ▲                                     │ the pause is over     │ the next pause is longer
//!     │ the probe succeeds                  ▼                       │
//!     └─────────────────────────────── one probe ── fails ──────────┘
//! ```
//!
//! Counts failures in a row, not a share: with few calls a share says nothing, and with many a server that is away fails all
//! of them. So it opens for what is gone, and not for what is merely bad; that is left to deadlines and bulkheads.
//!
//! Promises: while it is open nobody pays for finding out, but one caller at a time; a probe that is given up counts as
//! nothing and lets the next one try; pauses grow, and differ between processes. Whether it is open is told as the metric
//! `circuit_breaker_open`, from the start on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry::metrics::Gauge;
use opentelemetry::{KeyValue, global};
use tokio::time::Instant;

use crate::Backoff;

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerRules {
    /// So many failures in a row open it.
    pub failures: u32,
    /// The first pause.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl BreakerRules {
    /// For a server somewhere else, asked some times in a second: opens within a moment, and looks again within seconds.
    pub const REMOTE: Self =
        Self { failures: 5, first_pause: Duration::from_millis(500), longest_pause: Duration::from_secs(10) };
}

/// The breaker in front of one dependency. Clones share it.
#[derive(Debug, Clone)]
pub struct Breaker {
    name: &'static str,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    rules: BreakerRules,
    state: Mutex<State>,
    /// 1 while it is open.
    is_open: Gauge<u64>,
}

#[derive(Debug)]
enum State {
    /// Calls go through; so many failed in a row.
    Closed { failures: u32 },
    /// Calls are refused until then; afterwards one at a time may try.
    Open { until: Instant, is_probing: bool, pauses: Backoff },
}

/// What is asked for did not answer a moment ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name} did not answer a moment ago")]
pub struct BreakerOpen {
    /// What.
    pub name: &'static str,
    /// When it is asked again at the earliest.
    pub retry_after: Duration,
}

/// A call that may be made. Say how it went; dropped without a word, it counts as nothing.
#[derive(Debug)]
#[must_use]
pub struct Call {
    breaker: Breaker,
    is_probe: bool,
    is_told: bool,
}

impl Breaker {
    /// A closed breaker in front of `name`.
    pub fn new(name: &'static str, rules: BreakerRules) -> Self {
        let state = Mutex::new(State::Closed { failures: 0 });
        let is_open = global::meter("halles")
            .u64_gauge("circuit_breaker_open")
            .with_description("Whether what is behind a breaker is left alone, but for a probe now and then")
            .build();
        let breaker = Self { name, shared: Arc::new(Shared { rules, state, is_open }) };
        breaker.tell(false);
        breaker
    }

    /// Whether the call may be made.
    pub fn try_call(&self) -> Result<Call, BreakerOpen> {
        let mut state = self.state();
        let is_probe = match &mut *state {
            State::Closed { .. } => false,
            State::Open { until, is_probing, .. } => {
                let now = Instant::now();
                if *is_probing || now < *until {
                    return Err(BreakerOpen { name: self.name, retry_after: until.saturating_duration_since(now) });
                }
                *is_probing = true;
                true
            }
        };
        Ok(Call { breaker: self.clone(), is_probe, is_told: false })
    }

    /// Whether calls are refused, but for a probe now and then.
    pub fn is_open(&self) -> bool {
        matches!(*self.state(), State::Open { .. })
    }

    fn note_failure(&self, was_probe: bool) {
        let rules = self.shared.rules;
        let mut state = self.state();
        match &mut *state {
            State::Closed { failures } => {
                *failures += 1;
                if *failures >= rules.failures {
                    let mut pauses = Backoff::new(rules.first_pause, rules.longest_pause);
                    let until = Instant::now() + pauses.next_wait();
                    *state = State::Open { until, is_probing: false, pauses };
                    self.tell(true);
                }
            }
            State::Open { until, is_probing, pauses } if was_probe => {
                *is_probing = false;
                *until = Instant::now() + pauses.next_wait();
            }
            // It was begun before the breaker opened, and says nothing new.
            State::Open { .. } => {}
        }
    }

    fn note_success(&self, was_probe: bool) {
        let mut state = self.state();
        if was_probe || matches!(*state, State::Closed { .. }) {
            *state = State::Closed { failures: 0 };
        }
        if was_probe {
            self.tell(false);
        }
    }

    fn tell(&self, is_open: bool) {
        self.shared.is_open.record(u64::from(is_open), &[KeyValue::new("name", self.name)]);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// It answered, whatever it said.
    pub fn succeeded(mut self) {
        self.is_told = true;
        self.breaker.note_success(self.is_probe);
    }

    /// It did not answer.
    pub fn failed(mut self) {
        self.is_told = true;
        self.breaker.note_failure(self.is_probe);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.is_probe
            && !self.is_told
            && let State::Open { is_probing, .. } = &mut *self.breaker.state()
        {
            *is_probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::time::advance;

    use super::*;

    const RULES: BreakerRules =
        BreakerRules { failures: 3, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(8) };

    fn fail(breaker: &Breaker) -> bool {
        breaker.try_call().map(Call::failed).is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_only_then() {
        let breaker = Breaker::new("the mill", RULES);
        for _ in 0..10 {
            assert!(fail(&breaker) && fail(&breaker));
            breaker.try_call().expect("closed").succeeded();
        }
        assert!(fail(&breaker) && fail(&breaker) && fail(&breaker));
        let refused = breaker.try_call().expect_err("open");
        assert_eq!(refused.to_string(), "the mill did not answer a moment ago");
        assert!(refused.retry_after <= Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn one_probe_at_a_time_and_its_success_closes() {
        let breaker = Breaker::new("the mill", RULES);
        (0..3).for_each(|_| assert!(fail(&breaker)));
        advance(Duration::from_secs(1)).await;
        let probe = breaker.try_call().expect("the pause is over");
        assert!(breaker.try_call().is_err(), "one is enough");
        drop(probe);
        let probe = breaker.try_call().expect("the last one said nothing");
        probe.failed();
        assert!(breaker.try_call().is_err(), "another pause");
        advance(Duration::from_secs(2)).await;
        breaker.try_call().expect("the longer pause is over").succeeded();
        assert!(!breaker.is_open());
        assert!(fail(&breaker) && fail(&breaker) && breaker.try_call().is_ok(), "it begins to count anew");
    }

    #[tokio::test(start_paused = true)]
    async fn late_news_of_earlier_calls_changes_nothing() {
        let breaker = Breaker::new("the mill", RULES);
        let (late_success, late_failure) = (breaker.try_call().expect("closed"), breaker.try_call().expect("closed"));
        (0..3).for_each(|_| assert!(fail(&breaker)));
        late_success.succeeded();
        assert!(breaker.is_open(), "it was sent before the others failed");
        late_failure.failed();
        advance(Duration::from_secs(1)).await;
        assert!(breaker.try_call().is_ok());
    }

    proptest! {
        /// While nothing answers, the number of calls that go out is bounded by the pauses, however many are wanted.
        #[test]
        fn what_is_gone_is_asked_seldom(steps in prop::collection::vec((0_u64..400, 1_usize..20), 1..200)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            runtime.expect("a runtime").block_on(async {
                let (breaker, began) = (Breaker::new("the mill", RULES), Instant::now());
                let mut went_out = 0_u32;
                for (wait, wanted) in steps {
                    advance(Duration::from_millis(wait)).await;
                    went_out += u32::try_from((0..wanted).filter(|_| fail(&breaker)).count()).expect("few");
                }
                // The shortest pause is half of the first one.
                let pauses = u32::try_from(began.elapsed().as_millis() / 500).expect("few");
                assert!(went_out <= RULES.failures + pauses, "{went_out} in {:?}", began.elapsed());
            });
        }
    }
}
