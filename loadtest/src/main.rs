//! Shoppers in numbers: a load test that walks through the marketplace as people do.
//!
//! Owns the journeys and what makes a page right; leaves users, pace, counting and the report to goose. Every answer is
//! looked at, not only its status: a fast empty page is a failure. Exits with 1 when any request failed, so that a script
//! can stand on it. See the README for what to type.

mod browser;
mod journeys;
mod page;
mod pick;
mod thinking;

use std::process::ExitCode;

use goose::GooseAttack;
use goose::config::{GooseDefault, GooseDefaultType};
use goose::metrics::GooseMetrics;
use goose::prelude::GooseError;

use crate::journeys::{browsing, buying, crawling, reloading, searching, selling};

/// How many shoppers come in each second at the beginning, unless `--increase-rate` says otherwise.
const ARRIVALS_PER_S: &str = "10";

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(attack()).await {
        Ok(metrics) if failures(&metrics) == 0 => ExitCode::SUCCESS,
        // Goose has printed what failed.
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn attack() -> Result<GooseMetrics, GooseError> {
    let attack = GooseAttack::initialize()?
        .set_default(GooseDefault::IncreaseRate, ARRIVALS_PER_S)?
        .register_scenario(browsing::scenario()?)
        .register_scenario(searching::scenario()?)
        .register_scenario(buying::scenario()?)
        .register_scenario(reloading::scenario()?)
        .register_scenario(crawling::scenario()?)
        .register_scenario(selling::scenario()?);
    Box::pin(attack.execute()).await
}

fn failures(metrics: &GooseMetrics) -> usize {
    metrics.requests.values().map(|request| request.fail_count).sum()
}

#[expect(clippy::print_stderr, reason = "a command tells its user what went wrong")]
fn complain(error: &GooseError) {
    eprintln!("the load test could not run: {error}");
}
