//! What a rehearsal leaves behind: JSON for programs, and one page for people that needs nothing beside it.

mod evening;
mod page;
mod plot;
mod sections;
mod summary;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub use evening::{Moment, evening};
pub use page::page;
pub use plot::{Axis, Band, Mark, Plot, Series, Shape};
pub use summary::{Figures, OrderFigures, ProcessFigures, Report, Row};

use crate::plan::Plan;

/// The names of the files in a report's directory.
const PAGE: &str = "report.html";
const JSON: &str = "report.json";

/// The report of an earlier run.
pub fn read(path: &Path) -> Result<Report> {
    let path = if path.is_dir() { path.join(JSON) } else { path.to_owned() };
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no report of a rehearsal", path.display()))
}

/// Writes a report into a directory, and says where its page is.
pub fn write(report: &Report, plan: Option<&Plan>, earlier: Option<&Report>, directory: &Path) -> Result<PathBuf> {
    fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
    let json = serde_json::to_string_pretty(report)? + "\n";
    fs::write(directory.join(JSON), json).with_context(|| format!("cannot write into {}", directory.display()))?;
    let path = directory.join(PAGE);
    fs::write(&path, page(report, plan, earlier).into_string())?;
    Ok(path)
}
