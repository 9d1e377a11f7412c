//! What the services give up under load: `rung`.

use std::time::Duration;

use clap::{Args, Subcommand};

/// Arguments of `rung`.
#[derive(Debug, Args)]
pub struct RungArgs {
    /// Tell these admin ports, with the token in HALLES_HTTP__ADMISSION__RUNG_TOKEN [default: all instances of the running
    /// stack]
    #[arg(long, global = true, value_name = "HOST:PORT,…", value_delimiter = ',')]
    pub at: Vec<String>,
    /// What to do; without it the rungs are shown
    #[command(subcommand)]
    pub order: Option<RungOrder>,
}

/// What to do with the rungs.
#[derive(Debug, Clone, Subcommand)]
pub enum RungOrder {
    /// Show the rung of each instance
    Show,
    /// Set a rung on all instances, until its time is up: 0 open, 1 no extras, 2 stale pages longer, 3 no waiting for the
    /// outcome of orders, 4 refuse suggestions and crawlers, 5 refuse all but checkout, 6 whoever comes waits in front of the
    /// market
    Set {
        /// The number of the rung
        #[arg(value_parser = clap::value_parser!(u8).range(0..=6))]
        rung: u8,
        /// For how long, at most a day: 90s, 10m, 2h
        #[arg(long = "for", value_name = "TIME", value_parser = parse_time)]
        lasts: Duration,
        /// What for; everybody will see it
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// With rung 6: when the show begins; whoever comes before gets a place drawn at random then. RFC 3339
        #[arg(long, value_name = "MOMENT")]
        air_at: Option<jiff::Timestamp>,
    },
    /// Let go: each instance decides by itself again
    Auto,
}

/// A time such as `10m`.
fn parse_time(text: &str) -> Result<Duration, String> {
    let time: jiff::SignedDuration = text.parse().map_err(|_| "write it as 90s, 10m or 2h".to_owned())?;
    let time = Duration::try_from(time).map_err(|_| "it cannot lie in the past".to_owned())?;
    let is_lawful = (Duration::from_secs(1)..=Duration::from_secs(24 * 60 * 60)).contains(&time);
    if is_lawful { Ok(time) } else { Err("it must lie between a second and a day".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

    #[test]
    fn a_rung_is_set_for_a_time_and_a_reason() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' '));
        let cli = parse("dev rung set 4 --for 10m --why rehearsal").expect("valid");
        let Command::Rung(RungArgs { order: Some(RungOrder::Set { rung, lasts, why, air_at: None }), at }) =
            cli.command
        else {
            panic!("it sets a rung")
        };
        assert_eq!((rung, lasts, why.as_str()), (4, Duration::from_secs(600), "rehearsal"));
        assert!(at.is_empty(), "the running stack");
        let elsewhere = parse("dev rung auto --at 10.0.1.5:9090,10.0.2.7:9090").expect("valid");
        let Command::Rung(RungArgs { at, .. }) = elsewhere.command else { panic!("it is about rungs") };
        assert_eq!(at, ["10.0.1.5:9090", "10.0.2.7:9090"]);
        for bad in ["set 7 --for 10m --why x", "set 4 --for 2d --why x", "set 4 --for 0s --why x", "set 4 --for 10m"] {
            assert!(parse(&format!("dev rung {bad}")).is_err(), "{bad}");
        }
        assert!(parse("dev rung").is_ok() && parse("dev rung auto").is_ok());
    }
}
