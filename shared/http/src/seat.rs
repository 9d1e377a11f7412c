//! A request's place among those in work, for a handler that knows from when on it only waits.
//!
//! The limit at the door bounds what is being done. Whoever waits for something that others do, such as the outcome of an
//! order that is noted already, takes no time of anybody's; kept among those in work, a crowd of them would turn people
//! away from a house with nothing to do. How many may wait like that is for the handler to bound.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::admission::Admitted;

/// The place of a request. Clones are the same place.
#[derive(Clone, Default)]
pub struct Seat(Rc<Cell<Option<Admitted>>>);

impl Seat {
    pub(crate) fn new(admitted: Admitted) -> Self {
        Self(Rc::new(Cell::new(Some(admitted))))
    }

    /// The work is done, and what is left is waiting: somebody else may have the place.
    pub fn leave(&self) {
        if let Some(admitted) = self.take() {
            admitted.answered();
        }
    }

    /// The place, if it has not been left yet.
    pub(crate) fn take(&self) -> Option<Admitted> {
        self.0.take()
    }
}

impl FromRequest for Seat {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Only a handler called without the door, in its own test, has none.
        ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or_default()))
    }
}
