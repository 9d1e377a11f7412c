//! The indexer's settings.

use std::time::Duration;

use halles_http::AdminSettings;
use halles_queue::changes::ChangesSettings;
use halles_resilience::Backoff;
use halles_search_index::{IndexSettings, WriterSettings};
use halles_settings::{Faults, Validate};
use halles_store::StoreSettings;
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

/// Everything that may be set.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct IndexerSettings {
    /// The admin port.
    pub http: AdminSettings,
    /// The replica to read from, and the primary to fall back to.
    pub store: StoreSettings,
    /// Where changes are heard.
    pub changes: ChangesSettings,
    /// Where the index goes.
    pub index: IndexSettings,
    /// What writing it may cost.
    pub writer: WriterSettings,
    /// How changes become generations.
    pub indexing: IndexingSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
}

impl Validate for IndexerSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("http", &self.http);
        faults.section("store", &self.store);
        faults.check(!self.store.replica_url.is_empty(), "store.replica_url", "must be set");
        faults.section("changes", &self.changes);
        faults.section("index", &self.index);
        faults.section("writer", &self.writer);
        faults.section("indexing", &self.indexing);
        faults.section("telemetry", &self.telemetry);
        let outbox_kept_ms = self.changes.outbox_kept_hours.saturating_mul(3_600_000);
        faults.check(
            self.indexing.max_resume_age_ms < outbox_kept_ms,
            "indexing.max_resume_age_ms",
            "must be shorter than changes.outbox_kept_hours, or changes could be missed",
        );
    }
}

/// How changes become generations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexingSettings {
    /// The time between the starts of two commits while there are changes. It is part of the second within which a
    /// change is to be found; shorter means more and smaller segments, and more merging.
    pub commit_interval_ms: u64,
    /// How many listings are read and written between two looks at the clock.
    pub batch_size: usize,
    /// How many listings one commit takes in at most, so that a flood of changes shows bit by bit.
    pub max_listings_per_commit: usize,
    /// How many listings may be owed before the feed has to wait: a bound on memory.
    pub max_owed: usize,
    /// How long the replica may lag behind a change before the indexer takes what the replica has, and says so.
    pub replica_patience_ms: u64,
    /// How long after a change that has no version (a shop's name, the category tree) it is read once more, for the
    /// first look may have met a lagging replica.
    pub settle_ms: u64,
    /// How often a generation is published when nothing has changed: the leader's sign of life.
    pub heartbeat_ms: u64,
    /// After how long without a new generation a standby takes over.
    pub takeover_after_ms: u64,
    /// A generation older than this is not continued: the outbox may not reach back that far.
    pub max_resume_age_ms: u64,
    /// Whether to begin with an index built from the replica although there is one that could be continued. The leader
    /// goes on meanwhile; this process takes over when it is done and has caught up.
    pub rebuild_at_start: bool,
    /// How often the object store is looked after: what was damaged there is uploaded again, what no reader can want any
    /// more is deleted. Each time one file is read back in full.
    pub garbage_interval_ms: u64,
    /// How old a generation must be to be deleted: longer than any reader takes to fetch one.
    pub garbage_grace_ms: u64,
}

impl Default for IndexingSettings {
    fn default() -> Self {
        Self {
            // Together with the relay, the fetch and the swap well below a second.
            commit_interval_ms: 300,
            // A few milliseconds of the replica, some 100 of a thread.
            batch_size: 500,
            // About half a second of one thread.
            max_listings_per_commit: 4_000,
            // Some 10 MB.
            max_owed: 50_000,
            replica_patience_ms: 30_000,
            settle_ms: 2_000,
            heartbeat_ms: 2_000,
            // Five signs of life missed; a commit takes a fraction of a second.
            takeover_after_ms: 10_000,
            // Half of what the outbox keeps.
            max_resume_age_ms: 12 * 3_600_000,
            rebuild_at_start: false,
            // An index of a million listings, some fifty files, is read back twice an hour.
            garbage_interval_ms: 30_000,
            garbage_grace_ms: 300_000,
        }
    }
}

impl IndexingSettings {
    pub(crate) fn commit_interval(&self) -> Duration {
        Duration::from_millis(self.commit_interval_ms)
    }

    pub(crate) fn replica_patience(&self) -> Duration {
        Duration::from_millis(self.replica_patience_ms)
    }

    pub(crate) fn settle(&self) -> Duration {
        Duration::from_millis(self.settle_ms)
    }

    pub(crate) fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms)
    }

    pub(crate) fn takeover_after(&self) -> Duration {
        Duration::from_millis(self.takeover_after_ms)
    }

    pub(crate) fn max_resume_age(&self) -> Duration {
        Duration::from_millis(self.max_resume_age_ms)
    }

    pub(crate) fn garbage_interval(&self) -> Duration {
        Duration::from_millis(self.garbage_interval_ms)
    }

    pub(crate) fn garbage_grace(&self) -> Duration {
        Duration::from_millis(self.garbage_grace_ms)
    }

    /// How long to wait before beginning again after trouble.
    pub(crate) fn trouble_pause(&self) -> Backoff {
        Backoff::new(self.commit_interval(), self.takeover_after())
    }
}

impl Validate for IndexingSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("commit_interval_ms", self.commit_interval_ms);
        faults.check((1..=10_000).contains(&self.batch_size), "batch_size", "must be between 1 and 10000");
        let commit_holds_a_batch = self.max_listings_per_commit >= self.batch_size;
        faults.check(commit_holds_a_batch, "max_listings_per_commit", "must be at least batch_size");
        faults.check(self.max_owed > 0, "max_owed", "must be greater than 0");
        faults.check_positive("heartbeat_ms", self.heartbeat_ms);
        let standby_is_patient = self.takeover_after_ms >= self.heartbeat_ms.saturating_mul(3);
        faults.check(standby_is_patient, "takeover_after_ms", "must be at least three times heartbeat_ms");
        faults.check_positive("max_resume_age_ms", self.max_resume_age_ms);
        faults.check_positive("garbage_interval_ms", self.garbage_interval_ms);
        faults.check_positive("garbage_grace_ms", self.garbage_grace_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_addresses_have_no_default() {
        let faults: Vec<String> =
            Faults::of(&IndexerSettings::default()).into_iter().map(|fault| fault.setting).collect();
        assert_eq!(faults, ["store.replica_url", "index.store_url"]);
    }

    #[test]
    fn a_generation_that_the_outbox_does_not_reach_is_not_continued() {
        let mut settings = IndexerSettings::default();
        settings.indexing.max_resume_age_ms = settings.changes.outbox_kept_hours * 3_600_000;
        let faults = Faults::of(&settings);
        assert!(faults.iter().any(|fault| fault.setting == "indexing.max_resume_age_ms"));
    }
}
