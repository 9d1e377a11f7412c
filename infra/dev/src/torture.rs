//! Torture: shoppers order, repeat and cancel while faults strike, and a checker that knows nothing of the services' code
//! compares what the shoppers were told with what the database holds.
//!
//! ```text
//!   shoppers ──HTTP──► order-1, order-2 ──► order log ──► order-worker-1, -2 ──► PostgreSQL
//!      │ write down what they are told      ▲   faults: kill -9, pauses   ▲            │
//!      ▼                                    └─────────────────────────────┘            │
//!    record ───────────────────────────► checker ◄─────────── psql, while and after ───┘
//! ```
//!
//! Everything that is chosen is chosen from a seed; what the machine makes of it is not repeatable, and need not be: the
//! promises hold under any interleaving.

mod checker;
mod faults;
mod record;
mod shoppers;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use halles_catalogue::{GenerateArgs, generate};
use halles_queue::order_log::{OrderLog, OrderLogSettings};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::sleep;

use self::checker::Checker;
use self::faults::Faults;
use self::record::Record;
use self::shoppers::{Shoppers, Tally};
use crate::ports::{InstancePorts, LOOPBACK, Ports};
use crate::say::Say;
use crate::stack::postgres::Durability;
use crate::stack::services::ServicePrograms;
use crate::stack::{Stack, StackPlan};
use crate::state_dir::StateDir;
use crate::system_user::SystemUser;

/// Instances of the order service, and workers: each must be able to do without the other.
const INSTANCES: usize = 2;
/// Listings that everybody wants, and how many pieces there are of each.
const LISTINGS: u64 = 12;
const PIECES: u32 = 40;
/// Holds end while the shoppers are still at it, so that pieces come free all the time.
const HOLD_MS: &str = "4000";
/// How long the log may take to come to rest after the last fault.
const REST: Duration = Duration::from_secs(120);

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ordeal {
    /// For how long.
    pub lasting: Duration,
    /// What everything is chosen from.
    pub seed: u64,
    /// How many shoppers are at it at once.
    pub shoppers: u32,
}

/// How it went.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What everything was chosen from.
    pub seed: u64,
    /// How long it lasted, without start and end.
    pub seconds: u64,
    /// What the shoppers did and were told.
    pub tally: Tally,
    /// How often each fault struck.
    pub faults: std::collections::BTreeMap<String, u32>,
    /// How often stock was compared with orders while all this went on.
    pub samples: u64,
    /// In which states the orders ended.
    pub states: std::collections::BTreeMap<String, u64>,
    /// Every broken promise; none when all is well.
    pub violations: Vec<String>,
}

/// Starts a stack, tortures it, and takes it away again.
pub async fn orders(programs: ServicePrograms, ordeal: Ordeal, say: &Say) -> Result<Outcome> {
    let root = PathBuf::from(format!("/var/tmp/halles-torture-{}", std::process::id()));
    let state = StateDir::new(root, SystemUser::for_postgres()?.as_ref());
    let mut ports = Ports::default();
    ports.order.resize(INSTANCES, InstancePorts { port: 0, admin_port: 0 });
    ports.order_worker.resize(INSTANCES, 0);
    let plan = StackPlan {
        state: state.clone(),
        ports: ports.free()?,
        host: LOOPBACK.to_string(),
        durability: Durability::Safe,
        services: programs,
    };
    let (sender, _nobody) = mpsc::unbounded_channel();
    let mut stack = Stack::new(plan, sender)?;
    let outcome = torture(&mut stack, ordeal, say).await;
    stack.stop().await;
    state.erase().context("the torture left something behind")?;
    outcome
}

async fn torture(stack: &mut Stack, ordeal: Ordeal, say: &Say) -> Result<Outcome> {
    start(stack, say).await?;
    let checker = Checker::new(stack.postgres());
    let listings = checker.stock_up(LISTINGS, PIECES).await?;
    let record = Record::default();
    let ports: Vec<u16> = stack.plan().ports.order.iter().map(|instance| instance.port).collect();
    let shoppers = Shoppers { ordeal, ports, listings, record: record.clone() };
    let mut faults = Faults::new(ordeal.seed);
    let began = Instant::now();
    let waiting = say.waiting("torture", &format!("{} shoppers, seed {}", ordeal.shoppers, ordeal.seed));
    let end = began + ordeal.lasting;
    let (tally, (), sampled) = tokio::join!(shoppers.run(end), faults.strike(stack, end), checker.sample_until(end));
    drop(waiting);
    let _waiting = say.waiting("rest", "everything that was accepted comes to an outcome");
    come_to_rest(stack).await?;
    let (tally, (samples, mut violations)) = (tally?, sampled);
    let verdict = checker.judge(&record).await?;
    violations.extend(record.contradictions());
    violations.extend(verdict.violations);
    let seconds = ordeal.lasting.as_secs();
    Ok(Outcome {
        seed: ordeal.seed,
        seconds,
        tally,
        faults: faults.struck,
        samples,
        states: verdict.states,
        violations,
    })
}

/// Stores, a small catalogue, and the four processes that orders go through.
async fn start(stack: &mut Stack, say: &Say) -> Result<()> {
    let _waiting = say.waiting("stack", "stores, two order services, two workers");
    stack.start_stores().await?;
    let url = stack.owner_url();
    halles_store::migrate(&url).await.context("the schema cannot be made")?;
    let args = GenerateArgs { listings: LISTINGS, ..GenerateArgs::demo() };
    generate(&args, &url, &()).await.context("the listings cannot be generated")?;
    for name in ["order-worker-1", "order-worker-2", "order-1", "order-2"] {
        let mut spec = stack.describe_service(name)?;
        spec.env.push(("HALLES_ORDERS__HOLD_MS".to_owned(), HOLD_MS.to_owned()));
        stack.start_beside(spec).await?;
    }
    Ok(())
}

/// Waits until nothing is left in the order log.
async fn come_to_rest(stack: &Stack) -> Result<()> {
    let settings =
        OrderLogSettings { redis_url: stack.redis_order_log_url().as_str().into(), ..OrderLogSettings::default() };
    let log = OrderLog::connect(&settings).await?;
    let deadline = Instant::now() + REST;
    loop {
        match log.depth().await {
            Ok(depth) if depth.waiting == 0 && depth.dead == 0 => return Ok(()),
            answer if Instant::now() > deadline => {
                anyhow::bail!("the order log does not come to rest within {} s: {answer:?}", REST.as_secs())
            }
            _ => sleep(Duration::from_millis(200)).await,
        }
    }
}
