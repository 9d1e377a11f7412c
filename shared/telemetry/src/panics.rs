//! A panic is a bug; it is logged like everything else, once.

use std::panic;

use opentelemetry::global;

/// From now on a panic anywhere in this process is one log line, in place of text on standard error, and counted.
pub fn log_panics() {
    // Told from the start, so that the first one is seen as a rise.
    let panics = global::meter("halles").u64_counter("process_panics").with_description("Tasks that panicked").build();
    panics.add(0, &[]);
    let earlier_hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        panics.add(1, &[]);
        if !tracing::enabled!(tracing::Level::ERROR) {
            // A log that is off must not swallow it.
            return earlier_hook(panic);
        }
        let message = panic.payload_as_str().unwrap_or("a payload that is no text");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(panic = message, place, %backtrace, "a task panicked");
    }));
}
