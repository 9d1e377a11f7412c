//! The file that is imported: found, opened, unpacked and cut into records.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::ValueEnum;
use flate2::read::MultiGzDecoder;

use super::ImportError;

/// How a file's rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Values with separators, names in the first row.
    Csv,
    /// A JSON object in each line.
    Jsonl,
}

/// An opened file.
pub struct SourceFile {
    /// Its content, unpacked.
    pub reader: Box<dyn BufRead + Send>,
    /// How its rows are written.
    pub format: Format,
    /// Its size as it lies there.
    pub bytes: u64,
    /// How much of it has been read.
    pub read: Arc<AtomicU64>,
}

/// Endings that catalogue files have, packed or not.
const ENDINGS: [(&str, Format); 5] = [
    (".csv", Format::Csv),
    (".tsv", Format::Csv),
    (".jsonl", Format::Jsonl),
    (".ndjson", Format::Jsonl),
    (".json", Format::Jsonl),
];

/// Large enough that unpacking is not what takes the time.
const BUFFER_BYTES: usize = 256 << 10;

/// The catalogue file in a directory: the one that the mapping names, or the only one that looks like one.
pub fn in_directory(directory: &Path, named: Option<&str>) -> Result<PathBuf, ImportError> {
    if let Some(name) = named {
        let path = directory.join(name);
        if path.is_file() {
            return Ok(path);
        }
    }
    let entries = fs::read_dir(directory).map_err(|error| ImportError::open(directory, error))?;
    let mut candidates: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_file() && format_by_name(path).is_some())
        .collect();
    candidates.sort();
    match candidates.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(ImportError::NoCatalogue(directory.to_owned())),
        _ => {
            let names: Vec<&str> = candidates.iter().filter_map(|path| path.file_name()?.to_str()).collect();
            Err(ImportError::ManyCatalogues { directory: directory.to_owned(), names: names.join(", ") })
        }
    }
}

impl SourceFile {
    /// Opens a file, unpacks it if its first bytes say that it is packed, and finds its format by name or content.
    pub fn open(path: &Path, format: Option<Format>) -> Result<Self, ImportError> {
        let failed = |error| ImportError::open(path, error);
        let file = File::open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let read = Arc::new(AtomicU64::new(0));
        let mut packed = BufReader::with_capacity(BUFFER_BYTES, Counted { inner: file, read: Arc::clone(&read) });
        let is_gzip = packed.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
        let mut reader: Box<dyn BufRead + Send> = if is_gzip {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(packed)))
        } else {
            Box::new(packed)
        };
        // A byte order mark is no part of the first field's name.
        if reader.fill_buf().map_err(failed)?.starts_with(b"\xef\xbb\xbf") {
            reader.consume(3);
        }
        let format = match format.or_else(|| format_by_name(path)) {
            Some(format) => format,
            None => format_by_content(reader.fill_buf().map_err(failed)?),
        };
        Ok(Self { reader, format, bytes, read })
    }
}

fn format_by_name(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| *format)
}

fn format_by_content(start: &[u8]) -> Format {
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') { Format::Jsonl } else { Format::Csv }
}

/// Counts what is read of the file as it lies there, which is what its size can be compared with.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
