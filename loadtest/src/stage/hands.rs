//! The program that can do something to the shop's processes.
//!
//! It is called as `PROGRAM WORDS… DEED PROCESS [SECONDS]` for a deed, which is done when it exits with 0 and the process is
//! ready again; as `PROGRAM WORDS… watch`, which prints a line of JSON about all processes each second until it is ended; and
//! as `PROGRAM WORDS… orders`, which prints what the database says about orders and stock.

use std::fmt;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::event::Fault;

/// Somebody behind the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hands {
    program: String,
    words: Vec<String>,
}

/// What is said about one process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessLine {
    /// Its name.
    pub name: String,
    /// The processor time that it has used, all lives together or since its last start.
    pub cpu_seconds: f64,
    /// The memory that it holds.
    pub memory_bytes: u64,
    /// How often it was started again.
    pub restarts: u32,
    /// Where it tells its metrics, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<String>,
}

/// What the database says about orders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCheck {
    /// Every broken promise: stock that is not what the orders say, moves that are not lawful.
    pub violations: Vec<String>,
}

impl Hands {
    /// A command line: words between spaces.
    pub fn parse(line: &str) -> Result<Self> {
        let mut words = line.split_whitespace().map(str::to_owned);
        let Some(program) = words.next() else { bail!("names no program") };
        Ok(Self { program, words: words.collect() })
    }

    /// Carries out a fault, and returns when the process is ready again.
    pub fn strike(&self, fault: &Fault) -> Result<()> {
        let mut command = self.command(fault.deed.name());
        command.arg(&fault.what);
        if fault.deed.lasts() {
            command.arg(fault.lasts.as_secs_f64().to_string());
        }
        let output = command.output().with_context(|| format!("cannot run {self}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{fault}: {}", said.trim().lines().last().unwrap_or("failed"));
        }
        Ok(())
    }

    /// Compares orders with stock.
    pub fn check_orders(&self) -> Result<OrderCheck> {
        let output = self.command("orders").output().with_context(|| format!("cannot run {self}"))?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        serde_json::from_slice(&output.stdout).context("what is said about the orders cannot be read")
    }

    /// Begins to watch. The caller ends it.
    pub(super) fn watch(&self) -> Result<Child> {
        let mut command = self.command("watch");
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().with_context(|| format!("cannot run {self}"))
    }

    fn command(&self, deed: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.words).arg(deed).stdin(Stdio::null());
        command
    }
}

impl fmt::Display for Hands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.program)?;
        self.words.iter().try_for_each(|word| write!(f, " {word}"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::event::Deed;

    fn fault(deed: Deed) -> Fault {
        let lasts = Duration::from_millis(1_500);
        let back_within = Duration::from_secs(30);
        Fault { minute: 0.0, deed, what: "listing-1".to_owned(), lasts, max_failed: 0.0, back_within }
    }

    #[test]
    fn hands_are_told_what_to_do_in_words() {
        let hands = Hands::parse("  test  -n ").expect("a program");
        assert_eq!(hands.to_string(), "test -n");
        assert!(Hands::parse(" ").is_err());
        // `echo` does everything, `false` nothing.
        assert!(Hands::parse("echo").expect("a program").strike(&fault(Deed::Hold)).is_ok());
        let told = Hands::parse("false").expect("a program").strike(&fault(Deed::Kill)).expect_err("it fails");
        assert!(told.to_string().starts_with("kill listing-1: "), "{told}");
        assert!(Hands::parse("/nowhere/hands").expect("a program").strike(&fault(Deed::Kill)).is_err());
    }

    #[test]
    fn what_is_said_about_orders_is_read() {
        let hands = Hands::parse(r#"echo {"violations":["oversold"]}"#).expect("a program");
        // `echo` repeats the deed behind it, so that this is no JSON: it must not pass for "all is well".
        assert!(hands.check_orders().is_err());
    }
}
