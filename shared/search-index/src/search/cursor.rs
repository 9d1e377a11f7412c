//! Where a walk through all hits goes on, as a text that clients carry about.
//!
//! A cursor names the last hit by its place in the order. It is checked, not signed: it holds nothing that its bearer
//! could not ask for anyway, but one that was mangled, or belongs to another search, would silently skip hits.

use std::fmt;
use std::str::FromStr;

use halles_domain::Invalid;

use super::order::HitKey;

/// A place behind a hit, and the mark of the search that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SearchCursor {
    behind: HitKey,
    search: u32,
}

impl SearchCursor {
    /// A cursor behind a hit of the search that `search` describes: every text that says the same search alike will do.
    pub fn behind(hit: HitKey, search: &str) -> Self {
        Self { behind: hit, search: crc32fast::hash(search.as_bytes()) }
    }

    /// The hit, when the cursor belongs to this search.
    pub fn of(self, search: &str) -> Result<HitKey, Invalid> {
        let is_ours = self.search == crc32fast::hash(search.as_bytes());
        is_ours.then_some(self.behind).ok_or_else(|| Invalid::new("after", "belongs to another search"))
    }

    fn checksum(self) -> u32 {
        let mut bytes = Vec::with_capacity(20);
        bytes.extend(self.behind.rank.to_be_bytes());
        bytes.extend(self.behind.id.to_be_bytes());
        bytes.extend(self.search.to_be_bytes());
        crc32fast::hash(&bytes)
    }
}

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HitKey { rank, id } = self.behind;
        write!(f, "{rank:x}-{id:x}-{:x}-{:x}", self.search, self.checksum())
    }
}

impl FromStr for SearchCursor {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        parse(text).ok_or_else(|| Invalid::new("after", "must be * or what `next` said"))
    }
}

fn parse(text: &str) -> Option<SearchCursor> {
    let mut parts = text.split('-');
    let mut number = || u64::from_str_radix(parts.next()?, 16).ok();
    let behind = HitKey { rank: number()?, id: number()? };
    let cursor = SearchCursor { behind, search: u32::try_from(number()?).ok()? };
    let is_whole = number()? == u64::from(cursor.checksum()) && parts.next().is_none();
    is_whole.then_some(cursor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_is_read_as_it_is_written(rank: u64, id: u64, search in ".{0,20}") {
            let hit = HitKey { rank, id };
            let cursor = SearchCursor::behind(hit, &search);
            let read: SearchCursor = cursor.to_string().parse().expect("a cursor");
            prop_assert_eq!(read.of(&search), Ok(hit));
            let another = search + "!";
            prop_assert!(read.of(&another).is_err());
        }

        #[test]
        fn a_mangled_cursor_is_refused(rank: u64, id: u64, place in 0_usize..30, letter in "[0-9a-f-]") {
            let text = SearchCursor::behind(HitKey { rank, id }, "bol").to_string();
            let place = place % text.len();
            let mangled = format!("{}{letter}{}", &text[..place], &text[place + 1..]);
            prop_assert!(mangled == text || mangled.parse::<SearchCursor>().is_err(), "{}", mangled);
        }

        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,60}") {
            let _ = text.parse::<SearchCursor>();
        }
    }
}
