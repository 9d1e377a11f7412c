//! Whether a page is the right one.
//!
//! Every page is looked at. Pages come compressed, and most of them a thousand times over: a body that was already seen, byte
//! for byte, is not unpacked again.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::io::Read as _;

use flate2::read::GzDecoder;
use foldhash::fast::FixedState;
use memchr::memmem;
use reqwest::StatusCode;

use super::Ending;

/// Bodies that are remembered; beyond, all are forgotten.
const MOST: usize = 8_192;
/// No page of ours is longer.
const LONGEST: u64 = 8 << 20;

/// Looks at pages.
#[derive(Debug, Default)]
pub(super) struct Looker {
    /// By what a page should contain and the hash of its body: whether it does.
    seen: HashMap<(&'static str, u64), bool, FixedState>,
}

impl Looker {
    /// How a request for a page ended that must contain this.
    pub fn ending(&mut self, status: StatusCode, is_gzip: bool, body: &[u8], sign: &'static str) -> Ending {
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Ending::Refused,
            status if !status.is_success() => Ending::Failed,
            _ if self.is_right(is_gzip, body, sign) => Ending::Right,
            _ => Ending::Wrong,
        }
    }

    fn is_right(&mut self, is_gzip: bool, body: &[u8], sign: &'static str) -> bool {
        if !is_gzip {
            return memmem::find(body, sign.as_bytes()).is_some();
        }
        let key = (sign, FixedState::default().hash_one(body));
        if let Some(is_right) = self.seen.get(&key) {
            return *is_right;
        }
        let mut page = Vec::with_capacity(body.len() * 6);
        let is_whole = GzDecoder::new(body).take(LONGEST).read_to_end(&mut page).is_ok();
        let is_right = is_whole && memmem::find(&page, sign.as_bytes()).is_some();
        if self.seen.len() >= MOST {
            self.seen.clear();
        }
        self.seen.insert(key, is_right);
        is_right
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn packed_pages_are_looked_at_every_time() {
        let mut looker = Looker::default();
        let right = packed("<h1>the right page</h1>");
        for _ in 0..2 {
            assert_eq!(looker.ending(StatusCode::OK, true, &right, "<h1>"), Ending::Right);
            assert_eq!(looker.ending(StatusCode::OK, true, &right, "<h2>"), Ending::Wrong);
            assert_eq!(looker.ending(StatusCode::OK, true, &right[..20], "<h1>"), Ending::Wrong, "broken off");
            assert_eq!(looker.ending(StatusCode::OK, false, b"<h1>", "<h1>"), Ending::Right);
        }
        assert_eq!(looker.ending(StatusCode::TOO_MANY_REQUESTS, true, &right, "<h1>"), Ending::Refused);
        assert_eq!(looker.ending(StatusCode::NOT_FOUND, true, &right, "<h1>"), Ending::Failed);
    }
}
