//! `cargo dev status`: every process of the stack in one table.

use anyhow::Result;
use comfy_table::{CellAlignment, Table, presets};
use futures_util::future::join_all;

use super::context::Context;
use crate::say::bytes;
use crate::stack::roster::{Roster, RosterEntry};

/// Prints the table.
pub async fn run(context: &Context) -> Result<()> {
    let state = context.state()?;
    let entries = Roster::new(&state.run()).list_alive();
    let supervised = state.running()?.is_some();
    if entries.is_empty() && !supervised {
        context.say.note("not running", "start it with `cargo dev up`");
        return Ok(());
    }
    context.say.text(render(&entries).await);
    match context.running_plan() {
        Ok(plan) if state.ready_marker().exists() => context.say.heading(&format!("Open: {}", plan.url)),
        Ok(_) => context.say.heading("Still starting"),
        Err(_) => context.say.warn("nobody watches", "these were left by a killed run; `cargo dev down` stops them"),
    }
    Ok(())
}

async fn render(entries: &[RosterEntry]) -> Table {
    let ready = join_all(entries.iter().map(|entry| entry.readiness.look())).await;
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["process", "pid", "port", "ready", "memory", "restarts"]);
    for (entry, ready) in entries.iter().zip(ready) {
        table.add_row([
            entry.name.clone(),
            entry.pid.to_string(),
            entry.port.to_string(),
            if ready { "yes".to_owned() } else { "no".to_owned() },
            entry.memory_bytes().map_or_else(|| "-".to_owned(), bytes),
            entry.restarts.to_string(),
        ]);
    }
    for column in [1, 2, 4, 5] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
