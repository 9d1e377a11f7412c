//! `cargo dev reset`: back to nothing.

use std::time::Instant;

use anyhow::{Result, bail};

use super::context::Context;
use crate::cli::ResetArgs;
use crate::stack::stop_leftovers;

/// Erases the state directory, once nothing runs in it and somebody said yes.
pub async fn run(context: &Context, args: &ResetArgs) -> Result<()> {
    let state = context.state()?;
    let place = state.root().display().to_string();
    if state.running()?.is_some() {
        bail!("the marketplace is running; stop it first with `cargo dev down`");
    }
    if !state.root().exists() && !state.postgres().exists() {
        context.say.note("nothing to erase", &place);
        return Ok(());
    }
    if !args.yes {
        if !context.say.may_ask() {
            bail!("this would erase everything in {place}; say --yes to do so");
        }
        if !context.say.ask(&format!("Erase all data in {place}?")) {
            bail!("nothing was erased");
        }
    }
    let began = Instant::now();
    stop_leftovers(&context.roster()?).await;
    state.erase()?;
    context.say.done("erased", &place, began.elapsed());
    Ok(())
}
