//! Where the fleet's book lies.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Given, Poll, RoomBeat, RoomBook, Speaker};

/// Nobody could be asked.
#[derive(Debug, thiserror::Error)]
#[error("the waiting room's book cannot be reached: {0}")]
pub struct DeskAway(pub String);

/// What a desk answers, once it is known.
pub type DeskAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, DeskAway>> + Send + 'a>>;

/// Where the fleet's book lies.
pub trait RoomDesk: Send + Sync {
    /// Says how an instance feels, and reads the book.
    fn advance(&self, beat: RoomBeat) -> DeskAnswer<'_, RoomBook>;

    /// Reads the book and says nothing.
    fn look(&self) -> DeskAnswer<'_, RoomBook>;

    /// Takes a ticket. The book must have been begun by an [`RoomDesk::advance`].
    fn give(&self) -> DeskAnswer<'_, Given>;
}

/// A desk in this process: for a fleet of one, or for instances in one test.
#[derive(Debug)]
pub struct OwnDesk {
    papers: Mutex<Papers>,
    now_ms: fn() -> u64,
}

#[derive(Debug, Default)]
struct Papers {
    poll: Poll,
    book: RoomBook,
}

impl OwnDesk {
    /// An empty book, by this clock.
    pub fn new(now_ms: fn() -> u64) -> Self {
        Self { papers: Mutex::default(), now_ms }
    }

    /// Says how one of several instances feels.
    pub fn advance_as(&self, speaker: &Speaker, beat: RoomBeat) -> RoomBook {
        let now_ms = (self.now_ms)();
        let mut papers = self.papers();
        let beat = papers.poll.hear(now_ms, speaker, beat);
        papers.book.advance(now_ms, beat);
        papers.book
    }

    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RoomDesk for OwnDesk {
    fn advance(&self, beat: RoomBeat) -> DeskAnswer<'_, RoomBook> {
        let only_one = Speaker { service: "all".to_owned(), instance: "only".to_owned() };
        let book = self.advance_as(&only_one, beat);
        Box::pin(async move { Ok(book) })
    }

    fn look(&self) -> DeskAnswer<'_, RoomBook> {
        let book = self.papers().book;
        Box::pin(async move { Ok(book) })
    }

    fn give(&self) -> DeskAnswer<'_, Given> {
        let given = self.papers().book.give((self.now_ms)());
        Box::pin(async move { Ok(given) })
    }
}
