//! What a person can ask for: one file for each command.

mod air;
mod bench;
mod context;
mod detach;
mod down;
mod fill;
mod logs;
mod processes;
mod psql;
mod redrive;
mod rehearse;
mod relevance;
mod reset;
mod rung;
mod sbom;
mod signals;
pub mod stagehand;
mod status;
mod test;
mod torture;
mod trace;
mod up;
mod watch;

use std::process::ExitCode;

use anyhow::Result;

use self::context::Context;
use crate::bench::cache::bare_server;
use crate::cli::{Cli, Command};
use crate::say::Say;

/// Runs one command to its end.
pub async fn run(cli: Cli, say: &Say) -> Result<ExitCode> {
    let context = Context::new(cli.state_dir, say.clone());
    match cli.command {
        Command::Up(args) if args.detach => detach::run(&context, &args).await?,
        Command::Up(args) => up::run(&context, &args).await?,
        Command::Down => down::run(&context).await?,
        Command::Status => status::run(&context).await?,
        Command::Logs(args) => logs::run(&context, &args).await?,
        Command::Reset(args) => reset::run(&context, &args).await?,
        Command::Psql(args) => return psql::run(&context, &args),
        Command::Restart(args) => processes::restart(&context, &args.name).await?,
        Command::Kill(args) => processes::kill(&context, &args.name).await?,
        Command::Rung(args) => return rung::run(&context, args).await,
        Command::Generate(args) => fill::generate(&context, &args).await?,
        Command::Import(args) => return fill::import(&context, &args).await,
        Command::Bench(args) => return Box::pin(bench::run(&context, &args)).await,
        Command::BareServer(args) => bare_server::run(&args).await?,
        Command::Relevance(args) => return relevance::run(&context, &args),
        Command::Redrive(args) => redrive::run(&context, &args).await?,
        Command::Torture(args) => return Box::pin(torture::run(&context, &args)).await,
        Command::Air(args) => return Box::pin(air::run(&context, &args)).await,
        Command::Rehearse(args) => return Box::pin(rehearse::run(&context, &args)).await,
        Command::Stagehand { deed } => return Box::pin(stagehand::run(&context, deed)).await,
        Command::Sbom(args) => sbom::run(&context, &args)?,
        Command::Trace(args) => trace::run(&context, &args)?,
        Command::Test(args) => return test::run(&context, &args).await,
    }
    Ok(ExitCode::SUCCESS)
}
