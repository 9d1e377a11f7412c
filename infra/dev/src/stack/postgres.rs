//! PostgreSQL: a writable primary and a hot standby that streams from it.
//!
//! Owns how the two are created, configured and described as processes. Both configuration files are written anew at each
//! start, so that ports and passwords may change between two runs. A data directory is prepared under another name and
//! renamed when it is whole: an interrupted first start leaves nothing that the next one could mistake for data.

mod standby;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::error::StackError;
use super::process::{ProcessSpec, wave};
use super::readiness::Readiness;
use crate::programs::PostgresPrograms;
use crate::secrets::Secrets;
use crate::system_user::SystemUser;

/// The superuser, used only to create roles and databases.
pub const SUPERUSER: &str = "postgres";
/// The role that the standby streams with, and the name of its replication slot.
const REPLICATION: &str = "halles_replica";
/// The marketplace's database.
pub const DATABASE: &str = "halles";

/// How much the data is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Committed is on disk.
    Safe,
    /// Gone with the machine's power: for tests, which erase everything anyway.
    Throwaway,
}

/// Who connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Creates roles and databases.
    Superuser,
    /// Owns the tables and migrates them.
    Owner,
    /// Reads.
    Reader,
    /// Writes what services write.
    Writer,
}

impl Role {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Superuser => SUPERUSER,
            Self::Owner => "halles_owner",
            Self::Reader => "halles_read",
            Self::Writer => "halles_write",
        }
    }

    /// Its password in this stack.
    pub fn password(self, secrets: &Secrets) -> &str {
        match self {
            Self::Superuser => &secrets.superuser,
            Self::Owner => &secrets.owner,
            Self::Reader => &secrets.read,
            Self::Writer => &secrets.write,
        }
    }
}

/// The pair of servers: where they live and how they are reached.
#[derive(Debug, Clone)]
pub struct Postgres {
    /// PostgreSQL's programs.
    pub programs: PostgresPrograms,
    /// The directory that holds both data directories.
    pub directory: PathBuf,
    /// Who the servers run as, when not as ourselves.
    pub run_as: Option<SystemUser>,
    /// The port of the primary.
    pub primary_port: u16,
    /// The port of the standby.
    pub replica_port: u16,
    /// All passwords.
    pub secrets: Secrets,
    /// How much the data is worth.
    pub durability: Durability,
}

impl Postgres {
    /// The address of a database on the primary.
    pub fn primary_url(&self, role: Role, database: &str) -> String {
        url(self.primary_port, role.name(), role.password(&self.secrets), database)
    }

    /// The address of a database on the standby.
    pub fn replica_url(&self, role: Role, database: &str) -> String {
        url(self.replica_port, role.name(), role.password(&self.secrets), database)
    }

    /// The primary as a process.
    pub fn primary(&self) -> ProcessSpec {
        self.process("postgres-primary", wave::PRIMARY, &self.primary_data(), self.primary_port)
    }

    /// The standby as a process.
    pub fn replica(&self) -> ProcessSpec {
        self.process("postgres-replica", wave::STORES, &self.replica_data(), self.replica_port)
    }

    /// Makes the primary's data directory if there is none, and writes its configuration.
    pub async fn prepare_primary(&self) -> Result<(), StackError> {
        let data = self.primary_data();
        if !data.exists() {
            self.create_directory(&self.directory)?;
            let unfinished = self.directory.join("primary.unfinished");
            remove_tree(&unfinished)?;
            self.initialise(&unfinished).await?;
            fs::rename(&unfinished, &data)?;
        }
        self.write(&data.join("postgresql.conf"), &self.primary_settings())?;
        self.write(&data.join("pg_hba.conf"), ACCESS)
    }

    /// Creates the roles, the database and the standby's slot. The primary must accept connections.
    pub async fn prepare_roles(&self) -> Result<(), StackError> {
        self.run_sql(SUPERUSER, &self.roles_script()).await
    }

    /// Runs a script as the superuser through `psql`.
    pub async fn run_sql(&self, database: &str, script: &str) -> Result<(), StackError> {
        let mut command = Command::new(self.programs.program("psql"));
        command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--host", "127.0.0.1"]);
        command.args(["--port", &self.primary_port.to_string(), "--username", SUPERUSER, "--dbname", database]);
        command.env("PGPASSWORD", &self.secrets.superuser).stdin(Stdio::piped()).kill_on_drop(true);
        run_to_end("psql", command, script.as_bytes()).await
    }

    fn primary_data(&self) -> PathBuf {
        self.directory.join("primary")
    }

    fn replica_data(&self) -> PathBuf {
        self.directory.join("replica")
    }

    fn process(&self, name: &str, wave: u8, data: &Path, port: u16) -> ProcessSpec {
        ProcessSpec {
            name: name.to_owned(),
            program: self.programs.program("postgres"),
            args: vec![OsString::from("-D"), data.into()],
            env: Vec::new(),
            run_as: self.run_as.clone(),
            wave,
            port,
            readiness: Readiness::Postgres { port, pg_isready: self.programs.program("pg_isready") },
            // PostgreSQL's "fast" stop: sessions end, everything committed is on disk.
            stop_signal: Signal::SIGINT,
            stop_patience: Duration::from_secs(20),
        }
    }

    async fn initialise(&self, data: &Path) -> Result<(), StackError> {
        let password_file = self.directory.join("superuser.password");
        self.write(&password_file, &self.secrets.superuser)?;
        let mut command = self.command("initdb");
        command.arg("--pgdata").arg(data).arg("--pwfile").arg(&password_file);
        command.args(["--username", SUPERUSER, "--auth", "scram-sha-256", "--encoding", "UTF8"]);
        command.args(["--locale", "C.UTF-8", "--data-checksums", "--no-instructions"]);
        if self.durability == Durability::Throwaway {
            command.arg("--no-sync");
        }
        let result = run_to_end("initdb", command, b"").await;
        fs::remove_file(&password_file)?;
        result
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.program(program));
        if let Some(user) = &self.run_as {
            command.uid(user.uid).gid(user.gid).current_dir("/").env("HOME", "/");
        }
        command.stdin(Stdio::piped()).process_group(0).kill_on_drop(true);
        command
    }

    fn primary_settings(&self) -> String {
        self.settings(self.primary_port)
    }

    /// Sized for one laptop; memory is shared with everything else that the developer runs. Who is killed often is to be
    /// back soon: what is to be done again, and what the standby's slot remembers on disk, begins at the last checkpoint. More
    /// of those mean more whole pages in the log, so these are packed. One long question is not to take every core from the many
    /// short ones.
    fn settings(&self, port: u16) -> String {
        let durability = match self.durability {
            Durability::Safe => "",
            Durability::Throwaway => "fsync = off\nfull_page_writes = off\n",
        };
        format!(
            "# Written by `cargo dev` at each start.\n\
             listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
             max_connections = 300\nshared_buffers = 256MB\nmax_wal_size = 2GB\nrandom_page_cost = 1.1\n\
             max_parallel_workers_per_gather = 0\n\
             password_encryption = scram-sha-256\n\
             wal_level = replica\nmax_wal_senders = 5\nmax_replication_slots = 5\nhot_standby = on\n\
             max_slot_wal_keep_size = 8GB\ncheckpoint_timeout = 30s\nwal_compression = lz4\n\
             log_timezone = 'UTC'\ntimezone = 'UTC'\nlog_line_prefix = '%m [%p] %u@%d '\n{durability}"
        )
    }

    fn roles_script(&self) -> String {
        let mut script = String::new();
        let mut role = |name: &str, password: &str, options: &str| {
            script.push_str(&format!(
                "SELECT 'CREATE ROLE {name}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec\n\
                 ALTER ROLE {name} LOGIN {options} PASSWORD '{password}';\n"
            ));
        };
        role(REPLICATION, &self.secrets.replication, "REPLICATION");
        for kind in [Role::Owner, Role::Reader, Role::Writer] {
            role(kind.name(), kind.password(&self.secrets), "NOSUPERUSER");
        }
        script.push_str(&format!(
            "SELECT 'CREATE DATABASE {DATABASE} OWNER halles_owner' \
             WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec\n"
        ));
        script.push_str(&standby::slot_script());
        format!("\\o /dev/null\n{script}")
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        self.own(path)
    }

    /// Writes a file that only the servers' user may read, whole or not at all.
    fn write(&self, path: &Path, text: &str) -> Result<(), StackError> {
        let unfinished = path.with_extension("unfinished");
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        self.own(&unfinished)?;
        Ok(fs::rename(unfinished, path)?)
    }

    fn own(&self, path: &Path) -> io::Result<()> {
        self.run_as.as_ref().map_or(Ok(()), |user| user.own(path))
    }
}

/// Passwords for everybody, and nobody from another machine.
const ACCESS: &str = "# Written by `cargo dev` at each start.\n\
    host all         all            127.0.0.1/32 scram-sha-256\n\
    host replication halles_replica 127.0.0.1/32 scram-sha-256\n";

fn url(port: u16, role: &str, password: &str, database: &str) -> String {
    format!("postgres://{role}:{password}@127.0.0.1:{port}/{database}")
}

fn remove_tree(path: &Path) -> io::Result<()> {
    if path.exists() { fs::remove_dir_all(path) } else { Ok(()) }
}

/// Runs a tool to its end; its complaint becomes the error.
pub(super) async fn run_to_end(program: &str, mut command: Command, input: &[u8]) -> Result<(), StackError> {
    let failed = |why: String| StackError::ToolFailed { program: program.to_owned(), why };
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A tool that does not read its input may close it early, which is not a failure of the tool.
        let _closed = stdin.write_all(input).await;
    }
    let output = child.wait_with_output().await.map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint = if complaint.trim().is_empty() { String::from_utf8_lossy(&output.stdout) } else { complaint };
    Err(failed(format!("{}\n{}", output.status, complaint.trim())))
}
