//! How an entry lies in Redis: a fixed head, then the value in postcard. The scripts read the head, too.
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | the format of the value |
//! | 8 | the version, big endian |
//! | 8 | when the data was read from the store, Unix milliseconds, big endian |
//! | 1 | what follows: a tombstone, "there is no such thing", or a value |
//! | 4 | how long loading it took, in microseconds, big endian |
//! | rest | the value |

use std::time::Duration;

use halles_domain::Version;

use super::entries::{Content, StoredEntry};

const HEAD: usize = 22;
const TOMBSTONE: u8 = 0;
const ABSENT: u8 = 1;
const VALUE: u8 = 2;

pub(crate) fn encode(entry: &StoredEntry) -> Vec<u8> {
    let (mark, value) = match &entry.content {
        Content::Tombstone => (TOMBSTONE, &[][..]),
        Content::Absent => (ABSENT, &[][..]),
        Content::Value(value) => (VALUE, &value[..]),
    };
    let load_micros = u32::try_from(entry.load_time.as_micros()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(HEAD + value.len());
    bytes.push(entry.format);
    bytes.extend_from_slice(&entry.version.get().to_be_bytes());
    bytes.extend_from_slice(&entry.read_at_ms.to_be_bytes());
    bytes.push(mark);
    bytes.extend_from_slice(&load_micros.to_be_bytes());
    bytes.extend_from_slice(value);
    bytes
}

/// Reads an entry; none when it is no entry of ours in this format.
pub(crate) fn decode(mut bytes: Vec<u8>, expected_format: u8) -> Option<StoredEntry> {
    let (format, rest) = bytes.split_first()?;
    let (version, rest) = rest.split_first_chunk::<8>()?;
    let (read_at_ms, rest) = rest.split_first_chunk::<8>()?;
    let (mark, rest) = rest.split_first()?;
    let (load_micros, value) = rest.split_first_chunk::<4>()?;
    let content = match (*mark, value.is_empty()) {
        (TOMBSTONE, true) => Content::Tombstone,
        (ABSENT, true) => Content::Absent,
        (VALUE, _) => Content::Value(Vec::new()),
        _ => return None,
    };
    let mut entry = StoredEntry {
        format: (*format == expected_format).then_some(expected_format)?,
        version: Version::new(i64::from_be_bytes(*version)),
        read_at_ms: u64::from_be_bytes(*read_at_ms),
        load_time: Duration::from_micros(u32::from_be_bytes(*load_micros).into()),
        content,
    };
    if let Content::Value(value) = &mut entry.content {
        bytes.drain(..HEAD);
        *value = bytes;
    }
    Some(entry)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(format: u8, version in 0_i64.., read_at_ms: u64, load_micros: u32, value: Vec<u8>) {
            for content in [Content::Tombstone, Content::Absent, Content::Value(value)] {
                let load_time = Duration::from_micros(load_micros.into());
                let entry = StoredEntry { format, version: Version::new(version), read_at_ms, load_time, content };
                let bytes = encode(&entry);
                prop_assert_eq!(decode(bytes.clone(), format), Some(entry));
                prop_assert_eq!(decode(bytes, format.wrapping_add(1)), None);
            }
        }

        #[test]
        fn garbage_is_never_a_panic(bytes: Vec<u8>) {
            let _ = decode(bytes, 1);
        }
    }
}
