//! Connections on loan from a pool, which come back only when what was asked on them was answered.
//!
//! A caller may give up at any moment: its deadline passes, its client hangs up. The question is then still on the wire,
//! and whoever got the connection next would wait for its answer first, or for ever. So a connection that was given up
//! is closed instead.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Object;

/// Where a connection waits between the end of the work and the verdict on it.
type Slot = Arc<Mutex<Option<Object>>>;

/// A connection on loan, for the length of the work.
pub(crate) struct Lease {
    object: Option<Object>,
    slot: Slot,
}

/// The lender's side. When it is dropped without a word, the connection is closed.
pub(crate) struct Lender {
    slot: Slot,
}

/// Lends a connection.
pub(crate) fn lend(object: Object) -> (Lease, Lender) {
    let slot = Slot::default();
    (Lease { object: Some(object), slot: Arc::clone(&slot) }, Lender { slot })
}

impl Lender {
    /// Everything was answered: the connection goes back to its pool.
    pub(crate) fn accept(self) {
        drop(take(&self.slot));
    }
}

impl Drop for Lender {
    fn drop(&mut self) {
        if let Some(object) = take(&self.slot) {
            drop(Object::take(object));
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = self.object.take();
    }
}

impl Deref for Lease {
    type Target = Object;

    fn deref(&self) -> &Object {
        self.object.as_ref().expect("only dropping takes the connection out")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Object {
        self.object.as_mut().expect("only dropping takes the connection out")
    }
}

fn take(slot: &Slot) -> Option<Object> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}
