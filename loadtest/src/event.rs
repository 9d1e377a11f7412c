//! The event file: one show, as everybody who prepares for it understands it.
//!
//! Read from TOML, checked as a whole, and turned into types in which nothing impossible can be said. Whatever is wrong is
//! told at once: line, key, what is wrong, and what to write instead.

mod crowd;
mod curve;
mod evening;
mod file;
mod game_day;
mod measured;
mod mix;
mod promises;
mod trouble;

use std::path::Path;

use halles_domain::ListingId;
use jiff::Zoned;

pub use crowd::Unit;
pub use curve::Curve;
pub use evening::{Freeze, Preparation};
pub use game_day::{Deed, Fault};
pub use mix::{Mix, PageClass};
pub use promises::{OrderPromise, Promise, Promises};
pub use trouble::{EventError, Trouble};

/// A show and what is expected of it.
#[derive(Debug, Clone)]
pub struct Event {
    /// What people call it.
    pub name: String,
    /// When it is on the air; minute 0 of the curve.
    pub air: Zoned,
    /// Page views per minute, by the minute.
    pub curve: Curve,
    /// What is looked at.
    pub mix: Mix,
    /// The listings that the show is about: where the crowd lands.
    pub featured: Vec<ListingId>,
    /// What is promised to whoever looks at a page.
    pub promises: Promises,
    /// What is promised to whoever orders.
    pub orders: OrderPromise,
    /// What strikes meanwhile, by time.
    pub faults: Vec<Fault>,
    /// When nothing is released.
    pub freeze: Freeze,
    /// What a plan starts from.
    pub preparation: Preparation,
}

impl Event {
    /// Reads an event file, and the curve beside it if it names one.
    pub fn read(path: &Path) -> Result<Self, EventError> {
        let text = std::fs::read_to_string(path).map_err(|error| EventError::unreadable(path, &error))?;
        let directory = path.parent().unwrap_or(Path::new("."));
        file::parse(&text, directory).map_err(|troubles| EventError { path: path.to_owned(), troubles })
    }
}
