//! What instances lose, or are told to doubt, and what they may serve after that.

use tokio::time::Instant;

use super::Ledger;
use crate::model::rules::{ROUNDING, SETTLE};
use crate::model::steps::KEYS;

/// What there was when an instance lost changes.
#[derive(Debug, Clone, Copy)]
pub struct Loss {
    primary: [i64; KEYS],
    replica: [i64; KEYS],
}

impl Ledger {
    /// What an instance will be told of that loses changes now.
    pub fn loss(&self) -> Loss {
        let primary = std::array::from_fn(|key| self.store.primary(key));
        let replica = std::array::from_fn(|key| self.store.replica(key));
        Loss { primary, replica }
    }

    /// An instance was told that it has lost changes.
    pub fn told_of_loss(&mut self, instance: usize, loss: Loss) {
        self.told[instance].losses.push((Instant::now(), loss));
        self.told_of_doubt(instance);
    }

    /// An instance hears that nobody believes what Redis has from before.
    pub fn told_of_doubt(&mut self, instance: usize) {
        self.told[instance].distrusts.until(Instant::now() + SETTLE + ROUNDING);
    }

    /// The least version of a thing that may be served as fresh.
    pub(super) fn floor(&self, instance: usize, key: usize) -> i64 {
        let told = &self.told[instance];
        let lost = told.losses.iter().map(|(told_at, loss)| {
            // Until the replica has caught up with the moment of the loss, what it shows has to do.
            if told_at.elapsed() >= SETTLE { loss.primary[key] } else { loss.replica[key] }
        });
        lost.fold(told.versions[key], i64::max)
    }
}
