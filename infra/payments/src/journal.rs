//! What happened, one line of JSON each, on disk before anybody is told.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The file, open at its end; without one nothing is kept.
pub(crate) struct Journal {
    file: Option<File>,
}

impl Journal {
    /// Reads what is there, gives it to `replay` in its order, and goes on behind it. A last line that was cut off by a
    /// crash was never answered, so it is cut off here as well.
    pub(crate) fn open<T: DeserializeOwned>(path: &Path, mut replay: impl FnMut(T)) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut reader = BufReader::new(&file);
        let mut whole_bytes = 0;
        let mut line = String::new();
        loop {
            line.clear();
            let read = reader.read_line(&mut line)?;
            if read == 0 || !line.ends_with('\n') {
                break;
            }
            let entry = serde_json::from_str(&line).map_err(|error| {
                io::Error::new(io::ErrorKind::InvalidData, format!("{} at byte {whole_bytes}: {error}", path.display()))
            })?;
            replay(entry);
            whole_bytes += read as u64;
        }
        file.set_len(whole_bytes)?;
        let mut file = file;
        file.seek(io::SeekFrom::End(0))?;
        Ok(Self { file: Some(file) })
    }

    /// A journal that keeps nothing.
    pub(crate) const fn in_memory() -> Self {
        Self { file: None }
    }

    /// Writes an entry down; when this returns, it is on disk.
    pub(crate) fn append(&mut self, entry: &impl Serialize) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        file.write_all(&line)?;
        file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> (Vec<u32>, Journal) {
        let mut entries = Vec::new();
        let journal = Journal::open(path, |entry| entries.push(entry)).expect("readable");
        (entries, journal)
    }

    #[test]
    fn what_was_written_is_there_again_and_half_a_line_is_not() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        let (none, mut journal) = read(&path);
        assert!(none.is_empty());
        journal.append(&7_u32).expect("writable");
        journal.append(&8_u32).expect("writable");
        OpenOptions::new().append(true).open(&path).and_then(|mut file| file.write_all(b"99")).expect("cut");
        let (entries, mut journal) = read(&path);
        assert_eq!(entries, [7, 8]);
        journal.append(&9_u32).expect("writable");
        assert_eq!(read(&path).0, [7, 8, 9]);
    }
}
