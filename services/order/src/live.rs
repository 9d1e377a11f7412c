//! What changes about orders, told to everybody who looks at their pages.
//!
//! ```text
//!  GET /orders/{id}/live        one open answer: server-sent events, a line for each change
//!  GET /orders/{id}/live.json   the same once, for whoever must ask again
//!       │ watch(id)
//!       ▼
//!  StatusBoard: one seat for each order that somebody looks at ◄── outcomes told by the order-worker, four times a second
//!                                                             ◄── the replica, one read a second for all of them
//!  QueueWatch: the places of all that wait to be placed        ◄── the order log, twice a second
//! ```
//!
//! Promises: a crowd that looks costs one read a second for each process, however many they are and however often they
//! ask; a change is told within a second or so of its being known to the replica; nobody is told a step back because a
//! replica lags; open answers are bounded, end when the process is about to stop, and are taken up again elsewhere.

mod board;
mod settings;
mod standing;
mod stream;

pub(crate) use board::StatusBoard;
use board::Viewer;
pub use settings::LiveSettings;
use standing::Standing;
pub(crate) use standing::step;
pub(crate) use stream::{OpenPage, Telling, tell};
