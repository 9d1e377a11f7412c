//! The standby: a copy of the primary, which follows it by a slot in which the primary keeps what the standby has not had
//! yet.
//!
//! A slot that kept more than it may is given up, and its standby can never catch up; it is copied anew at the next start.

use std::fs;
use std::path::Path;

use super::{ACCESS, Durability, Postgres, REPLICATION, SUPERUSER, remove_tree, run_to_end};
use crate::psql::Psql;
use crate::stack::StackError;

impl Postgres {
    /// Copies the primary into the standby's data directory, if there is none or it can follow no more, and writes its
    /// configuration.
    pub async fn prepare_replica(&self) -> Result<(), StackError> {
        let data = self.replica_data();
        if self.has_given_up_slot().await? {
            remove_tree(&data)?;
            let renewed =
                format!("\\o /dev/null\nSELECT pg_drop_replication_slot('{REPLICATION}');\n{}", slot_script());
            self.run_sql(SUPERUSER, &renewed).await?;
        }
        if !data.exists() {
            let unfinished = self.directory.join("replica.unfinished");
            remove_tree(&unfinished)?;
            self.copy_primary(&unfinished).await?;
            fs::rename(&unfinished, &data)?;
        }
        self.write(&data.join("standby.signal"), "")?;
        self.write(&data.join("postgresql.conf"), &self.replica_settings())?;
        self.write(&data.join("pg_hba.conf"), ACCESS)
    }

    async fn has_given_up_slot(&self) -> Result<bool, StackError> {
        let sql =
            format!("SELECT 1 FROM pg_replication_slots WHERE slot_name = '{REPLICATION}' AND wal_status = 'lost';");
        let failed = |error| StackError::ToolFailed { program: "psql".into(), why: format!("{error:#}") };
        Ok(!Psql::new(self).ask(&sql).await.map_err(failed)?.is_empty())
    }

    async fn copy_primary(&self, data: &Path) -> Result<(), StackError> {
        let mut command = self.command("pg_basebackup");
        command.arg("--pgdata").arg(data).args(["--wal-method", "stream", "--checkpoint", "fast"]);
        command.args(["--slot", REPLICATION, "--host", "127.0.0.1", "--username", REPLICATION, "--no-password"]);
        command.args(["--port", &self.primary_port.to_string()]).env("PGPASSWORD", &self.secrets.replication);
        if self.durability == Durability::Throwaway {
            command.arg("--no-sync");
        }
        run_to_end("pg_basebackup", command, b"").await
    }

    fn replica_settings(&self) -> String {
        let primary = format!(
            "host=127.0.0.1 port={} user={REPLICATION} password={} application_name={REPLICATION}",
            self.primary_port, self.secrets.replication
        );
        // Feedback: a long read on the standby makes the primary keep the rows that it still needs, rather than die.
        format!(
            "{}primary_conninfo = '{primary}'\nprimary_slot_name = '{REPLICATION}'\nhot_standby_feedback = on\n\
             wal_receiver_status_interval = 1s\nwal_retrieve_retry_interval = 200ms\n",
            self.settings(self.replica_port)
        )
    }
}

/// Makes the slot if there is none.
pub(super) fn slot_script() -> String {
    format!(
        "SELECT 'SELECT pg_create_physical_replication_slot(''{REPLICATION}'')' \
         WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '{REPLICATION}') \\gexec\n"
    )
}
