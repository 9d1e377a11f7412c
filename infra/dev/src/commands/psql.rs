//! `cargo dev psql`: the database of the running stack, without looking up a port or a password.

use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

use super::context::Context;
use crate::cli::PsqlArgs;
use crate::stack::postgres::{DATABASE, Role};

/// Opens psql: on the primary as the owner of the tables, or on the replica as the role that only reads.
pub fn run(context: &Context, args: &PsqlArgs) -> Result<ExitCode> {
    let postgres = context.running_postgres()?;
    let (role, port) =
        if args.replica { (Role::Reader, postgres.replica_port) } else { (Role::Owner, postgres.primary_port) };
    let mut command = Command::new(postgres.programs.program("psql"));
    command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
    command.args(["--username", role.name(), "--dbname", DATABASE]).args(&args.arguments);
    let status = command.env("PGPASSWORD", role.password(&postgres.secrets)).status().context("cannot run psql")?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
