//! A body in several pieces.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

/// Sends its pieces one after the other, as one body of known length.
pub(super) struct Pieces {
    length: u64,
    pieces: std::vec::IntoIter<Bytes>,
}

impl Pieces {
    pub(super) fn new(pieces: Vec<Bytes>) -> Self {
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        Self { length, pieces: pieces.into_iter() }
    }
}

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.length)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        // An empty piece would be taken for the end.
        Poll::Ready(self.pieces.find(|piece| !piece.is_empty()).map(Ok))
    }
}
