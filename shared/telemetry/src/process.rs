//! What the system counts about this process: memory, processor time, and when it started.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::global;

/// How the kernel counts processor time for everybody outside it: hundredths of a second, on every machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// Tells all of it whenever metrics are read.
pub(crate) fn observe() {
    observe_memory();
    observe_time();
}

/// What is resident, and what of that is the process's own. The rest is mapped from
/// files, such as a search index, and the system may drop it at any moment.
fn observe_memory() {
    let meter = global::meter("halles");
    for (name, field, description) in [
        ("process_resident_memory", "VmRSS:", "Memory that is resident, files that are mapped included"),
        ("process_own_memory", "RssAnon:", "Memory of the process's own"),
    ] {
        // The provider keeps the callback; the handle is of no use.
        let _gauge = meter
            .u64_observable_gauge(name)
            .with_unit("By")
            .with_description(description)
            .with_callback(move |observer| {
                if let Some(bytes) = memory_bytes(field) {
                    observer.observe(bytes, &[]);
                }
            })
            .build();
    }
}

/// A start is seen as a change, so that a process that keeps dying shows; processor time tells who is busy.
fn observe_time() {
    let meter = global::meter("halles");
    let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let _gauge = meter
        .f64_observable_gauge("process_start_time")
        .with_unit("s")
        .with_description("When the process started, in seconds since 1970")
        .with_callback(move |observer| observer.observe(started, &[]))
        .build();
    let _counter = meter
        .f64_observable_counter("process.cpu.time")
        .with_unit("s")
        .with_description("Processor time used, in user space and kernel together")
        .with_callback(|observer| {
            if let Some(seconds) = processor_seconds() {
                observer.observe(seconds, &[]);
            }
        })
        .build();
}

fn processor_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold anything; behind it, user time is the twelfth field and kernel time the next.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / TICKS_PER_SECOND)
}

fn memory_bytes(field: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time() {
        let before = processor_seconds().expect("the system says so");
        let work = || (0..5_000_000_u64).fold(0_u64, |sum, number| std::hint::black_box(sum ^ number));
        while processor_seconds().expect("the system says so") < before + 0.02 {
            std::hint::black_box(work());
        }
    }

    #[test]
    fn this_process_has_memory_of_its_own_and_some_that_is_mapped() {
        let own = memory_bytes("RssAnon:").expect("the system says so");
        assert!(own > 100_000 && memory_bytes("VmRSS:").is_some_and(|resident| resident > own));
    }
}
