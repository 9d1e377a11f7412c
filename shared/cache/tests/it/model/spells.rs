//! Stretches of time in which something was not as it should be, and single moments that excuse something.

use tokio::time::Instant;

use super::rules::UNDER_WAY;
use super::steps::INSTANCES;

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

/// Moments, each of which makes one more load rightful, and those that were under way in every instance.
#[derive(Default)]
pub struct Upsets(Vec<Upset>);

struct Upset {
    at: Instant,
    /// Which instances had a load excused that was under way already.
    has_excused: [bool; INSTANCES],
}

/// Why somebody may load what was loaded only just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excuse {
    /// Something happened after that load had begun.
    HappenedSince,
    /// Something happened before, and overtook whoever loads now on the way.
    Overtaken,
}

impl Upsets {
    pub fn push(&mut self) {
        self.0.push(Upset { at: Instant::now(), has_excused: [false; INSTANCES] });
    }

    /// Why an instance may load now what was loaded at `began_at`, if one of them excuses it. One that came before excuses
    /// only who may have been under way already, and each instance only once.
    pub fn excuse(&mut self, began_at: Instant, instance: usize) -> Option<Excuse> {
        if self.0.iter().any(|upset| upset.at >= began_at) {
            return Some(Excuse::HappenedSince);
        }
        let may_excuse = |upset: &&mut Upset| upset.at + UNDER_WAY >= Instant::now() && !upset.has_excused[instance];
        self.0.iter_mut().find(may_excuse)?.has_excused[instance] = true;
        Some(Excuse::Overtaken)
    }
}
