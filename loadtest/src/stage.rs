//! The shop seen from behind: what its processes do while the crowd is there, and the faults that strike them.
//!
//! Which processes there are, and how one of them is killed, differs from place to place: on a laptop `cargo dev` knows, on
//! a cloud a script of whoever runs it. So both go through [`Hands`], a program that is called with a few words and answers
//! with JSON. What an instance says about itself is read from its own `/metrics`.

mod hands;
mod metrics;
mod strikes;
mod watch;

pub use hands::{Hands, OrderCheck, ProcessLine};
pub use metrics::{Counts, Metrics};
pub use strikes::{Strikes, Struck};
pub use watch::{Looks, ProcessSample, Sample, Watch};
