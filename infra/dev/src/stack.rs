//! The local stack: every process of the marketplace on this machine, started, watched and stopped together.
//!
//! ```text
//!   wave 0  postgres-primary
//!   wave 1  postgres-replica · redis-cache · redis-order-log        (then migrations and demo data)
//!   wave 2  indexer · order-worker
//!   wave 3  listing-1, listing-2 · search-1, search-2 · order · payments · mailbox
//!   wave 4  haproxy · prometheus, when it was asked for
//! ```
//!
//! A stack starts wave by wave and stops the other way round. Each process is supervised: one that dies is started again
//! (any process may be killed at any moment). `cargo dev up`, `cargo dev test` and the end-to-end tests all use this.

mod error;
pub mod haproxy;
mod leftovers;
pub mod postgres;
pub mod process;
pub mod prometheus;
pub mod readiness;
pub mod redis;
pub mod roster;
pub mod services;
pub mod supervisor;

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
use tokio::process::Command;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

pub use self::error::StackError;
pub use self::leftovers::stop_leftovers;
use self::postgres::{DATABASE, Durability, Postgres, Role};
use self::process::{ProcessSpec, tail, wave};
use self::roster::Roster;
use self::services::{ServicePrograms, Surroundings, redis_url};
use self::supervisor::{Event, Place, Supervised};
use crate::port_holder::find_holder;
use crate::ports::{Ports, is_taken};
use crate::programs::{PostgresPrograms, find_in_path};
use crate::secrets::Secrets;
use crate::state_dir::StateDir;
use crate::system_user::SystemUser;

/// How long a store may take to become ready: recovery after a crash replays the log first.
const STORE_PATIENCE: Duration = Duration::from_secs(60);
/// How long a service may take: a search instance waits for the first index of a large catalogue.
const SERVICE_PATIENCE: Duration = Duration::from_secs(300);
/// How many lines of a log explain a failure.
const EXPLANATION_LINES: usize = 12;

/// What a stack is made of.
#[derive(Debug, Clone)]
pub struct StackPlan {
    /// Where its state lives; locked by whoever starts the stack.
    pub state: StateDir,
    /// Who listens where.
    pub ports: Ports,
    /// The address that the shop is reachable at; loopback unless a phone on the same network should see it.
    pub host: String,
    /// How much the data is worth.
    pub durability: Durability,
    /// The built programs of our services.
    pub services: ServicePrograms,
}

impl StackPlan {
    /// The address of the shop. Whoever listens on every address of the machine is reached at this one.
    pub fn url(&self) -> String {
        let host = if self.host == "0.0.0.0" { "127.0.0.1" } else { &self.host };
        format!("http://{host}:{}", self.ports.web)
    }
}

/// A stack, from the first process on. Dropped without [`Stack::stop`], it signals whatever still runs.
pub struct Stack {
    plan: StackPlan,
    postgres: Postgres,
    redis_server: PathBuf,
    haproxy: PathBuf,
    secrets: Secrets,
    url: String,
    place: Place,
    /// Settings that all services get on top of their own.
    shared_settings: Vec<(String, String)>,
    processes: Vec<Supervised>,
    events: mpsc::UnboundedSender<Event>,
}

impl Stack {
    /// Looks at everything that could be in the way before anything is started: programs, directories, ports.
    pub fn new(plan: StackPlan, events: mpsc::UnboundedSender<Event>) -> Result<Self, StackError> {
        plan.state.create()?;
        let secrets = Secrets::load_or_create(&plan.state.secrets())?;
        let directory = plan.state.postgres().to_owned();
        let programs = PostgresPrograms::find(major_version_of(&directory.join("primary")));
        let postgres = Postgres {
            programs: programs.ok_or(StackError::ProgramMissing("the version of PostgreSQL that made this data"))?,
            directory,
            run_as: SystemUser::for_postgres()?,
            primary_port: plan.ports.primary,
            replica_port: plan.ports.replica,
            secrets: secrets.clone(),
            durability: plan.durability,
        };
        let redis_server = find_in_path("redis-server").ok_or(StackError::ProgramMissing("redis-server"))?;
        let haproxy = find_in_path("haproxy").ok_or(StackError::ProgramMissing("haproxy"))?;
        let place = Place { logs: plan.state.logs(), roster: Roster::new(&plan.state.run()) };
        check_ports(&plan.ports)?;
        let url = plan.url();
        Ok(Self {
            url,
            plan,
            postgres,
            redis_server,
            haproxy,
            secrets,
            place,
            shared_settings: Vec::new(),
            processes: Vec::new(),
            events,
        })
    }

    /// Starts the databases and both Redis servers, and waits until all are ready.
    pub async fn start_stores(&mut self) -> Result<(), StackError> {
        let ports = &self.plan.ports;
        let cache = redis::cache(&self.redis_server, ports.redis_cache);
        let order_log = redis::order_log(&self.redis_server, ports.redis_order_log, &self.plan.state.redis());
        self.start(vec![cache, order_log]);
        self.postgres.prepare_primary().await?;
        self.start(vec![self.postgres.primary()]);
        self.await_ready(STORE_PATIENCE).await?;
        self.postgres.prepare_roles().await?;
        self.postgres.prepare_replica().await?;
        self.start(vec![self.postgres.replica()]);
        self.await_ready(STORE_PATIENCE).await
    }

    /// Brings the schema up to date, with the role that owns it.
    pub async fn migrate(&self) -> Result<(), StackError> {
        let mut command = Command::new(self.plan.services.program("halles-migrate"));
        command.envs(self.surroundings().migrate_settings()).kill_on_drop(true).process_group(0);
        postgres::run_to_end("halles-migrate", command, b"").await
    }

    /// Gives all services that are started from now on a setting on top of their own, such as
    /// `("TELEMETRY__OTLP_ENDPOINT", "http://127.0.0.1:4318")`.
    pub fn set_for_all(&mut self, name: &str, value: &str) {
        self.shared_settings.push((format!("HALLES_{name}"), value.to_owned()));
    }

    /// Starts the services and waits until all are ready.
    pub async fn start_services(&mut self) -> Result<(), StackError> {
        let specs = self.surroundings().processes();
        self.start(specs);
        self.await_ready(SERVICE_PATIENCE).await
    }

    /// One of the services by its name, as it is started with the rest.
    pub fn describe_service(&self, name: &str) -> Result<ProcessSpec, StackError> {
        let found = self.surroundings().processes().into_iter().find(|spec| spec.name == name);
        found.ok_or_else(|| StackError::UnknownProcess(name.to_owned()))
    }

    /// Starts one process beside those that run, and waits until it is ready. Returns its process id.
    pub async fn start_beside(&mut self, spec: ProcessSpec) -> Result<i32, StackError> {
        let name = spec.name.clone();
        self.start(vec![spec]);
        self.await_ready(SERVICE_PATIENCE).await?;
        self.process(&name)?.pid().ok_or_else(|| self.not_ready(&name))
    }

    /// Opens the door.
    pub async fn start_balancer(&mut self) -> Result<(), StackError> {
        let run = self.plan.state.run();
        let spec = haproxy::prepare(&self.haproxy, &run, &self.plan.host, &self.plan.ports)?;
        self.start(vec![spec]);
        self.await_ready(STORE_PATIENCE).await
    }

    /// Stops everything cleanly, the last started first.
    pub async fn stop(&mut self) {
        self.stop_from(wave::PRIMARY).await;
    }

    /// Stops everything but the stores.
    pub async fn stop_services(&mut self) {
        self.stop_from(wave::WORKERS).await;
    }

    async fn stop_from(&mut self, first: u8) {
        for wave in (first..=wave::BALANCER).rev() {
            let in_wave = self.processes.iter().filter(|process| process.spec().wave == wave);
            join_all(in_wave.map(Supervised::hold)).await;
        }
        self.processes.retain(|process| process.spec().wave < first);
    }

    /// Waits until everything that happened so far has been told to the listener.
    pub async fn events_told(&self) {
        let (mark, told) = oneshot::channel();
        if self.events.send(Event::Mark(mark)).is_ok() {
            let _nobody_listens = told.await;
        }
    }

    /// Starts Prometheus with our rules, and waits until it is ready.
    pub async fn start_prometheus(&mut self) -> Result<(), StackError> {
        let program = find_in_path("prometheus").ok_or(StackError::ProgramMissing("prometheus"))?;
        let port = self.plan.ports.prometheus;
        if is_taken(port) {
            return Err(StackError::PortTaken { port, process: "prometheus".to_owned(), holder: find_holder(port) });
        }
        let state = &self.plan.state;
        let spec = prometheus::prepare(&program, &state.run(), &state.prometheus(), &self.plan.ports)?;
        self.start_beside(spec).await.map(drop)
    }

    /// Every process, in the order of starting.
    pub fn processes(&self) -> &[Supervised] {
        &self.processes
    }

    /// One process by its name.
    pub fn process(&self, name: &str) -> Result<&Supervised, StackError> {
        let found = self.processes.iter().find(|process| process.spec().name == name);
        found.ok_or_else(|| StackError::UnknownProcess(name.to_owned()))
    }

    /// The address of the shop.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The databases.
    pub fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// The marketplace's database with the role that owns it: for the generator and the importer.
    pub fn owner_url(&self) -> String {
        self.postgres.primary_url(Role::Owner, DATABASE)
    }

    /// The cache's Redis.
    pub fn redis_cache_url(&self) -> String {
        redis_url(self.plan.ports.redis_cache)
    }

    /// The order log's Redis.
    pub fn redis_order_log_url(&self) -> String {
        redis_url(self.plan.ports.redis_order_log)
    }

    /// What it is made of.
    pub fn plan(&self) -> &StackPlan {
        &self.plan
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            programs: &self.plan.services,
            ports: &self.plan.ports,
            postgres: &self.postgres,
            secrets: &self.secrets,
            state: &self.plan.state,
            url: &self.url,
            shared_settings: &self.shared_settings,
        }
    }

    fn start(&mut self, specs: Vec<ProcessSpec>) {
        for spec in specs {
            self.processes.push(Supervised::start(spec, &self.place, self.events.clone()));
        }
    }

    /// Waits until all that was started is ready; the first to fail is named, with the end of its log.
    async fn await_ready(&self, patience: Duration) -> Result<(), StackError> {
        let waits = self.processes.iter().map(async |process| {
            let ready = timeout(patience, process.ready()).await.unwrap_or(false);
            if ready { Ok(()) } else { Err(self.not_ready(&process.spec().name)) }
        });
        try_join_all(waits).await.map(drop)
    }

    fn not_ready(&self, name: &str) -> StackError {
        StackError::NotReady { name: name.to_owned(), log: tail(&self.plan.state.log_of(name), EXPLANATION_LINES) }
    }
}

/// The major version that made a data directory, so that a machine with several uses the right one.
fn major_version_of(data: &std::path::Path) -> Option<u32> {
    // Readable by PostgreSQL's user only; root can read it all the same.
    std::fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

fn check_ports(ports: &Ports) -> Result<(), StackError> {
    if let Some((port, first, second)) = ports.find_clash() {
        return Err(StackError::PortClash { port, first, second });
    }
    match ports.named().into_iter().find(|(_, port)| is_taken(*port)) {
        Some((process, port)) => Err(StackError::PortTaken { port, process, holder: find_holder(port) }),
        None => Ok(()),
    }
}
