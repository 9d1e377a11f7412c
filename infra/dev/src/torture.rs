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
mod payer;
mod record;
mod rest;
mod shoppers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use halles_catalogue::{GenerateArgs, generate};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use self::books::Books;
use self::checker::Checker;
use self::faults::Faults;
use self::forger::{Forged, Forger};
use self::log_reader::LogReader;
use self::payer::Tills;
use self::record::Record;
use self::rest::come_to_rest;
use self::shoppers::{Shoppers, Tally};
use crate::ports::{InstancePorts, LOOPBACK, Ports};
use crate::say::Say;
use crate::secrets::Secrets;
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
/// More mails than an ordeal of some minutes sends, so that each can be looked for.
const MAILS_KEPT: usize = 50_000;

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
    pub faults: BTreeMap<String, u32>,
    /// Notices that the provider did not send.
    pub forged: Forged,
    /// How many mails came.
    pub mails: usize,
    /// How often stock was compared with orders while all this went on.
    pub samples: u64,
    /// In which states the orders ended.
    pub states: BTreeMap<String, u64>,
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
    let log = LogReader::new(stack.plan().ports.redis_order_log)?;
    let listings = checker.stock_up(LISTINGS, PIECES).await?;
    let (record, books) = (Record::default(), Books(stack.plan().state.payments_journal()));
    let ports: Vec<u16> = stack.plan().ports.order.iter().map(|instance| instance.port).collect();
    let secrets = Secrets::load_or_create(&stack.plan().state.secrets())?;
    let tills = Tills { shops: ports.clone(), provider: stack.plan().ports.payments.port };
    let shoppers = Shoppers { ordeal, tills, listings, record: record.clone() };
    let forger = Forger {
        books: books.clone(),
        record: record.clone(),
        client: reqwest::Client::new(),
        ports,
        secret: secrets.payment_notice,
        seed: ordeal.seed,
    };
    let mut faults = Faults::new(ordeal.seed);
    let waiting = say.waiting("torture", &format!("{} shoppers, seed {}", ordeal.shoppers, ordeal.seed));
    let end = Instant::now() + ordeal.lasting;
    let (tally, (), (samples, sampled), (forged, taken)) = tokio::join!(
        shoppers.run(end),
        faults.strike(stack, (&checker, &log), end),
        checker.sample_until(&record, &log, end),
        forger.run(end),
    );
    let tally = tally?;
    drop(waiting);
    let _waiting = say.waiting("rest", "everything that was accepted comes to an outcome");
    come_to_rest(stack, &checker, &books).await?;
    let mails = mails(stack).await?;
    let verdict = checker.judge(&record, &books.read()?, &mails).await?;
    let violations = [sampled, taken, record.contradictions(), verdict.violations].concat();
    Ok(Outcome {
        seed: ordeal.seed,
        seconds: ordeal.lasting.as_secs(),
        tally,
        faults: faults.struck,
        forged,
        mails: mails.len(),
        samples,
        states: verdict.states,
        violations,
    })
}

/// Stores, a small catalogue, and the processes that orders, money and mails go through.
async fn start(stack: &mut Stack, say: &Say) -> Result<()> {
    let _waiting = say.waiting("stack", "stores, two order services, two workers, payment provider, mailbox");
    stack.start_stores().await?;
    let url = stack.owner_url();
    halles_store::migrate(&url).await.context("the schema cannot be made")?;
    let args = GenerateArgs { listings: LISTINGS, ..GenerateArgs::demo() };
    generate(&args, &url, &()).await.context("the listings cannot be generated")?;
    for name in ["mailbox", "payments", "order-worker-1", "order-worker-2", "order-1", "order-2"] {
        let mut spec = stack.describe_service(name)?;
        if name == "mailbox" {
            spec.env.push(("HALLES_MAILBOX__MAX_MAILS".to_owned(), MAILS_KEPT.to_string()));
        } else if name.starts_with("order") {
            spec.env.push(("HALLES_ORDERS__HOLD_MS".to_owned(), HOLD_MS.to_owned()));
        }
        stack.start_beside(spec).await?;
    }
    // Notices come the way they come in life.
    stack.start_balancer().await?;
    Ok(())
}

/// The names of the mails that came; of the latest ones, if there were more than are kept.
async fn mails(stack: &Stack) -> Result<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Mail {
        message_id: String,
    }
    let url = format!("http://127.0.0.1:{}/mailbox/mails.json", stack.plan().ports.mailbox.port);
    let mails: Vec<Mail> = reqwest::get(url).await.context("the mailbox")?.json().await.context("its mails")?;
    // `<name@host>`
    let names = mails.iter().filter_map(|mail| mail.message_id.trim_start_matches('<').split('@').next());
    Ok(names.map(str::to_owned).collect())
}
