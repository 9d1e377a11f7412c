//! Who decides that the room opens, and that there is room for more: the fleet.
//!
//! A balancer spreads a crowd over all instances of a service, so when it is too much, it is too much for most of them. An
//! instance that suffers alone is ill: others can do its work, and nobody should wait in the street for its sake. So:
//!
//! - the room opens when *more than half of the instances of one service* want it to, be it the service that is asked
//!   least, since a market in which nobody can search or order is full; or when somebody says so by hand;
//! - people are let in unless more than half of the instances of one service have no room.
//!
//! An instance that has not been heard for some beats has no say: it is gone, or too busy to speak.

use std::collections::BTreeMap;

use super::RoomBeat;

/// An instance speaks every second; after so many in which it was not heard it does not count.
pub const SILENT_AFTER_MS: u64 = 5_000;

/// Who speaks. Neither name has a colon in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speaker {
    /// The service that it is an instance of.
    pub service: String,
    /// What tells it from the others.
    pub instance: String,
}

/// What every instance said last.
#[derive(Debug, Clone, Default)]
pub struct Poll {
    voices: BTreeMap<Speaker, Voice>,
}

#[derive(Debug, Clone, Copy)]
struct Voice {
    heard_at_ms: u64,
    wants_open: bool,
    at_ease: bool,
}

impl Poll {
    /// Hears an instance, and says what the fleet as a whole says.
    pub fn hear(&mut self, now_ms: u64, speaker: &Speaker, beat: RoomBeat) -> RoomBeat {
        let RoomBeat { wants_open, is_by_hand, at_ease, .. } = beat;
        self.voices.insert(speaker.clone(), Voice { heard_at_ms: now_ms, wants_open, at_ease });
        self.voices.retain(|_, voice| now_ms < voice.heard_at_ms + SILENT_AFTER_MS);
        RoomBeat {
            wants_open: (wants_open && is_by_hand) || self.most_of_a_service(|voice| voice.wants_open),
            at_ease: !self.most_of_a_service(|voice| !voice.at_ease),
            ..beat
        }
    }

    /// Whether more than half of the instances of some service say so.
    fn most_of_a_service(&self, say_so: impl Fn(&Voice) -> bool) -> bool {
        let mut services: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (speaker, voice) in &self.voices {
            let (all, of_them) = services.entry(&speaker.service).or_default();
            *all += 1;
            *of_them += usize::from(say_so(voice));
        }
        services.into_values().any(|(all, of_them)| of_them * 2 > all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: u64 = 1_780_574_400_000;
    const WELL: RoomBeat =
        RoomBeat { wants_open: false, is_by_hand: false, at_ease: true, per_second: 1.0, air_at_ms: None };
    const ILL: RoomBeat = RoomBeat { wants_open: true, at_ease: false, ..WELL };

    fn speaker(name: &str) -> Speaker {
        let (service, instance) = name.split_once('-').expect("service-number");
        Speaker { service: service.to_owned(), instance: instance.to_owned() }
    }

    /// All of them speak within one second; what is said after the last of them.
    fn said(poll: &mut Poll, now_ms: u64, fleet: &[(&str, RoomBeat)]) -> (bool, bool) {
        let mut last = RoomBeat::default();
        for (name, beat) in fleet {
            last = poll.hear(now_ms, &speaker(name), *beat);
        }
        (last.wants_open, last.at_ease)
    }

    #[test]
    fn one_instance_that_is_ill_sends_nobody_out() {
        let fleet = [("listing-1", ILL), ("listing-2", WELL), ("search-1", WELL), ("order-1", WELL)];
        assert_eq!(said(&mut Poll::default(), START, &fleet), (false, true));
    }

    #[test]
    fn a_service_that_is_overloaded_as_a_whole_is_reason_enough() {
        let fleet =
            [("listing-1", WELL), ("listing-2", WELL), ("listing-3", WELL), ("search-1", ILL), ("search-2", ILL)];
        assert_eq!(said(&mut Poll::default(), START, &fleet), (true, false));
        let most = [("listing-1", ILL), ("listing-2", WELL), ("listing-3", ILL), ("search-1", WELL)];
        assert_eq!(said(&mut Poll::default(), START, &most), (true, false));
        let half = [("listing-1", ILL), ("listing-2", WELL), ("search-1", ILL), ("search-2", WELL)];
        assert_eq!(said(&mut Poll::default(), START, &half), (false, true), "halves of two services are no whole");
    }

    #[test]
    fn a_fleet_of_one_speaks_for_itself() {
        assert_eq!(said(&mut Poll::default(), START, &[("listing-1", ILL)]), (true, false));
    }

    #[test]
    fn by_hand_nobody_else_is_asked() {
        let by_hand = RoomBeat { wants_open: true, is_by_hand: true, ..WELL };
        let fleet = [("listing-1", WELL), ("listing-2", WELL), ("search-1", WELL), ("listing-3", by_hand)];
        assert_eq!(said(&mut Poll::default(), START, &fleet), (true, true));
        let kept_shut = RoomBeat { wants_open: false, ..by_hand };
        assert_eq!(said(&mut Poll::default(), START, &[("listing-1", kept_shut)]), (false, true));
    }

    #[test]
    fn whoever_is_not_heard_any_more_has_no_say() {
        let mut poll = Poll::default();
        assert_eq!(said(&mut poll, START, &[("search-1", ILL), ("search-2", WELL), ("search-3", WELL)]), (false, true));
        let later = START + SILENT_AFTER_MS - 1;
        assert_eq!(said(&mut poll, later, &[("search-1", ILL)]), (false, true));
        assert_eq!(said(&mut poll, later + 1, &[("search-1", ILL)]), (true, false), "the other two are gone");
    }
}
