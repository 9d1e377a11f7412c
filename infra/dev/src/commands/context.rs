//! What every command starts from: the terminal, the source tree, the state directory and the stack that runs in it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::ports::Ports;
use crate::programs::PostgresPrograms;
use crate::say::Say;
use crate::secrets::Secrets;
use crate::stack::postgres::{Durability, Postgres};
use crate::stack::roster::Roster;
use crate::state_dir::StateDir;
use crate::system_user::SystemUser;
use crate::workspace::Workspace;

/// Where state goes unless somebody says otherwise.
const STATE_DIR: &str = ".halles";

/// What every command starts from.
pub struct Context {
    /// The terminal.
    pub say: Say,
    state_dir: Option<PathBuf>,
}

/// What other commands need to know about a running stack; written by `up`.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunningPlan {
    /// The address of the shop.
    pub url: String,
    /// Who listens where.
    pub ports: Ports,
}

impl Context {
    /// Remembers what was asked for; nothing is looked at yet.
    pub fn new(state_dir: Option<PathBuf>, say: Say) -> Self {
        Self { say, state_dir }
    }

    /// The source tree.
    pub fn workspace(&self) -> Result<Workspace> {
        Workspace::find()
    }

    /// The state directory. To be asked for once PostgreSQL is installed: its user decides where its data goes.
    pub fn state(&self) -> Result<StateDir> {
        let root = match &self.state_dir {
            Some(directory) => std::path::absolute(directory)?,
            None => self.workspace()?.root().join(STATE_DIR),
        };
        let postgres_user = SystemUser::for_postgres()?;
        Ok(StateDir::new(root, postgres_user.as_ref()))
    }

    /// The list of what runs.
    pub fn roster(&self) -> Result<Roster> {
        Ok(Roster::new(&self.state()?.run()))
    }

    /// The plan of the stack that runs now; an error that says what to do when none does.
    pub fn running_plan(&self) -> Result<RunningPlan> {
        let state = self.state()?;
        if state.running()?.is_none() {
            bail!("nothing is running in {}; start it with `cargo dev up`", state.root().display());
        }
        let text =
            fs::read_to_string(state.plan()).context("the stack is only just starting; try again in a moment")?;
        toml::from_str(&text).context("the plan of the running stack cannot be read")
    }

    /// The databases of the stack that runs now.
    pub fn running_postgres(&self) -> Result<Postgres> {
        let plan = self.running_plan()?;
        let state = self.state()?;
        Ok(Postgres {
            programs: PostgresPrograms::find(None).context("PostgreSQL is not installed")?,
            directory: state.postgres().to_owned(),
            run_as: SystemUser::for_postgres()?,
            primary_port: plan.ports.primary,
            replica_port: plan.ports.replica,
            secrets: Secrets::load_or_create(&state.secrets())?,
            durability: Durability::Safe,
        })
    }
}
