//! How often something may be tried again, as a share of how often it is tried at all.
//!
//! A retry helps against an accident and harms in an outage, when all calls fail and each is made twice. So calls earn
//! retries: ten of them one, say. When all is well there is always one left for an accident; when all fails, there is a
//! tenth more load than without retries, and not twice as much.

use std::sync::{Arc, Mutex, PoisonError};

/// A budget, shared by all its clones.
#[derive(Debug, Clone)]
pub struct RetryBudget {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// What a call earns.
    share: f64,
    /// The most that is saved up.
    most: f64,
    saved: Mutex<f64>,
}

impl RetryBudget {
    /// Retries may be this share of calls; up to `most` are saved up, and that many are there at the beginning.
    pub fn new(share: f64, most: u32) -> Self {
        let most = f64::from(most);
        Self { shared: Arc::new(Shared { share, most, saved: Mutex::new(most) }) }
    }

    /// A call is made, for the first time.
    pub fn note_call(&self) {
        let mut saved = self.shared.saved.lock().unwrap_or_else(PoisonError::into_inner);
        *saved = (*saved + self.shared.share).min(self.shared.most);
    }

    /// Whether one may be made again; if so, that is paid for.
    pub fn try_retry(&self) -> bool {
        let mut saved = self.shared.saved.lock().unwrap_or_else(PoisonError::into_inner);
        if *saved < 1.0 {
            return false;
        }
        *saved -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_accident_is_tried_again_and_an_outage_is_not() {
        let budget = RetryBudget::new(0.1, 5);
        for _ in 0..100 {
            budget.note_call();
        }
        assert!(budget.try_retry());
        let mut retries = 0;
        for _ in 0..1_000 {
            budget.note_call();
            retries += u32::from(budget.try_retry());
        }
        assert!((100..=105).contains(&retries), "{retries}");
    }

    proptest! {
        #[test]
        fn never_more_than_the_share_and_what_was_saved(calls in prop::collection::vec(any::<bool>(), 1..500), most in 1_u32..20) {
            let budget = RetryBudget::new(0.2, most);
            let (mut made, mut retries) = (0_u32, 0_u32);
            for fails in calls {
                budget.note_call();
                made += 1;
                retries += u32::from(fails && budget.try_retry());
                prop_assert!(f64::from(retries) <= f64::from(most) + 0.2 * f64::from(made) + 1e-9);
            }
        }
    }
}
