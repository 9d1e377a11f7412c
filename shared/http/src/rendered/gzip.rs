//! Gzip (RFC 1952) with a hole in it.
//!
//! A body with a hole is deflated in three parts that meet at whole bytes: what stands before the hole, what stands in it
//! as a *stored* block, and what stands behind it, deflated without looking back. So another text can take the place of
//! the stored one by writing nothing but a block header of five bytes, and the checksum of the whole is put together
//! from those of its parts.

use std::io::Write as _;
use std::ops::Range;

use actix_web::web::Bytes;
use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Deflate, no name, no time: the same bytes at any time and on any machine.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A checksum and a length.
const TRAILER_BYTES: usize = 8;

/// A body in gzip.
#[derive(Debug)]
pub(crate) struct Gzipped {
    whole: Bytes,
    hole: Option<Hole>,
}

#[derive(Debug)]
struct Hole {
    /// Where the stored block stands in the whole.
    place: Range<usize>,
    before: Hasher,
    after: Hasher,
    /// How long the body is without what stands in the hole.
    rest_bytes: usize,
}

impl Gzipped {
    pub(crate) fn new(body: &[u8], hole: Option<Range<usize>>) -> Self {
        let mut whole = Vec::with_capacity(body.len() / 3);
        whole.extend_from_slice(&HEADER);
        let Some(hole) = hole else {
            let mut whole = deflate(whole, body, Ending::Last);
            whole.extend_from_slice(&trailer(checksum(body), body.len()));
            return Self { whole: whole.into(), hole: None };
        };
        let (before, own, after) = (&body[..hole.start], &body[hole.clone()], &body[hole.end..]);
        let mut whole = deflate(whole, before, Ending::AtWholeByte);
        let start = whole.len();
        store(&mut whole, own);
        let place = start..whole.len();
        let mut whole = deflate(whole, after, Ending::Last);
        let hole = Hole { place, before: checksum(before), after: checksum(after), rest_bytes: body.len() - own.len() };
        whole.extend_from_slice(&hole.trailer_with(own));
        whole.shrink_to_fit();
        Self { whole: whole.into(), hole: Some(hole) }
    }

    /// The body as it is for most.
    pub(crate) const fn whole(&self) -> &Bytes {
        &self.whole
    }

    /// The body with another text in its hole, in pieces.
    pub(super) fn with(&self, own: &[u8]) -> Vec<Bytes> {
        let Some(hole) = &self.hole else { return vec![self.whole.clone()] };
        let mut stored = Vec::with_capacity(own.len() + 16);
        store(&mut stored, own);
        vec![
            self.whole.slice(..hole.place.start),
            stored.into(),
            self.whole.slice(hole.place.end..self.whole.len() - TRAILER_BYTES),
            Bytes::copy_from_slice(&hole.trailer_with(own)),
        ]
    }
}

impl Hole {
    fn trailer_with(&self, own: &[u8]) -> [u8; TRAILER_BYTES] {
        let mut sum = self.before.clone();
        sum.combine(&checksum(own));
        sum.combine(&self.after);
        trailer(sum, self.rest_bytes + own.len())
    }
}

/// How deflated data ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// More blocks follow.
    AtWholeByte,
    Last,
}

/// Adds `data`, deflated, to `to`.
fn deflate(to: Vec<u8>, data: &[u8], ending: Ending) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(to, Compression::default());
    let ended = encoder.write_all(data).and_then(|()| match ending {
        Ending::AtWholeByte => encoder.flush().map(|()| std::mem::take(encoder.get_mut())),
        Ending::Last => encoder.finish(),
    });
    ended.expect("memory can be written")
}

/// Adds `data` as it is, in stored blocks.
fn store(to: &mut Vec<u8>, data: &[u8]) {
    for block in data.chunks(usize::from(u16::MAX)) {
        let length = u16::try_from(block.len()).expect("a block is not longer than that");
        to.push(0);
        to.extend_from_slice(&length.to_le_bytes());
        to.extend_from_slice(&(!length).to_le_bytes());
        to.extend_from_slice(block);
    }
}

fn checksum(data: &[u8]) -> Hasher {
    let mut sum = Hasher::new();
    sum.update(data);
    sum
}

fn trailer(sum: Hasher, bytes: usize) -> [u8; TRAILER_BYTES] {
    // The length is told modulo 2^32.
    let bytes = u32::try_from(bytes as u64 & u64::from(u32::MAX)).expect("the higher half is masked");
    let mut trailer = [0; TRAILER_BYTES];
    trailer[..4].copy_from_slice(&sum.finalize().to_le_bytes());
    trailer[4..].copy_from_slice(&bytes.to_le_bytes());
    trailer
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::MultiGzDecoder;
    use proptest::prelude::*;

    use super::*;

    /// Reads it as strictly as a browser does: every checksum, and nothing behind the end.
    fn read(pieces: &[Bytes]) -> Vec<u8> {
        let mut body = Vec::new();
        MultiGzDecoder::new(&pieces.concat()[..]).read_to_end(&mut body).expect("well-formed gzip");
        body
    }

    proptest! {
        #[test]
        fn comes_back_with_whatever_stands_in_the_hole(
            before in ".{0,400}", drawn in ".{0,80}", after in ".{0,400}", own in ".{0,80}",
        ) {
            let body = format!("{before}{drawn}{after}");
            let gzipped = Gzipped::new(body.as_bytes(), Some(before.len()..before.len() + drawn.len()));
            prop_assert_eq!(read(&[gzipped.whole().clone()]), body.into_bytes());
            prop_assert_eq!(read(&gzipped.with(own.as_bytes())), format!("{before}{own}{after}").into_bytes());
        }
    }

    #[test]
    fn a_body_without_a_hole_is_whole() {
        let body = "stalls under one roof ".repeat(1_000);
        let gzipped = Gzipped::new(body.as_bytes(), None);
        assert_eq!(read(&[gzipped.whole().clone()]), body.as_bytes());
        assert!(gzipped.whole().len() < body.len() / 50);
        assert_eq!(read(&gzipped.with(b"own")), body.as_bytes());
    }

    #[test]
    fn a_text_longer_than_a_block_takes_several() {
        let own = "x".repeat(200_000);
        let gzipped = Gzipped::new(b"beforeafter", Some(6..6));
        assert_eq!(read(&gzipped.with(own.as_bytes())), format!("before{own}after").into_bytes());
    }
}
