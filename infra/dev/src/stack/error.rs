//! Why a stack could not be started.

use std::io;

/// What a caller may want to tell the developer apart.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// Somebody else listens where one of our processes should.
    #[error("port {port} for {process} is taken{}; stop that program or choose other ports (--port, --base-port)",
        .holder.as_ref().map(|holder| format!(" by process {} ({})", holder.pid, holder.command)).unwrap_or_default())]
    PortTaken {
        /// The port.
        port: u16,
        /// Who needs it.
        process: String,
        /// Who has it, where the system lets us see.
        holder: Option<crate::port_holder::PortHolder>,
    },
    /// The plan gives one port to two processes.
    #[error("the port plan gives {port} to both {first} and {second}")]
    PortClash {
        /// The port.
        port: u16,
        /// The first that wants it.
        first: String,
        /// The second that wants it.
        second: String,
    },
    /// A program that the stack needs is not on this machine.
    #[error("{0} is not installed")]
    ProgramMissing(&'static str),
    /// A tool such as `initdb` or `halles-migrate` failed.
    #[error("{program} failed: {why}")]
    ToolFailed {
        /// The tool.
        program: String,
        /// Its own words.
        why: String,
    },
    /// A process did not become ready in time, or kept dying.
    #[error("{name} did not become ready{}", log_lines(.log))]
    NotReady {
        /// The process.
        name: String,
        /// The last lines of its log.
        log: Vec<String>,
    },
    /// The stack has no process of that name.
    #[error("there is no process called `{0}`")]
    UnknownProcess(String),
    /// The disk or the system.
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn log_lines(log: &[String]) -> String {
    if log.is_empty() { String::new() } else { format!("; its log ends with:\n    {}", log.join("\n    ")) }
}
