//! So many requests per second for each caller, with room for a burst.
//!
//! A token bucket for each caller, kept as the one moment at which it will be full again (GCRA). The buckets lie in a table
//! of fixed size. A new caller takes the place of one whose bucket is full, which changes nothing for that one, or else of
//! the one whose bucket is nearest to being full, which is then forgiven a little: when there are more busy callers than
//! places, the limit leaks, and nobody is refused who should not be.
//!
//! Promises: within any time a remembered caller gets at most the burst and the rate's share of it; whoever stays within
//! the rate is never refused; memory is fixed. Callers are told apart by a keyed hash, so nobody can aim for another's place.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Places that one caller may be kept in.
const WAYS: usize = 4;
/// Tables with a lock of their own: two callers rarely wait for each other.
const SHARDS: usize = 16;

/// How much each caller may ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// So many a second in the long run.
    pub per_second: f64,
    /// So many at once, after a pause.
    pub burst: u32,
}

/// The buckets of all callers.
#[derive(Debug)]
pub struct RateLimiter {
    /// How long it takes to earn one request.
    interval: Duration,
    /// How far the moment at which a bucket is full may lie ahead.
    tolerance: Duration,
    began: Instant,
    hasher: RandomState,
    shards: Vec<Mutex<Vec<Set>>>,
}

type Set = [Bucket; WAYS];

/// One caller's bucket.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    /// Whose it is; 0 is nobody's.
    tag: u64,
    /// When it will be full again, counted from when the limiter began.
    full_at: Duration,
}

impl RateLimiter {
    /// Remembers about so many callers at once.
    pub fn new(rate: Rate, callers: usize) -> Self {
        let interval = Duration::from_secs_f64(1.0 / rate.per_second.max(1e-6));
        let sets = callers.div_ceil(SHARDS * WAYS).max(1);
        Self {
            interval,
            tolerance: interval * rate.burst.saturating_sub(1),
            began: Instant::now(),
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| Mutex::new(vec![Set::default(); sets])).collect(),
        }
    }

    /// Takes one request out of this caller's bucket; when it is empty, says how long to wait.
    pub fn take(&self, caller: impl Hash) -> Result<(), Duration> {
        let hash = self.hasher.hash_one(caller);
        let now = self.began.elapsed();
        let mut sets = self.shards[index(hash, SHARDS)].lock().unwrap_or_else(PoisonError::into_inner);
        let place = index(hash >> 8, sets.len());
        let bucket = bucket_of(&mut sets[place], hash | 1);
        let full_at = bucket.full_at.max(now);
        let ahead = full_at - now;
        if ahead > self.tolerance {
            return Err(ahead - self.tolerance);
        }
        bucket.full_at = full_at + self.interval;
        Ok(())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "any bits of a hash are as good as the others")]
const fn index(hash: u64, length: usize) -> usize {
    hash as usize % length
}

/// The caller's bucket, or the one that is nearest to being full, made theirs.
fn bucket_of(set: &mut Set, tag: u64) -> &mut Bucket {
    let known = set.iter().position(|bucket| bucket.tag == tag);
    let place = known.unwrap_or_else(|| {
        let fullest = (0..WAYS).min_by_key(|place| set[*place].full_at).unwrap_or_default();
        set[fullest] = Bucket { tag, full_at: Duration::ZERO };
        fullest
    });
    &mut set[place]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::time::advance;

    use super::*;

    const RATE: Rate = Rate { per_second: 10.0, burst: 5 };

    #[tokio::test(start_paused = true)]
    async fn a_burst_then_the_rate_and_each_caller_has_their_own() {
        let limiter = RateLimiter::new(RATE, 1_000);
        assert!((0..5).all(|_| limiter.take("ann").is_ok()));
        assert_eq!(limiter.take("ann"), Err(Duration::from_millis(100)));
        assert_eq!(limiter.take("ben"), Ok(()));
        advance(Duration::from_millis(60)).await;
        assert_eq!(limiter.take("ann"), Err(Duration::from_millis(40)), "refusals cost nothing more");
        advance(Duration::from_millis(40)).await;
        assert_eq!(limiter.take("ann"), Ok(()), "whoever comes back when told is let in");
        assert!(limiter.take("ann").is_err());
        advance(Duration::from_secs(3_600)).await;
        assert!((0..5).all(|_| limiter.take("ann").is_ok()));
        assert!(limiter.take("ann").is_err(), "an hour saves up no more than the burst");
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_of_strangers_takes_no_memory_and_refuses_nobody() {
        let limiter = RateLimiter::new(RATE, 64);
        for stranger in 0..10_000 {
            assert_eq!(limiter.take(stranger), Ok(()), "stranger {stranger}");
        }
        let places: usize = limiter.shards.iter().map(|shard| shard.lock().unwrap().len() * WAYS).sum();
        assert_eq!(places, 64);
    }

    #[tokio::test(start_paused = true)]
    async fn strangers_do_not_wash_away_whoever_is_busy() {
        let limiter = RateLimiter::new(RATE, 64);
        let mut let_in = 0;
        for round in 0..200 {
            let_in += (0..20).filter(|_| limiter.take("greedy").is_ok()).count();
            assert!(limiter.take(("stranger", round)).is_ok());
            advance(Duration::from_millis(50)).await;
        }
        // Ten seconds: a hundred and the burst.
        assert!((100..=105).contains(&let_in), "{let_in}");
    }

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_the_rate_and_never_less_for_whoever_keeps_to_it(
            waits in prop::collection::vec(0_u64..300, 1..300), per_second in 1_u32..100, burst in 1_u32..20,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            runtime.expect("a runtime").block_on(async {
                let rate = Rate { per_second: f64::from(per_second), burst };
                let limiter = RateLimiter::new(rate, 100);
                let (began, mut let_in, mut modest_at) = (Instant::now(), 0_u32, Instant::now());
                for wait in waits {
                    advance(Duration::from_millis(wait)).await;
                    let_in += u32::from(limiter.take("greedy").is_ok());
                    let earned = began.elapsed().as_secs_f64() * rate.per_second;
                    assert!(f64::from(let_in) <= f64::from(burst) + earned + 1e-6);
                    if Instant::now() >= modest_at {
                        assert_eq!(limiter.take("modest"), Ok(()));
                        modest_at = Instant::now() + Duration::from_secs_f64(1.0 / rate.per_second);
                    }
                }
            });
        }
    }
}
