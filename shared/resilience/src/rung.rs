//! What is given up, step by step, to keep what matters.

use crate::Class;

/// A step of the ladder. Each gives up what those below it give up, and something more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Rung {
    /// Nothing is given up.
    #[default]
    Open,
    /// Optional extras are left out: related listings, counts beside results.
    NoExtras,
    /// Pages that have grown old are shown for longer before they are made anew.
    StaleLonger,
    /// Nobody waits for the outcome of an order: it is noted, and its page tells.
    LongerOrderWait,
    /// Suggestions and crawlers are refused.
    RefuseLow,
    /// Everything but basket, checkout and payment is refused.
    OnlyCheckout,
    /// Whoever is not in waits in front of the market for a turn, once the fleet agrees that it is full
    /// ([`Poll`](crate::waiting_room::Poll)). An instance that stands here alone does what it does on `RefuseLow`; a service
    /// in front of which nobody can wait does what it does one rung below.
    WaitingRoom,
}

impl Rung {
    /// All of them, from the ground up.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::NoExtras,
        Self::StaleLonger,
        Self::LongerOrderWait,
        Self::RefuseLow,
        Self::OnlyCheckout,
        Self::WaitingRoom,
    ];

    /// The rung of this number; none beyond the last.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its number, from 0.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its name in metrics, logs and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::NoExtras => "no_extras",
            Self::StaleLonger => "stale_longer",
            Self::LongerOrderWait => "longer_order_wait",
            Self::RefuseLow => "refuse_low",
            Self::OnlyCheckout => "only_checkout",
            Self::WaitingRoom => "waiting_room",
        }
    }

    /// Whether requests of this class are let in at all.
    pub fn admits(self, class: Class) -> bool {
        match self {
            Self::Open | Self::NoExtras | Self::StaleLonger | Self::LongerOrderWait => true,
            Self::RefuseLow => class > Class::Suggestion,
            Self::OnlyCheckout | Self::WaitingRoom => class == Class::Checkout,
        }
    }

    /// The lowest class for whose sake it is climbed: a search that is refused is no reason to refuse all searches.
    pub(crate) const fn is_for(self) -> Class {
        match self {
            Self::Open | Self::NoExtras | Self::StaleLonger | Self::LongerOrderWait => Class::Crawler,
            // Whoever waits in the room is not refused for good, so it opens for the sake of people who look around, too.
            Self::RefuseLow | Self::WaitingRoom => Class::Search,
            Self::OnlyCheckout => Class::Checkout,
        }
    }

    pub(crate) fn above(self) -> Option<Self> {
        Self::from_number(self.number() + 1)
    }

    pub(crate) fn below(self) -> Option<Self> {
        Self::from_number(self.number().checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rung_admits_no_class_that_the_one_below_refuses() {
        for pair in Rung::ALL.windows(2) {
            assert_eq!((pair[0].above(), pair[1].below()), (Some(pair[1]), Some(pair[0])));
            assert!(Class::ALL.into_iter().all(|class| pair[0].admits(class) || !pair[1].admits(class)));
        }
        assert_eq!((Rung::Open.below(), Rung::WaitingRoom.above(), Rung::from_number(7)), (None, None, None));
        assert!(Rung::ALL.into_iter().all(|rung| rung.admits(Class::Checkout)));
    }

    #[test]
    fn no_class_is_refused_for_its_own_sake() {
        for rung in Rung::ALL.into_iter().filter(|rung| *rung != Rung::WaitingRoom) {
            assert!(rung.admits(rung.is_for()), "{rung:?}");
        }
    }
}
