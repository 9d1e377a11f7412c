//! A refusal at the door, and what whoever meets it is told.

use std::time::Duration;

use actix_web::http::StatusCode;
use halles_resilience::Class;

use crate::Problem;
use crate::problem::OVERLOADED;
use crate::tally::Fate;

/// Not let in: how, and when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(super) fate: Fate,
    pub(super) retry_after: Duration,
}

impl Refusal {
    /// Whether it only means to wait for a turn.
    pub(crate) fn leads_to_room(self) -> bool {
        self.fate == Fate::Outside
    }

    /// For load, and this class may come back the later the less it matters, never all in the same second.
    pub(super) fn for_load(fate: Fate, class: Class, lot: f64) -> Self {
        Self { fate, retry_after: come_back(class, lot) }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = match refusal.fate {
            Fate::RateLimited => {
                let detail = "Too many requests come from your address. Please wait a moment.";
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
            }
            Fate::Outside => {
                let detail = "Too many people are here at once: visitors wait for their turn in front of the market.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "waiting_room", detail)
            }
            _ => {
                let detail = "Too many people are here at once. Please try again in a moment.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, OVERLOADED, detail)
            }
        };
        problem.retry_after(refusal.retry_after)
    }
}

/// When a class should come back: the less it matters the later, and never all in the same second.
fn come_back(class: Class, lot: f64) -> Duration {
    let seconds = match class {
        Class::Checkout => 1.0,
        Class::OrderStatus | Class::Listing => 2.0,
        Class::Search => 3.0,
        Class::Suggestion => 5.0,
        Class::Crawler => 60.0,
    };
    Duration::from_secs_f64(seconds * (1.0 + lot))
}
