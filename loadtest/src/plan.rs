//! The fleet for an evening: how many instances of what, from when until when, and what that costs.
//!
//! ```text
//! stepped runs ─► usl: what an instance can do ─┐
//! event ─► how much is asked of each service ───┼─► fleet: instances over time ─► costs, Terraform's variables, a page
//! price file ───────────────────────────────────┘
//! ```
//!
//! It says plainly where the data do not carry what it says: [`Plan::warnings`].

mod fleet;
mod page;
mod prices;
mod sizes;
mod tfvars;
mod usl;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

pub use fleet::{Fleet, Measured, ServicePlan, StaffedFrom, draw_up};
pub use page::{page, section};
pub use prices::{Class, Prices};
pub use sizes::{Costs, Size, Sizes, costs, sizes};
pub use tfvars::{key_of, write_into};
pub use usl::{Fit, Interval, UslError, fit};

/// A plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// What people call the show.
    pub event: String,
    /// When it is on the air.
    pub air: jiff::Zoned,
    /// The curve: minute, page views per minute, before the margin.
    pub curve: Vec<(f64, f64)>,
    /// How many times the expected crowd it is made for.
    pub margin: f64,
    /// The instances.
    pub fleet: Fleet,
    /// What they share.
    pub sizes: Sizes,
    /// What it costs.
    pub costs: Costs,
    /// Pages to ask for before anybody comes.
    pub warm: Vec<String>,
    /// When nothing is released.
    pub freeze: (jiff::Timestamp, jiff::Timestamp),
    /// What it takes for granted, and what its data do not carry.
    pub warnings: Vec<String>,
}

impl Plan {
    /// One that was written before.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no plan", path.display()))
    }
}
