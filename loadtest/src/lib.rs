//! Rehearsing a show: what is expected, and a crowd that comes whether or not the shop keeps up.
//!
//! - [`event`]: the event file, from which everything else is made: how many look at how many pages when, at which, and
//!   what is promised to them.
//! - [`arrivals`]: the open-arrival driver. It sends each request when it is due, counts latency from that moment, and
//!   knows when it was itself too slow to be believed;
//! - [`stage`]: the shop seen from behind: what its processes do meanwhile, and faults that strike them;
//! - [`run`]: everything that came of a rehearsal; [`verdict`]: whether the promises held; [`report`]: the page about it;
//! - [`plan`]: how many instances of what, from when until when, and what that costs;
//! - [`html`], [`searches`]: what a page leads to, and what people type.
//!
//! Beside it stand the goose journeys (the program `halles-loadtest`): shoppers with baskets who wait for their pages. A
//! crowd in front of the television does not wait, so its size is not measured with them.

pub mod arrivals;
pub mod event;
pub mod html;
pub mod plan;
pub mod report;
pub mod run;
pub mod searches;
pub mod stage;
pub mod verdict;
