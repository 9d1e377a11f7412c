//! What may be set.

use halles_settings::{Faults, Validate};
use halles_store::StoreSettings;
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

/// The settings of `halles-migrate`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long to wait.
    pub migrate: MigrateSettings,
    /// The database: only `primary_url` is used, with the role that owns the tables.
    pub store: StoreSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
}

/// The section `migrate`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MigrateSettings {
    /// How long to wait for a database that does not answer yet.
    pub wait_ms: u64,
}

impl Default for MigrateSettings {
    fn default() -> Self {
        // PostgreSQL that was not stopped cleanly replays its log first, which may take this long.
        Self { wait_ms: 60_000 }
    }
}

impl Validate for Settings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("store", &self.store);
        faults.section("telemetry", &self.telemetry);
        faults.check(!self.store.primary_url.is_empty(), "store.primary_url", "must be set");
    }
}
