//! The program behind `cargo dev`: reads the command line, runs one command, turns its end into an exit status.

use std::process::ExitCode;

use clap::Parser;
use halles_dev::{cli::Cli, commands, say::Say};

#[tokio::main]
async fn main() -> ExitCode {
    let say = Say::new();
    match commands::run(Cli::parse(), &say).await {
        Ok(code) => code,
        Err(error) => {
            say.error(&error);
            ExitCode::FAILURE
        }
    }
}
