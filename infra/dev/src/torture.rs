//! Torture: shoppers order, repeat, pay and cancel while faults strike, and a checker that knows nothing of the services'
//! code compares what the shoppers were told, what the payment provider charged and which mails came with what the
//! database holds.
//!
//! ```text
//!   shoppers ──HTTP──► order-1, order-2 ──► order log ──► order-worker-1, -2 ──► PostgreSQL
//!      │ write down what they are told      ▲   faults, see faults.rs    ▲            │
//!      ▼                                    └─────────────────────────────┘            │
//!    record ───────────────────────────► checker ◄─────────── psql, while and after ───┘
//!                                         ▲   ▲
//!            the provider's own journal ──┘   └── the names of the mails that came
//! ```
//!
//! Everything that is chosen is chosen from a seed; what the machine makes of it is not repeatable, and need not be: the
//! promises hold under any interleaving.

mod books;
mod checker;
mod faults;
mod forger;
mod log_reader;
mod mails;
mod money;
mod payer;
mod promises;
mod record;
mod rest;
mod shoppers;
mod stalls;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use halles_catalogue::{GenerateArgs, generate};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::sleep;

use self::books::Books;
use self::checker::{Checker, Checks};
use self::faults::Faults;
use self::forger::{Forged, Forger};
use self::log_reader::LogReader;
use self::payer::Tills;
use self::record::Record;
use self::rest::come_to_rest;
use self::shoppers::{Shoppers, Tally};
use self::stalls::Stalls;
use crate::ports::{InstancePorts, LOOPBACK, Ports};
use crate::psql::Psql;
use crate::say::Say;
use crate::secrets::Secrets;
use crate::stack::postgres::Durability;
use crate::stack::services::ServicePrograms;
use crate::stack::{Stack, StackPlan};
use crate::state_dir::StateDir;
use crate::system_user::SystemUser;

/// Instances of the order service, and workers: each must be able to do without the other.
const INSTANCES: usize = 2;
/// There is a listing for each shopper, but no fewer than this.
const FEWEST_LISTINGS: u64 = 12;
/// Holds and waits end while the shoppers are still at it, so that pieces come free all the time, and queues are short.
const ORDERS: [(&str, &str); 3] =
    [("ORDERS__HOLD_MS", "4000"), ("ORDERS__WAIT_MS", "15000"), ("ORDERS__MAX_WAITING_PER_LISTING", "30")];
/// Several mails for each order, to a server that answers at the speed of this machine: more at once than a real one would
/// like.
const MAILS: [(&str, &str); 2] = [("MAIL__MAX_CONNECTIONS", "24"), ("MAILS__SIDE_BY_SIDE", "24")];

/// How often a long ordeal says how far it is.
const TOLD_EVERY: Duration = Duration::from_secs(5 * 60);

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
    /// How many shoppers were at it at once.
    pub shoppers: u32,
    /// How long it lasted, without start and end.
    pub seconds: u64,
    /// How long it took afterwards until nothing moved any more.
    pub rest_seconds: u64,
    /// How many orders there are in the end.
    pub orders: u64,
    /// In which states they ended.
    pub states: BTreeMap<String, u64>,
    /// What the shoppers did and were told.
    pub tally: Tally,
    /// How often each fault struck.
    pub faults: BTreeMap<String, u32>,
    /// Notices that the provider did not send.
    pub forged: Forged,
    /// How often a seller put more pieces on a stall.
    pub restocked: u64,
    /// How much was compared.
    pub checks: Checks,
    /// Every broken promise; none when all is well.
    pub violations: Vec<String>,
}

/// Starts a stack, tortures it, and takes it away again; when a promise was broken, what it left on the disk stays, to be
/// looked at.
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
    if outcome.as_ref().is_ok_and(|outcome| !outcome.violations.is_empty()) {
        say.note("evidence", &format!("logs and data stay in {}", state.root().display()));
    } else {
        state.erase().context("the torture left something behind")?;
    }
    outcome
}

async fn torture(stack: &mut Stack, ordeal: Ordeal, say: &Say) -> Result<Outcome> {
    let listings = FEWEST_LISTINGS.max(u64::from(ordeal.shoppers));
    let register = stack.plan().state.run().join("mails");
    start(stack, listings, &register, say).await?;
    let psql = Psql::new(stack.postgres());
    let (checker, log) = (Checker { psql: psql.clone() }, LogReader::new(stack.plan().ports.redis_order_log)?);
    let stalls = Stalls::set_up(&psql, listings).await?;
    let (record, books) = (Record::default(), Books::new(stack.plan().state.payments_journal()));
    let shoppers = Shoppers { ordeal, tills: tills(stack), stalls: stalls.clone(), record: record.clone() };
    let forger = forger(stack, ordeal, (&books, &record))?;
    let mut faults = Faults::new(ordeal.seed);
    let waiting = say.waiting("torture", &format!("{} shoppers, seed {}", ordeal.shoppers, ordeal.seed));
    let end = Instant::now() + ordeal.lasting;
    let (tally, (), seen, (forged, taken), restocked, ()) = tokio::join!(
        shoppers.run(end),
        faults.strike(stack, (&psql, &log), end),
        checker.look_on_until(&record, &log, end),
        forger.run(end),
        stalls.restock_until(end),
        tell_progress(&record, say, end),
    );
    let tally = tally?;
    drop(waiting);
    let ended = Instant::now();
    let waiting = say.waiting("rest", "everything that was accepted comes to an outcome");
    let unrest = come_to_rest(stack, &psql, &books, ordeal.lasting).await?;
    let rest_seconds = ended.elapsed().as_secs();
    drop(waiting);
    let _waiting = say.waiting("checker", "what was told, charged and sent beside what is");
    let verdict = checker.judge(&record, &books, &register).await?;
    Ok(Outcome {
        seed: ordeal.seed,
        shoppers: ordeal.shoppers,
        seconds: ordeal.lasting.as_secs(),
        rest_seconds,
        orders: verdict.states.values().sum(),
        states: verdict.states,
        tally,
        faults: faults.struck,
        forged,
        restocked,
        checks: verdict.checks.with(&seen.checks),
        violations: [unrest.into_iter().collect(), seen.violations, taken, verdict.violations].concat(),
    })
}

/// Whoever waits for an hour likes to see that it goes on.
async fn tell_progress(record: &Record, say: &Say, end: Instant) {
    let began = Instant::now();
    while Instant::now() + TOLD_EVERY < end {
        sleep(TOLD_EVERY).await;
        let minutes = began.elapsed().as_secs() / 60;
        say.note("so far", &format!("{} orders asked for in {minutes} minutes", record.count()));
    }
}

fn tills(stack: &Stack) -> Tills {
    let ports = &stack.plan().ports;
    Tills { shops: ports.order.iter().map(|instance| instance.port).collect(), provider: ports.payments.port }
}

fn forger(stack: &Stack, ordeal: Ordeal, (books, record): (&Books, &Record)) -> Result<Forger> {
    let secrets = Secrets::load_or_create(&stack.plan().state.secrets())?;
    Ok(Forger {
        books: books.clone(),
        record: record.clone(),
        client: reqwest::Client::new(),
        ports: tills(stack).shops,
        secret: secrets.payment_notice,
        seed: ordeal.seed,
    })
}

/// Stores, a small catalogue, and the processes that orders, money and mails go through.
async fn start(stack: &mut Stack, listings: u64, register: &Path, say: &Say) -> Result<()> {
    let _waiting = say.waiting("stack", "stores, two order services, two workers, payment provider, mailbox");
    stack.start_stores().await?;
    let url = stack.owner_url();
    halles_store::migrate(&url).await.context("the schema cannot be made")?;
    let args = GenerateArgs { listings, ..GenerateArgs::demo() };
    generate(&args, &url, &()).await.context("the listings cannot be generated")?;
    stack.set_for_all("TELEMETRY__LOG", "warn");
    for name in ["mailbox", "payments", "order-worker-1", "order-worker-2", "order-1", "order-2"] {
        let mut spec = stack.describe_service(name)?;
        if name == "mailbox" {
            spec.env.push(("HALLES_MAILBOX__REGISTER_PATH".to_owned(), register.to_string_lossy().into_owned()));
        }
        let settings = match name.split_once('-') {
            Some(("order", "worker-1" | "worker-2")) => [&ORDERS[..], &MAILS].concat(),
            Some(("order", _)) => ORDERS.to_vec(),
            _ => Vec::new(),
        };
        spec.env.extend(settings.iter().map(|(name, value)| (format!("HALLES_{name}"), (*value).to_owned())));
        stack.start_beside(spec).await?;
    }
    // Notices come the way they come in life.
    stack.start_balancer().await?;
    Ok(())
}
