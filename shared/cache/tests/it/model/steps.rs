//! What may happen, and how often.

use std::time::Duration;

use proptest::prelude::*;

/// How many instances the fleet has.
pub const INSTANCES: usize = 3;
/// How many things there are to read; the last one does not exist at the beginning.
pub const KEYS: usize = 3;
/// How many clients each instance has.
pub const CLIENTS: usize = 2;

/// How long a message to Redis takes, one way, in fine weather.
pub const LATENCY: Duration = Duration::from_millis(1);

/// One thing that happens. Instances, clients and keys go by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A transaction changes a thing on the primary, or makes it.
    Write { key: usize },
    /// The replica takes in the oldest transactions that it has not.
    Replicate { transactions: usize },
    /// An instance hears the next messages that wait for it.
    Deliver { instance: usize, messages: usize },
    /// An instance hears once more what it has heard last.
    Repeat { instance: usize, messages: usize },
    /// The messages that wait for an instance are gone, and it is told that there was a loss.
    Lose { instance: usize },
    /// A client reads the things whose bits are set, if it is not waiting for an answer already.
    Read { instance: usize, client: usize, keys: u8 },
    /// All clients of all instances read one thing.
    Rush { key: usize },
    /// Time passes.
    Pass { ms: u64 },
    /// The replica answers in this way from now on.
    Origin(Mood),
    /// An instance reaches Redis in this way from now on.
    Redis { instance: usize, weather: Weather },
    /// Redis forgets everything.
    Flush,
    /// Somebody puts what nobody can read in the place of an entry.
    Garble { key: usize },
    /// An instance is killed, and another one takes its place.
    Crash { instance: usize },
}

/// How the replica answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Within some milliseconds.
    Willing,
    /// Later than others wait for whoever loads.
    Slow,
    /// With an error.
    Away,
    /// Not at all.
    Hanging,
}

/// How an instance reaches Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Within a millisecond or two.
    Fine,
    /// Later than anybody waits for it; what was asked happens all the same.
    Slow,
    /// Not at all.
    Cut,
}

/// How the entries of a run live; time between two looks is what differs most between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lives {
    pub ttl_ms: u64,
    pub jitter_percent: u32,
    pub early_refresh_percent: u32,
    pub revalidate_ms: u64,
    /// Whether there is a Redis at all.
    pub shared: bool,
}

/// One run: how entries live, and what happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub lives: Lives,
    pub steps: Vec<Step>,
}

impl Mood {
    /// How long an answer takes, half of it before the replica looks.
    pub const fn takes(self) -> Duration {
        match self {
            Self::Slow => Duration::from_millis(150),
            Self::Away => Duration::from_millis(1),
            Self::Willing | Self::Hanging => Duration::from_millis(4),
        }
    }
}

impl Weather {
    /// How long a message takes one way.
    pub const fn takes(self) -> Duration {
        match self {
            Self::Fine | Self::Cut => LATENCY,
            Self::Slow => Duration::from_millis(120),
        }
    }
}

pub fn plans() -> impl Strategy<Value = Plan> {
    (lives(), prop::collection::vec(step(), 5..60)).prop_map(|(lives, steps)| Plan { lives, steps })
}

fn lives() -> impl Strategy<Value = Lives> {
    let early = prop_oneof![1 => Just(0), 2 => Just(100), 1 => Just(u32::MAX)];
    let revalidate = prop_oneof![Just(0), Just(400)];
    // Shorter, and longer, than the cache remembers versions.
    let ttl = prop_oneof![Just(1_000), Just(8_000)];
    (ttl, prop_oneof![Just(0), Just(20)], early, revalidate, prop::bool::weighted(0.9)).prop_map(
        |(ttl_ms, jitter_percent, early_refresh_percent, revalidate_ms, shared)| Lives {
            ttl_ms,
            jitter_percent,
            early_refresh_percent,
            revalidate_ms,
            shared,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let instance = || 0..INSTANCES;
    let key = || 0..KEYS;
    prop_oneof![
        6 => key().prop_map(|key| Step::Write { key }),
        5 => (1..4_usize).prop_map(|transactions| Step::Replicate { transactions }),
        8 => (instance(), 1..4_usize).prop_map(|(instance, messages)| Step::Deliver { instance, messages }),
        2 => (instance(), 1..3_usize).prop_map(|(instance, messages)| Step::Repeat { instance, messages }),
        1 => instance().prop_map(|instance| Step::Lose { instance }),
        12 => (instance(), 0..CLIENTS, 1..(1_u8 << KEYS))
            .prop_map(|(instance, client, keys)| Step::Read { instance, client, keys }),
        3 => key().prop_map(|key| Step::Rush { key }),
        10 => prop_oneof![Just(1), Just(3), Just(20), Just(60), Just(110), Just(500), Just(1_100), Just(2_500), Just(7_000)]
            .prop_map(|ms| Step::Pass { ms }),
        2 => prop_oneof![3 => Just(Mood::Willing), 1 => Just(Mood::Slow), 1 => Just(Mood::Away), 1 => Just(Mood::Hanging)]
            .prop_map(Step::Origin),
        3 => (instance(), prop_oneof![2 => Just(Weather::Fine), 1 => Just(Weather::Slow), 1 => Just(Weather::Cut)])
            .prop_map(|(instance, weather)| Step::Redis { instance, weather }),
        1 => Just(Step::Flush),
        1 => key().prop_map(|key| Step::Garble { key }),
        1 => instance().prop_map(|instance| Step::Crash { instance }),
    ]
}
