//! How an entry lies in Redis: a fixed head, then the value in postcard.
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | the format of the value |
//! | 8 | the version, big endian (`put_newer.lua` compares it) |
//! | 8 | when the data was read from the store, Unix milliseconds, big endian |
//! | 1 | what follows: a tombstone, "there is no such thing", or a value |
//! | rest | the value |

use std::time::{SystemTime, UNIX_EPOCH};

use halles_domain::Version;

const HEAD: usize = 18;
const TOMBSTONE: u8 = 0;
const NOTHING: u8 = 1;
const VALUE: u8 = 2;

/// An entry as it lies in Redis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Envelope<'a> {
    pub(crate) format: u8,
    pub(crate) version: Version,
    pub(crate) read_at_ms: u64,
    pub(crate) content: Content<'a>,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// Only that entries must have at least this version.
    Tombstone,
    /// That there is no such thing.
    Nothing,
    /// The thing, in postcard.
    Value(&'a [u8]),
}

impl<'a> Envelope<'a> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let (mark, value) = match self.content {
            Content::Tombstone => (TOMBSTONE, &[][..]),
            Content::Nothing => (NOTHING, &[][..]),
            Content::Value(value) => (VALUE, value),
        };
        let mut bytes = Vec::with_capacity(HEAD + value.len());
        bytes.push(self.format);
        bytes.extend_from_slice(&self.version.get().to_be_bytes());
        bytes.extend_from_slice(&self.read_at_ms.to_be_bytes());
        bytes.push(mark);
        bytes.extend_from_slice(value);
        bytes
    }

    /// Reads an entry; none when it is no entry of ours in this format.
    pub(crate) fn decode(bytes: &'a [u8], expected_format: u8) -> Option<Self> {
        let (format, rest) = bytes.split_first()?;
        let (version, rest) = rest.split_first_chunk::<8>()?;
        let (read_at_ms, rest) = rest.split_first_chunk::<8>()?;
        let (mark, value) = rest.split_first()?;
        let content = match (*mark, value.is_empty()) {
            (TOMBSTONE, true) => Content::Tombstone,
            (NOTHING, true) => Content::Nothing,
            (VALUE, _) => Content::Value(value),
            _ => return None,
        };
        (*format == expected_format).then(|| Self {
            format: expected_format,
            version: Version::new(i64::from_be_bytes(*version)),
            read_at_ms: u64::from_be_bytes(*read_at_ms),
            content,
        })
    }
}

/// Now, as the tiers tell each other: the clocks of all instances agree to some milliseconds.
pub(crate) fn unix_ms() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(format: u8, version in 0_i64.., read_at_ms: u64, value: Vec<u8>) {
            for content in [Content::Tombstone, Content::Nothing, Content::Value(&value)] {
                let envelope = Envelope { format, version: Version::new(version), read_at_ms, content };
                let bytes = envelope.encode();
                prop_assert_eq!(Envelope::decode(&bytes, format), Some(envelope));
                prop_assert_eq!(Envelope::decode(&bytes, format.wrapping_add(1)), None);
            }
        }

        #[test]
        fn garbage_is_never_a_panic(bytes: Vec<u8>) {
            let _ = Envelope::decode(&bytes, 1);
        }
    }
}
