//! `cargo dev air`: press to air. A show on this laptop, in a minute and a half.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use super::context::Context;
use super::rehearse::Rehearsal;
use crate::cli::AirArgs;

/// The part of the show that is worth watching: a quiet start, the rush, and the way back.
const MINUTES: (f64, f64) = (-5.0, 25.0);
/// How late the driver may be, in milliseconds: here it shares the machine with all that it asks.
const MAX_LAG_MS: u32 = 20;
/// When somebody is killed: the rush is at its highest.
const KILLED_AT: f64 = 6.0;

/// Puts the show on the air.
pub async fn run(context: &Context, args: &AirArgs) -> Result<ExitCode> {
    let rehearsal = Rehearsal::prepare(context, args.no_build, args.keep).await?;
    let event = rehearsal.find_event(Path::new(&args.event))?;
    let mut arguments = vec!["--speed".to_owned(), args.speed.to_string()];
    arguments.extend(["--from".to_owned(), MINUTES.0.to_string(), "--until".to_owned(), MINUTES.1.to_string()]);
    arguments.extend(["--max-lag-ms".to_owned(), MAX_LAG_MS.to_string()]);
    match args.peak {
        Some(peak) => arguments.extend(["--peak".to_owned(), peak.to_string()]),
        None => arguments.push("--fit".to_owned()),
    }
    if let Some(victim) = &args.kill {
        arguments.extend(["--strike".to_owned(), format!("{KILLED_AT}:kill:{victim}")]);
    }
    rehearsal.perform(&event, &arguments).await
}
