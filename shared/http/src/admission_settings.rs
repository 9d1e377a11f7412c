//! What may be set about who is let in.

use std::time::Duration;

use halles_resilience::{Class, LadderTimes, LimitBounds, Rate};
use halles_settings::{Faults, Secret, Validate};
use serde::{Deserialize, Serialize};

/// The section `http.admission`: how much at once, how much for whom, and when what is given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdmissionSettings {
    /// The limit on requests in work never falls below. Too high and an instance that can do little drowns in it; too low
    /// and one late load, for which a few wait together, has the next burst refused.
    pub min_concurrent: usize,
    /// Where the limit begins. Too high costs a slow second when a crowd comes, too low refuses its first.
    pub initial_concurrent: usize,
    /// The limit never rises above: each request in work takes memory.
    pub max_concurrent: usize,
    /// How long answers are collected before the limit moves.
    pub window_ms: u64,
    /// When an answer counts as late: many late ones lower the limit.
    pub late_after_ms: LateAfter,
    /// How late a worker may come to its beat, which it should keep 20 times in a second. Later, and something queues in
    /// front of the door: then some are refused.
    pub beat_goal_ms: u64,
    /// How many proxies of ours stand in front of this service, each of which adds the address that it sees to
    /// `X-Forwarded-For`. Too many and strangers choose their address; too few and all shoppers share the proxy's.
    pub trusted_hops: usize,
    /// How many requests a second one address may send in the long run. Generous: behind one address of a mobile
    /// network there are dozens of people. What is ready in memory is not counted.
    pub requests_per_second: f64,
    /// How many it may send at once.
    pub request_burst: u32,
    /// How many of them may be orders, payments and changes of baskets (each `POST` of the highest class).
    pub intents_per_second: f64,
    /// How many of those at once.
    pub intent_burst: u32,
    /// How many addresses are remembered; some 32 bytes each, per process.
    pub remembered_clients: usize,
    /// Requests from this machine itself are in no rate limit: load tests and the people who run it.
    pub exempts_this_machine: bool,
    /// How long requests must have been refused for load before the ladder goes one rung up.
    pub climb_after_ms: u64,
    /// How long things must have been easy before it goes one down. Five times this is how long recovery takes.
    pub ease_after_ms: u64,
    /// What whoever sets a rung by hand must show; empty means that nobody may.
    pub rung_token: Secret,
}

/// When an answer counts as late, by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LateAfter {
    /// No less than the payment provider may take, whose slowness is no sign of load here.
    pub checkout: u64,
    /// Order pages.
    pub order_status: u64,
    /// Below the 250 ms that a load may wait for its turn at the replica.
    pub listing: u64,
    /// Searches; half of it may be spent waiting for a turn.
    pub search: u64,
    /// Suggestions: later, and another letter has been typed.
    pub suggestion: u64,
    /// Crawlers, which nobody waits for.
    pub crawler: u64,
}

impl Default for LateAfter {
    fn default() -> Self {
        Self { checkout: 3_000, order_status: 500, listing: 240, search: 500, suggestion: 300, crawler: 1_000 }
    }
}

impl Default for AdmissionSettings {
    fn default() -> Self {
        Self {
            min_concurrent: 64,
            initial_concurrent: 512,
            max_concurrent: 4_096,
            window_ms: 100,
            late_after_ms: LateAfter::default(),
            beat_goal_ms: 50,
            trusted_hops: 1,
            requests_per_second: 50.0,
            request_burst: 300,
            intents_per_second: 5.0,
            intent_burst: 60,
            remembered_clients: 65_536,
            exempts_this_machine: true,
            climb_after_ms: 1_000,
            ease_after_ms: 4_000,
            rung_token: Secret::default(),
        }
    }
}

impl AdmissionSettings {
    pub(crate) fn bounds(&self) -> LimitBounds {
        LimitBounds {
            min: self.min_concurrent,
            max: self.max_concurrent,
            initial: self.initial_concurrent,
            window: Duration::from_millis(self.window_ms),
        }
    }

    /// How quickly the ladder moves.
    pub fn ladder_times(&self) -> LadderTimes {
        LadderTimes {
            climb_after: Duration::from_millis(self.climb_after_ms),
            ease_after: Duration::from_millis(self.ease_after_ms),
        }
    }

    pub(crate) fn beat_goal(&self) -> Duration {
        Duration::from_millis(self.beat_goal_ms)
    }

    pub(crate) const fn requests(&self) -> Rate {
        Rate { per_second: self.requests_per_second, burst: self.request_burst }
    }

    pub(crate) const fn intents(&self) -> Rate {
        Rate { per_second: self.intents_per_second, burst: self.intent_burst }
    }
}

impl LateAfter {
    pub(crate) const fn of(&self, class: Class) -> Duration {
        Duration::from_millis(match class {
            Class::Checkout => self.checkout,
            Class::OrderStatus => self.order_status,
            Class::Listing => self.listing,
            Class::Search => self.search,
            Class::Suggestion => self.suggestion,
            Class::Crawler => self.crawler,
        })
    }
}

/// Shorter tokens could be guessed.
const MIN_TOKEN_CHARS: usize = 32;

impl Validate for AdmissionSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(self.min_concurrent > 0, "min_concurrent", "must be greater than 0");
        let is_between = (self.min_concurrent..=self.max_concurrent).contains(&self.initial_concurrent);
        faults.check(is_between, "initial_concurrent", "must lie between min_concurrent and max_concurrent");
        faults.check_positive("window_ms", self.window_ms);
        let all_wait = Class::ALL.into_iter().all(|class| !self.late_after_ms.of(class).is_zero());
        faults.check(all_wait, "late_after_ms", "must be greater than 0 for each class");
        faults.check(self.beat_goal_ms >= 5, "beat_goal_ms", "must be at least 5: timers are late by up to 2");
        faults.check(self.trusted_hops <= 10, "trusted_hops", "must be at most 10");
        for (field, rate) in
            [("requests_per_second", self.requests_per_second), ("intents_per_second", self.intents_per_second)]
        {
            faults.check(rate.is_finite() && rate > 0.0, field, "must be greater than 0");
        }
        faults.check_positive("request_burst", self.request_burst);
        faults.check_positive("intent_burst", self.intent_burst);
        faults.check(self.remembered_clients > 0, "remembered_clients", "must be greater than 0");
        faults.check_positive("climb_after_ms", self.climb_after_ms);
        let is_slower = self.ease_after_ms > self.climb_after_ms;
        faults.check(
            is_slower,
            "ease_after_ms",
            "must be greater than climb_after_ms, or the ladder never comes to rest",
        );
        let token = self.rung_token.expose();
        let is_long_enough = token.is_empty() || token.chars().count() >= MIN_TOKEN_CHARS;
        faults.check(
            is_long_enough,
            "rung_token",
            format!("must be empty or have at least {MIN_TOKEN_CHARS} characters"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used_and_nonsense_cannot() {
        assert_eq!(Faults::of(&AdmissionSettings::default()), []);
        let nonsense = AdmissionSettings {
            min_concurrent: 9,
            initial_concurrent: 8,
            requests_per_second: f64::NAN,
            ease_after_ms: 1,
            rung_token: "short".into(),
            ..AdmissionSettings::default()
        };
        let faulty: Vec<String> = Faults::of(&nonsense).into_iter().map(|fault| fault.setting).collect();
        assert_eq!(faulty, ["initial_concurrent", "requests_per_second", "ease_after_ms", "rung_token"]);
    }
}
