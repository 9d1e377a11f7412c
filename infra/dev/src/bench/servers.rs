//! The servers of a benchmark: stores that all its parts share, and whatever a part starts beside them.
//!
//! The server that is measured and whoever loads it run on different cores, so that neither takes the other's time.
//! Everything is as durable as the real thing and gone afterwards.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use halles_catalogue::{GenerateArgs, generate};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::ports::{InstancePorts, LOOPBACK, Ports};
use crate::programs::find_in_path;
use crate::say::Say;
use crate::stack::postgres::{DATABASE, Durability, Role, SUPERUSER};
use crate::stack::process::ProcessSpec;
use crate::stack::services::ServicePrograms;
use crate::stack::{Stack, StackPlan};
use crate::state_dir::StateDir;
use crate::system_user::SystemUser;

/// The core of the server that is measured.
pub const SERVER_CORE: usize = 0;
/// The core of whoever loads it.
pub const LOAD_CORE: usize = 1;

/// Instances of the listing service: enough for a fleet.
const LISTING_INSTANCES: usize = 3;

/// Servers that exist for one run of one benchmark.
pub struct BenchServers {
    stack: Stack,
    state: StateDir,
    say: Say,
    rounds: u32,
    listings: u64,
}

impl BenchServers {
    /// Describes them; nothing is started yet.
    pub fn prepare(programs: ServicePrograms, rounds: u32, say: Say) -> Result<Self> {
        // On a disk, not in a temporary directory that may live in memory.
        let root = PathBuf::from(format!("/var/tmp/halles-bench-{}", std::process::id()));
        let state = StateDir::new(root, SystemUser::for_postgres()?.as_ref());
        let mut ports = Ports::default();
        ports.listing.resize(LISTING_INSTANCES, InstancePorts { port: 0, admin_port: 0 });
        let plan = StackPlan {
            state: state.clone(),
            ports: ports.free()?,
            host: LOOPBACK.to_string(),
            durability: Durability::Safe,
            services: programs,
        };
        let (sender, _nobody) = mpsc::unbounded_channel();
        Ok(Self { stack: Stack::new(plan, sender)?, state, say, rounds, listings: 0 })
    }

    /// Starts the stores, and fills the catalogue with so many generated listings.
    pub async fn start(&mut self, listings: u64) -> Result<()> {
        let _waiting = self.say.waiting("stores", "a primary, its standby and two Redis servers");
        self.stack.start_stores().await?;
        self.listings = listings;
        if listings == 0 {
            return Ok(());
        }
        let url = self.stack.owner_url();
        halles_store::migrate(&url).await.context("the schema cannot be made")?;
        let args = GenerateArgs { listings, ..GenerateArgs::demo() };
        generate(&args, &url, &()).await.context("the listings cannot be generated")?;
        // Whoever reads statistics afterwards should find them settled, and no vacuum in the middle of a round.
        let script = format!("\\connect {DATABASE}\nVACUUM ANALYZE;\nCHECKPOINT;\n");
        self.stack.postgres().run_sql(SUPERUSER, &script).await?;
        Ok(())
    }

    /// How often every side is to be measured.
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// How many listings the catalogue has.
    pub fn listings(&self) -> u64 {
        self.listings
    }

    /// The voice of the command.
    pub fn say(&self) -> &Say {
        &self.say
    }

    /// The stack that the stores belong to.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// The read replica with the role that may read.
    pub fn replica_url(&self) -> String {
        self.stack.postgres().replica_url(Role::Reader, DATABASE)
    }

    /// Starts one of our services, such as `listing-1`, with settings on top of those that the stack gives it, for
    /// example `("CACHE__L1_BYTES", "1000000")`. Returns its process id once it is ready.
    pub async fn start_service(&mut self, name: &str, settings: &[(&str, &str)], core: Option<usize>) -> Result<i32> {
        let mut spec = self.stack.describe_service(name)?;
        spec.env.extend(settings.iter().map(|(name, value)| (format!("HALLES_{name}"), (*value).to_owned())));
        self.start_process(spec, core).await
    }

    /// Starts any process, on one core if one is named. Returns its process id once it is ready.
    pub async fn start_process(&mut self, spec: ProcessSpec, core: Option<usize>) -> Result<i32> {
        let spec = match core {
            Some(core) => pinned(spec, core)?,
            None => spec,
        };
        Ok(self.stack.start_beside(spec).await?)
    }

    /// Stops everything but the stores and empties the cache's Redis: the next part begins with nothing.
    pub async fn clear(&mut self) -> Result<()> {
        self.stack.stop_services().await;
        self.flush_redis_cache().await
    }

    /// Empties the cache's Redis.
    pub async fn flush_redis_cache(&self) -> Result<()> {
        let mut stream = TcpStream::connect((LOOPBACK, self.stack.plan().ports.redis_cache)).await?;
        stream.write_all(b"FLUSHALL SYNC\r\n").await?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).await?;
        if &answer == b"+OK\r\n" { Ok(()) } else { bail!("Redis would not be emptied") }
    }

    /// Stops everything and removes what it left.
    pub async fn stop(&mut self) -> Result<()> {
        self.stack.stop().await;
        self.state.erase().context("the benchmark's servers left something behind")
    }
}

/// The same process, kept on one core from its first moment on.
fn pinned(mut spec: ProcessSpec, core: usize) -> Result<ProcessSpec> {
    let taskset = find_in_path("taskset").context("taskset is not installed; it comes with util-linux")?;
    let program = std::mem::replace(&mut spec.program, taskset);
    let front = ["-c".into(), core.to_string().into(), program.into()];
    spec.args.splice(0..0, front);
    Ok(spec)
}
