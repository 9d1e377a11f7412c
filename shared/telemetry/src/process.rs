//! The memory that this process holds, as the system counts it.

use std::fs;

use opentelemetry::global;

/// Tells it whenever metrics are read: what is resident, and what of that is the process's own. The rest is mapped from
/// files, such as a search index, and the system may drop it at any moment.
pub(crate) fn observe_memory() {
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
    fn this_process_has_memory_of_its_own_and_some_that_is_mapped() {
        let own = memory_bytes("RssAnon:").expect("the system says so");
        assert!(own > 100_000 && memory_bytes("VmRSS:").is_some_and(|resident| resident > own));
    }
}
