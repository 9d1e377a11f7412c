//! The database, asked through `psql`: by a program that is none of ours, in words that are none of the services'.

use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

use crate::stack::postgres::{DATABASE, Postgres, SUPERUSER};

/// A way to the primary.
#[derive(Debug, Clone)]
pub struct Psql {
    postgres: Postgres,
}

impl Psql {
    /// The way to this primary.
    pub fn new(postgres: &Postgres) -> Self {
        Self { postgres: postgres.clone() }
    }

    /// The rows of an answer, as texts.
    pub async fn ask(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        let mut rows = Vec::new();
        self.each(sql, |row| {
            rows.push(row.iter().map(|field| (*field).to_owned()).collect());
            Ok(())
        })
        .await?;
        Ok(rows)
    }

    /// Hands on the rows of an answer one by one, however many there are.
    pub async fn each(&self, sql: &str, mut take: impl FnMut(&[&str]) -> Result<()>) -> Result<()> {
        let mut child = self.command(sql).spawn().context("cannot run psql")?;
        let output = child.stdout.take().context("the pipe was asked for")?;
        let mut errors = child.stderr.take().context("the pipe was asked for")?;
        let mut complaint = String::new();
        let rows = async {
            let mut lines = BufReader::new(output).lines();
            while let Some(line) = lines.next_line().await? {
                take(&line.split('\t').collect::<Vec<_>>())?;
            }
            anyhow::Ok(())
        };
        let (taken, heard) = tokio::join!(rows, errors.read_to_string(&mut complaint));
        let status = child.wait().await?;
        ensure!(status.success(), "psql says: {}", complaint.trim());
        heard?;
        taken
    }

    fn command(&self, sql: &str) -> Command {
        let mut command = Command::new(self.postgres.programs.program("psql"));
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator", "\t"]);
        command.args(["--set", "ON_ERROR_STOP=1", "--host", "127.0.0.1", "--username", SUPERUSER]);
        command.args(["--dbname", DATABASE, "--port", &self.postgres.primary_port.to_string(), "--command", sql]);
        command.env("PGPASSWORD", &self.postgres.secrets.superuser).env("PGCONNECT_TIMEOUT", "5");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}
