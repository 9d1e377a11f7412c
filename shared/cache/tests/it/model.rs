//! The cache against a model: whatever happens to a fleet, and in whichever order, laws 2, 3 and 4 of the design hold.
//!
//! A run is a random sequence of writes, messages (delayed, repeated, lost), replication, reads, passing time, crashes
//! and outages of the origin and of Redis, on paused time. The caches of the instances are the real ones; their origin
//! is a primary with a replica that lags, their second tier is the one in memory, which answers as the scripts in Redis
//! do (`tier_suite` holds both to that). The ledger knows what everybody was told, and judges every answer and
//! every load.
//!
//! The runs are the same each time, so that a change that breaks a law is told from one that was only unlucky. To look for
//! what nobody has thought of: another `HALLES_MODEL_SEED`, and many `HALLES_MODEL_RUNS`.

mod fleet;
mod ledger;
mod origin;
mod rules;
mod spells;
mod steps;
mod store;
mod wire;

use std::time::Instant;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

const RUNS: u32 = 2_000;
const SEED: u64 = 1;

#[test]
fn no_order_of_events_breaks_a_law() {
    let seed: u64 = setting("HALLES_MODEL_SEED").unwrap_or(SEED);
    let runs = setting("HALLES_MODEL_RUNS").unwrap_or(RUNS);
    println!("HALLES_MODEL_SEED={seed}");
    let config = Config { cases: runs, max_shrink_iters: 20_000, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let began_at = Instant::now();
    let outcome = runner.run(&steps::plans(), |plan| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let lived = runtime.expect("a runtime").block_on(fleet::live_through(&plan));
        lived.map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => println!("{runs} runs in {:?}", began_at.elapsed()),
        Err(TestError::Fail(how, plan)) => panic!("{how}\nHALLES_MODEL_SEED={seed}, at the least after {plan:#?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}
