//! Pools of connections that fail fast and recover fast. Two types, so that a write cannot be given a replica.
//!
//! Every statement has three limits: the wait for a connection, the server's `statement_timeout`, and ours a little
//! later for a server that answers nothing at all. A server that breaks the last one is treated as gone: its pooled
//! connections are thrown away and, for a moment, callers are refused at once (see [`Outage`]).

use std::future::Future;
use std::time::{Duration, Instant};

use deadpool_postgres::{
    GenericClient, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime, TimeoutType, Timeouts,
};
use opentelemetry::metrics::Meter;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, KeyValue};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use tracing::{Instrument, Span, field};

use crate::StoreSettings;
use crate::address::Address;
use crate::error::{Server, StoreError, describe};
use crate::lease::{self, Lease};
use crate::meters::PoolMeters;
use crate::outage::Outage;

/// Every statement here finds its rows by keys, so one plan serves all values. Left to itself, the server may plan anew for
/// every call and never stop: it compares with what a plan cost *it* once, and forgets that only when the session ends. A table
/// that grew from nothing while the session lived is enough, and planning the page of an order takes longer than reading it.
const ONE_PLAN: &str = "-c plan_cache_mode=force_generic_plan";

/// How much longer than the server's own limit we wait before we call the server gone.
const ANSWER_MARGIN: Duration = Duration::from_millis(500);

/// What tells one pool from another.
struct PoolPlan<'a> {
    /// The pool's name in metrics.
    name: &'static str,
    server: Server,
    url: &'a str,
    max_connections: u32,
    statement_timeout_ms: u64,
    read_only: bool,
}

/// Connections to one server, for statements that only read.
#[derive(Debug)]
pub(crate) struct ReadPool(Pool);

/// Connections to the primary, for statements that may write.
#[derive(Debug)]
pub(crate) struct WritePool(Pool);

#[derive(Debug)]
struct Pool {
    name: &'static str,
    server: Server,
    connections: deadpool_postgres::Pool,
    outage: Outage,
    answer_timeout: Duration,
    meters: PoolMeters,
}

impl ReadPool {
    /// The pool of a service's reads.
    pub(crate) fn of_replica(settings: &StoreSettings, meter: &Meter) -> Result<Self, StoreError> {
        let plan = PoolPlan {
            name: "replica",
            server: Server::Replica,
            url: required(&settings.replica_url, "store.replica_url")?,
            max_connections: settings.replica_max_connections,
            statement_timeout_ms: settings.read_timeout_ms,
            read_only: true,
        };
        Pool::new(&plan, settings, meter).map(Self)
    }

    /// The small pool of reads that may go to the primary while the replica is away. Its sessions are read-only.
    pub(crate) fn of_primary(settings: &StoreSettings, meter: &Meter) -> Result<Self, StoreError> {
        let plan = PoolPlan {
            name: "fallback",
            server: Server::Primary,
            url: required(&settings.primary_url, "store.primary_url")?,
            max_connections: settings.fallback_max_concurrent,
            statement_timeout_ms: settings.read_timeout_ms,
            read_only: true,
        };
        Pool::new(&plan, settings, meter).map(Self)
    }

    /// Runs one reading statement.
    pub(crate) async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        self.0.lend(|connection| async move { run(&*connection, sql, params).await }).await
    }
}

impl WritePool {
    /// The pool of a service's writes.
    pub(crate) fn new(settings: &StoreSettings, meter: &Meter) -> Result<Self, StoreError> {
        let plan = PoolPlan {
            name: "primary",
            server: Server::Primary,
            url: required(&settings.primary_url, "store.primary_url")?,
            max_connections: settings.primary_max_connections,
            statement_timeout_ms: settings.write_timeout_ms,
            read_only: false,
        };
        Pool::new(&plan, settings, meter).map(Self)
    }

    /// Runs one statement outside a transaction.
    pub(crate) async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        self.write(|connection| async move { run(&*connection, sql, params).await }).await
    }

    /// Gives `work` a connection of its own, and the time of one write.
    pub(crate) async fn write<T, F, W>(&self, work: W) -> Result<T, StoreError>
    where
        W: FnOnce(Lease) -> F,
        F: Future<Output = Result<T, StoreError>>,
    {
        self.0.lend(work).await
    }
}

impl Pool {
    fn new(plan: &PoolPlan<'_>, settings: &StoreSettings, meter: &Meter) -> Result<Self, StoreError> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = session_address(plan, settings)?
            .manager(recycling)
            .map_err(|error| StoreError::internal("reading a database address", error))?;
        let connect_timeout = Duration::from_millis(settings.connect_timeout_ms);
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(plan.max_connections as usize)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(Duration::from_millis(settings.acquire_timeout_ms)),
                create: Some(connect_timeout),
                recycle: Some(connect_timeout),
            })
            .build()
            .map_err(|error| StoreError::internal("building a connection pool", error))?;
        watch(meter, plan.name, &connections);
        Ok(Self {
            name: plan.name,
            server: plan.server,
            connections,
            outage: Outage::new(Duration::from_millis(settings.outage_probe_ms)),
            answer_timeout: Duration::from_millis(plan.statement_timeout_ms) + ANSWER_MARGIN,
            meters: PoolMeters::new(meter, plan.name),
        })
    }

    /// Runs `work` on a connection, within all limits.
    async fn lend<T, F, W>(&self, work: W) -> Result<T, StoreError>
    where
        W: FnOnce(Lease) -> F,
        F: Future<Output = Result<T, StoreError>>,
    {
        let span = self.open_span();
        let (lease, lender) = lease::lend(self.acquire().instrument(span.clone()).await?);
        let started = Instant::now();
        let answer = self.answered(work(lease)).instrument(span.clone()).await;
        self.meters.worked(started.elapsed());
        if let Err(error) = &answer {
            span.record("otel.status_code", "ERROR").record("error.type", error.kind());
        }
        if !matches!(answer, Err(StoreError::Unavailable { .. })) {
            lender.accept();
        }
        answer
    }

    /// A span for the whole of it, if what happens here belongs to a trace that is kept: it costs more than it tells about
    /// anything else.
    fn open_span(&self) -> Span {
        if !Context::map_current(|context| context.span().span_context().is_sampled()) {
            return Span::none();
        }
        tracing::info_span!(
            "postgresql",
            otel.kind = "client",
            otel.status_code = field::Empty,
            error.type = field::Empty,
            db.system.name = "postgresql",
            db.client.connection.pool.name = self.name,
        )
    }

    async fn acquire(&self) -> Result<Object, StoreError> {
        if !self.outage.admits() {
            return Err(self.unavailable("it did not answer a moment ago".to_owned()));
        }
        let started = Instant::now();
        let connection = self.connections.get().await.map_err(|error| self.on_acquire_error(error))?;
        self.meters.acquired(started.elapsed());
        Ok(connection)
    }

    async fn answered<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let Ok(answer) = tokio::time::timeout(self.answer_timeout, work).await else {
            // A server that outlives its own statement timeout is not busy but gone, and so are its connections.
            self.connections.retain(|_, _| false);
            self.begin_outage("no answer");
            return Err(self.unavailable("no answer".to_owned()));
        };
        match &answer {
            Ok(_) => self.end_outage(),
            Err(StoreError::Unavailable { reason, .. }) => self.begin_outage(reason),
            Err(_) => {}
        }
        answer.map_err(|error| self.name_server(error))
    }

    fn on_acquire_error(&self, error: PoolError) -> StoreError {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => {
                StoreError::Timeout { server: self.server, reason: "no connection became free".to_owned() }
            }
            PoolError::Backend(error) if error.as_db_error().is_some() => {
                // It speaks, so it is no outage: too many connections, a wrong password, or still starting.
                self.unavailable(describe(&error))
            }
            error => {
                let reason = describe(&error);
                self.begin_outage(&reason);
                self.unavailable(reason)
            }
        }
    }

    fn unavailable(&self, reason: String) -> StoreError {
        StoreError::Unavailable { server: self.server, reason }
    }

    /// Statements do not know which server they ran on; the pool does.
    fn name_server(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Unavailable { reason, .. } => StoreError::Unavailable { server: self.server, reason },
            StoreError::Timeout { reason, .. } => StoreError::Timeout { server: self.server, reason },
            other => other,
        }
    }

    fn begin_outage(&self, reason: &str) {
        if self.outage.begin() {
            self.meters.outage();
            tracing::warn!(server = %self.server, reason, "a database server stopped answering");
        }
    }

    fn end_outage(&self) {
        if self.outage.end() {
            tracing::info!(server = %self.server, "the database server answers again");
        }
    }
}

/// Runs one statement, prepared once for each connection.
pub(crate) async fn run(
    connection: &impl GenericClient,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, StoreError> {
    let statement = connection.prepare_cached(sql).await.map_err(StoreError::from)?;
    connection.query(&statement, params).await.map_err(StoreError::from)
}

/// The server is filled in by the pool that the statement ran in.
impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::from_driver(Server::Primary, &error)
    }
}

fn required<'a>(url: &'a halles_settings::Secret, setting: &str) -> Result<&'a str, StoreError> {
    url.expose_if_set()
        .ok_or_else(|| StoreError::Internal { doing: format!("opening the store: {setting} is not set"), source: None })
}

fn session_address(plan: &PoolPlan<'_>, settings: &StoreSettings) -> Result<Address, StoreError> {
    let mut address =
        Address::parse(plan.url).map_err(|error| StoreError::internal("reading a database address", error))?;
    let given = address.config.get_options().unwrap_or_default().to_owned();
    let read_only = if plan.read_only { " -c default_transaction_read_only=on" } else { "" };
    let (timeout, idle_timeout) = (plan.statement_timeout_ms, settings.idle_transaction_timeout_ms);
    let limits = format!("-c statement_timeout={timeout} -c idle_in_transaction_session_timeout={idle_timeout}");
    address
        .config
        .options(format!("{given} {ONE_PLAN} {limits}{read_only}").trim())
        .application_name(settings.application_name.as_str())
        .connect_timeout(Duration::from_millis(settings.connect_timeout_ms))
        .keepalives_idle(Duration::from_secs(30))
        // A machine that is gone acknowledges nothing: the kernel then closes the connection for us.
        .tcp_user_timeout(Duration::from_millis(plan.statement_timeout_ms) + ANSWER_MARGIN);
    Ok(address)
}

/// Exports how many connections of the pool are in use and how many callers wait for one.
fn watch(meter: &Meter, pool_name: &'static str, connections: &deadpool_postgres::Pool) {
    let name = KeyValue::new("db.client.connection.pool.name", pool_name);
    let (pool, waited_for) = (connections.weak(), connections.weak());
    let labels = |state: &'static str| [name.clone(), KeyValue::new("db.client.connection.state", state)];
    let (used, idle) = (labels("used"), labels("idle"));
    // The meter keeps these, so the handles are not needed.
    let _count = meter
        .i64_observable_up_down_counter("db.client.connection.count")
        .with_description("Connections of the pool, by what they do")
        .with_callback(move |observer| {
            let Some(status) = pool.upgrade().map(|pool| pool.status()) else { return };
            observer.observe(count_of(status.size.saturating_sub(status.available)), &used);
            observer.observe(count_of(status.available), &idle);
        })
        .build();
    let _pending = meter
        .i64_observable_up_down_counter("db.client.connection.pending_requests")
        .with_description("Callers that wait for a connection of the pool")
        .with_callback(move |observer| {
            let Some(status) = waited_for.upgrade().map(|pool| pool.status()) else { return };
            observer.observe(count_of(status.waiting), std::slice::from_ref(&name));
        })
        .build();
}

fn count_of(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
