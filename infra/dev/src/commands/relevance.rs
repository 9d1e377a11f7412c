//! `cargo dev relevance`: how well searches answer, on judged catalogues. Measured by a program of its own, so that this
//! one needs no search engine.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use super::context::Context;
use crate::cli::RelevanceArgs;

/// Builds the measuring program, optimised, and hands it the arguments.
pub fn run(context: &Context, args: &RelevanceArgs) -> Result<ExitCode> {
    let mut command = context.workspace()?.cargo();
    command.args(["run", "--release", "--quiet", "--package", "halles-relevance", "--"]).args(&args.arguments);
    let status = command.status().context("cannot run cargo")?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
