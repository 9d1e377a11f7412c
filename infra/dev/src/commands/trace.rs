//! `cargo dev trace ORDER`: the trace of an order, and what the running stack has written in its log about it.
//!
//! An order's trace has an id that follows from the order's number (`halles_telemetry::Trail`), so it can be looked up in any
//! trace store, also days later and on another machine.

use std::fs;

use anyhow::Result;
use halles_telemetry::Trail;
use serde_json::{Map, Value};

use super::context::Context;
use crate::cli::TraceArgs;

/// What every line has and what is said otherwise.
const SHOWN_ELSEWHERE: [&str; 7] = ["timestamp", "level", "message", "target", "service", "trace_id", "span_id"];

/// Prints the id, and the log lines that belong to it, oldest first.
pub fn run(context: &Context, args: &TraceArgs) -> Result<()> {
    let trace_id = Trail::of(args.order.get().as_u128()).trace_id().to_string();
    context.say.note("trace", &trace_id);
    let logs = fs::read_dir(context.state()?.logs()).into_iter().flatten().flatten();
    let mut lines: Vec<LogLine> = logs
        .filter_map(|log| fs::read_to_string(log.path()).ok())
        .flat_map(|text| text.lines().filter_map(|line| LogLine::of(line, &trace_id)).collect::<Vec<_>>())
        .collect();
    lines.sort_by(|one, other| one.at.cmp(&other.at));
    for line in &lines {
        context.say.text(format!("  {} {:>20} {}", line.at, line.service, line.text));
    }
    if lines.is_empty() {
        context.say.note("", "nothing remarkable was logged about it; its steps are in the trace store");
    }
    Ok(())
}

/// A line of a log that belongs to the trace.
#[derive(Debug, PartialEq, Eq)]
struct LogLine {
    at: String,
    service: String,
    text: String,
}

impl LogLine {
    fn of(line: &str, trace_id: &str) -> Option<Self> {
        if !line.contains(trace_id) {
            return None;
        }
        let fields: Map<String, Value> = serde_json::from_str(line).ok()?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let others = fields.iter().filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str()));
        let others: String = others.map(|(name, value)| format!(" {name}={value}")).collect();
        let is_ours = text("trace_id") == trace_id;
        is_ours.then(|| Self { at: text("timestamp"), service: text("service"), text: text("message") + &others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_trace_are_told_from_those_that_only_name_it() {
        let line = r#"{"timestamp":"2026-11-22T20:00:00Z","level":"WARN","message":"late","attempts":3,"service":"halles-order","trace_id":"abc"}"#;
        let seen = LogLine::of(line, "abc").expect("it belongs to it");
        assert_eq!((seen.service.as_str(), seen.text.as_str()), ("halles-order", "late attempts=3"));
        assert_eq!(LogLine::of(r#"{"message":"trace abc","trace_id":"def"}"#, "abc"), None);
        assert_eq!(LogLine::of("abc is no JSON", "abc"), None);
    }
}
