//! Faults that strike on purpose while the crowd is there, each with the promise that must hold all the same.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::trouble::Troubles;

/// A fault on the timeline of the show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The minute from air time at which it strikes.
    pub minute: f64,
    /// What is done.
    pub deed: Deed,
    /// To which process; `listing` means each `listing-…` in turn.
    pub what: String,
    /// How long it lasts, by the clock on the wall: a database does not fall behind faster because the evening does.
    pub lasts: Duration,
    /// The largest share of all requests that may fail from the moment it strikes until [`Fault::AFTERMATH`] after its end.
    pub max_failed: f64,
    /// Within what time after its end the process is ready again.
    pub back_within: Duration,
}

/// What is done to a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Killed without warning; whoever watches over it starts it again.
    Kill,
    /// Stopped cleanly and started again, each instance in turn: a release.
    Restart,
    /// Stopped, and started again after a while: cut off.
    Hold,
    /// Frozen for a while: it takes connections and does not answer.
    Pause,
    /// A replica that does not apply what it receives for a while.
    Lag,
}

impl Fault {
    /// How long after its end a fault may still be felt.
    pub const AFTERMATH: Duration = Duration::from_secs(5);
}

impl Deed {
    /// Its name in event files and for whoever carries it out.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Restart => "restart",
            Self::Hold => "hold",
            Self::Pause => "pause",
            Self::Lag => "lag",
        }
    }

    /// Whether it lasts for a time that has to be said.
    pub const fn lasts(self) -> bool {
        matches!(self, Self::Hold | Self::Pause | Self::Lag)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.deed.name(), self.what)?;
        if self.deed.lasts() { write!(f, " for {} s", self.lasts.as_secs_f64()) } else { Ok(()) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultFile {
    minute: Spanned<f64>,
    #[serde(rename = "do")]
    deed: Spanned<Deed>,
    what: Spanned<String>,
    seconds: Option<Spanned<f64>>,
    max_failed: Option<Spanned<f64>>,
    back_within_s: Option<Spanned<f64>>,
}

/// The longest that a fault lasts, or that somebody waits for a process, in seconds.
const LONGEST_S: f64 = 600.0;

pub(super) fn faults(files: Vec<FaultFile>, troubles: &mut Troubles<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = files.into_iter().map(|file| fault(file, troubles)).collect();
    faults.sort_by(|one, other| one.minute.total_cmp(&other.minute));
    faults
}

fn fault(file: FaultFile, troubles: &mut Troubles<'_>) -> Fault {
    let deed = *file.deed.get_ref();
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_name(file.what.get_ref()) {
        let what = format!("{:?} is no process", file.what.get_ref());
        troubles.add(file.what.span(), "game_day.what", what, "write a name such as \"listing-1\" or \"redis-cache\"");
    }
    if deed.lasts() && file.seconds.is_none() {
        let remedy = "say for how many seconds, such as seconds = 5";
        troubles.add(file.deed.span(), "game_day.do", format!("{} has no end", deed.name()), remedy);
    }
    if !file.minute.get_ref().is_finite() {
        troubles.add(file.minute.span(), "game_day.minute", "is no number", "write minutes from air time, such as 6.5");
    }
    let mut seconds = |number: &Option<Spanned<f64>>, key: &str, default: f64| {
        let Some(number) = number else { return Duration::from_secs_f64(default) };
        let value = *number.get_ref();
        if (0.0..=LONGEST_S).contains(&value) {
            return Duration::from_secs_f64(value);
        }
        troubles.add(number.span(), key, format!("{value} s"), "write seconds between 0 and 600");
        Duration::ZERO
    };
    let lasts = seconds(&file.seconds, "game_day.seconds", 0.0);
    let back_within = seconds(&file.back_within_s, "game_day.back_within_s", 30.0);
    let max_failed = file.max_failed.as_ref().map_or(0.0, |share| *share.get_ref());
    if let (Some(share), false) = (&file.max_failed, (0.0..1.0).contains(&max_failed)) {
        troubles.add(share.span(), "game_day.max_failed", format!("{max_failed}"), "write a share such as 0.001");
    }
    let minute = *file.minute.get_ref();
    Fault { minute, deed, what: file.what.into_inner(), lasts, max_failed, back_within }
}
