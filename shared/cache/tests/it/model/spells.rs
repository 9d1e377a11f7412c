//! Stretches of time in which something was not as it should be, and single moments that excuse something.

use tokio::time::Instant;

use super::rules::UNDER_WAY;

/// Stretches of time, in their order; the last one may not have ended.
#[derive(Default)]
pub struct Spells(Vec<(Instant, Option<Instant>)>);

impl Spells {
    /// It is so from now on, or no longer.
    pub fn set(&mut self, is_so: bool) {
        match (self.0.last_mut(), is_so) {
            (Some((_, end @ None)), false) => *end = Some(Instant::now()),
            (Some((_, None)), true) | (None | Some((_, Some(_))), false) => {}
            (_, true) => self.0.push((Instant::now(), None)),
        }
    }

    /// It is so from now on until then.
    pub fn until(&mut self, end: Instant) {
        self.0.push((Instant::now(), Some(end)));
    }

    /// Whether it was so at any moment between the two.
    pub fn touch(&self, from: Instant, to: Instant) -> bool {
        self.0.iter().any(|(begin, end)| *begin <= to && end.is_none_or(|end| end >= from))
    }
}

/// Moments, each of which makes one more load rightful.
#[derive(Default)]
pub struct Upsets(Vec<(Instant, bool)>);

impl Upsets {
    pub fn push(&mut self) {
        self.0.push((Instant::now(), false));
    }

    /// Whether one of them excuses that somebody loads now what was loaded at `began_at`: it came later, or so shortly
    /// before that whoever loads now was under way already, and has excused nobody yet.
    pub fn excuse(&mut self, began_at: Instant) -> bool {
        if self.0.iter().any(|(upset, _)| *upset >= began_at) {
            return true;
        }
        let recent = self.0.iter_mut().find(|(upset, is_used)| !is_used && *upset + UNDER_WAY >= Instant::now());
        recent.map(|(_, is_used)| *is_used = true).is_some()
    }
}
