//! What came of the arrivals, second by second.
//!
//! A request belongs to the second in which it was due, also when its answer came much later: what a second offered is what
//! its people got. Only `answered` counts by the clock of the answers. Of a long run each slot is longer than a second, so that
//! there are never more than [`MOST`] of them.

use std::ops::AddAssign;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use super::Ending;
use super::histogram::{filled, microseconds, of_digits, recorded};

/// The most slots of a run.
const MOST: u32 = 240;
/// One part in a hundred is enough for a plot, and small.
const DIGITS: u8 = 2;

/// The seconds of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Timeline {
    slot: Duration,
    slots: Vec<Slot>,
}

/// One of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "WrittenSlot", into = "WrittenSlot")]
pub struct Slot {
    /// How many were due in it and ended in each way, in the order of [`Ending`].
    pub endings: [u64; Ending::ALL.len()],
    /// How many were due in it and not sent.
    pub dropped: u64,
    /// How many answers of any kind came in it.
    pub answered: u64,
    /// From due to the last byte of the right pages, in microseconds.
    latency: Histogram<u32>,
}

#[derive(Serialize, Deserialize)]
struct WrittenSlot {
    endings: [u64; Ending::ALL.len()],
    dropped: u64,
    answered: u64,
    latency: Vec<(u64, u64)>,
}

impl Timeline {
    /// Of a run that long.
    pub fn over(length: Duration) -> Self {
        let slot = Duration::from_secs(1).max(length / MOST);
        let count = length.as_millis() / slot.as_millis().max(1) + 1;
        let empty = || Slot { endings: [0; Ending::ALL.len()], dropped: 0, answered: 0, latency: of_digits(DIGITS) };
        Self { slot, slots: (0..count).map(|_| empty()).collect() }
    }

    /// How long a slot is.
    pub const fn slot(&self) -> Duration {
        self.slot
    }

    /// All of them, in their order.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slots with the moments at which they begin.
    pub fn by_time(&self) -> impl Iterator<Item = (Duration, &Slot)> {
        (0_u32..).zip(&self.slots).map(|(place, slot)| (self.slot * place, slot))
    }

    pub(super) fn note(&mut self, due: Duration, ending: Ending, latency: Duration) {
        if let Some(slot) = self.slot_at(due) {
            slot.endings[ending as usize] += 1;
            if ending == Ending::Right {
                slot.latency.saturating_record(microseconds(latency));
            }
        }
        if let Some(slot) = self.slot_at(due + latency) {
            slot.answered += 1;
        }
    }

    pub(super) fn note_dropped(&mut self, due: Duration) {
        if let Some(slot) = self.slot_at(due) {
            slot.dropped += 1;
        }
    }

    fn slot_at(&mut self, moment: Duration) -> Option<&mut Slot> {
        let place = moment.as_micros() / self.slot.as_micros().max(1);
        self.slots.get_mut(usize::try_from(place).ok()?)
    }
}

impl Slot {
    /// How many were due in it.
    pub fn offered(&self) -> u64 {
        self.endings.iter().sum::<u64>() + self.dropped
    }

    /// How many of them ended like this.
    pub const fn count(&self, ending: Ending) -> u64 {
        self.endings[ending as usize]
    }

    /// Within what time this share of its right pages was there.
    pub fn quantile(&self, share: f64) -> Duration {
        Duration::from_micros(self.latency.value_at_quantile(share))
    }
}

impl AddAssign<&Self> for Slot {
    fn add_assign(&mut self, other: &Self) {
        for (count, more) in self.endings.iter_mut().zip(other.endings) {
            *count += more;
        }
        self.dropped += other.dropped;
        self.answered += other.answered;
        self.latency += &other.latency;
    }
}

impl AddAssign<&Self> for Timeline {
    fn add_assign(&mut self, other: &Self) {
        for (mine, theirs) in self.slots.iter_mut().zip(&other.slots) {
            *mine += theirs;
        }
    }
}

impl From<Slot> for WrittenSlot {
    fn from(slot: Slot) -> Self {
        let Slot { endings, dropped, answered, latency } = slot;
        Self { endings, dropped, answered, latency: recorded(&latency) }
    }
}

impl From<WrittenSlot> for Slot {
    fn from(written: WrittenSlot) -> Self {
        let WrittenSlot { endings, dropped, answered, latency } = written;
        // What cannot be read of a latency is only missing in a plot.
        let latency = filled(of_digits(DIGITS), &latency).unwrap_or_else(|_| of_digits(DIGITS));
        Self { endings, dropped, answered, latency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_answer_counts_where_it_was_due() {
        let mut timeline = Timeline::over(Duration::from_secs(10));
        timeline.note(Duration::from_millis(2_500), Ending::Right, Duration::from_secs(3));
        timeline.note_dropped(Duration::from_millis(2_900));
        let [slot_2, slot_5] = [2, 5].map(|place: usize| &timeline.slots()[place]);
        assert_eq!((slot_2.offered(), slot_2.count(Ending::Right), slot_2.answered), (2, 1, 0));
        assert!(slot_2.quantile(0.5) >= Duration::from_secs(3));
        assert_eq!((slot_5.offered(), slot_5.answered), (0, 1));
    }

    #[test]
    fn a_long_run_has_no_more_slots_than_a_plot_has_room_for() {
        let timeline = Timeline::over(Duration::from_secs(4 * 3_600));
        assert!(timeline.slots().len() <= 241 && timeline.slot() == Duration::from_mins(1));
    }
}
