//! `cargo dev down`: stops the marketplace, from another terminal or after a crash.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::sleep;

use super::context::Context;
use crate::stack::stop_leftovers;

/// Every process together may take this long to stop.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often we look whether it has stopped.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Asks the supervisor to stop; without one, stops what is left of it.
pub async fn run(context: &Context) -> Result<()> {
    let state = context.state()?;
    let began = Instant::now();
    let stopped = match state.running()? {
        Some(holder) => {
            let pid = holder.pid.context("the marketplace is only just starting; try again in a moment")?;
            kill(Pid::from_raw(pid), Signal::SIGTERM).with_context(|| format!("cannot signal process {pid}"))?;
            let _waiting = context.say.waiting("stopping", &format!("process {pid}"));
            while state.running()?.is_some() {
                if began.elapsed() > PATIENCE {
                    bail!("process {pid} does not stop; its log may say why");
                }
                sleep(LOOK_EVERY).await;
            }
            true
        }
        None => !stop_leftovers(&context.roster()?).await.is_empty(),
    };
    if stopped {
        context.say.done("stopped", "the data stays for the next time", began.elapsed());
    } else {
        context.say.note("nothing to stop", "");
    }
    Ok(())
}
