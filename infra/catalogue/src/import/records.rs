//! Records out of a file, one at a time, each within bounds.

use std::io::{self, BufRead, Read};

use serde_json::{Map, Value};

use super::record::Record;
use super::reject::Reject;
use super::source_file::{Format, SourceFile};

/// The longest row; the longest listing that we know is a hundredth of it.
const MAX_ROW_BYTES: usize = 4 << 20;

/// What comes next in a file.
#[derive(Debug)]
pub enum Next {
    /// A row.
    Record(Record),
    /// A row that could not be read; the ones after it still can.
    Unreadable(Reject),
    /// The file cannot be read any further.
    Broken(Reject),
    /// The file has ended.
    End,
}

/// The records of a file.
pub enum Records {
    /// One JSON object a line.
    Jsonl {
        /// The unpacked content.
        reader: Box<dyn BufRead + Send>,
        /// The line in hand.
        line: Vec<u8>,
        /// Its number.
        number: u64,
    },
    /// Values with separators.
    Csv {
        /// The unpacked content as records.
        reader: Box<csv::Reader<Bounded<Box<dyn BufRead + Send>>>>,
        /// The names of the first row.
        names: Vec<String>,
        /// The record in hand.
        record: csv::ByteRecord,
    },
}

impl Records {
    /// The records of an opened file. What is wrong with a CSV file's first row is wrong with the whole file.
    pub fn new(file: SourceFile) -> Result<Self, Reject> {
        match file.format {
            Format::Jsonl => Ok(Self::Jsonl { reader: file.reader, line: Vec::new(), number: 0 }),
            Format::Csv => csv_records(file.reader),
        }
    }

    /// The next record.
    pub fn next(&mut self) -> Next {
        match self {
            Self::Jsonl { reader, line, number } => next_line(reader.as_mut(), line, number),
            Self::Csv { reader, names, record } => next_row(reader, names, record),
        }
    }
}

fn next_line(reader: &mut dyn BufRead, line: &mut Vec<u8>, number: &mut u64) -> Next {
    loop {
        line.clear();
        *number += 1;
        match reader.take(MAX_ROW_BYTES as u64).read_until(b'\n', line) {
            Ok(0) => return Next::End,
            Ok(_) if line.len() == MAX_ROW_BYTES && !line.ends_with(b"\n") => {
                return match reader.skip_until(b'\n') {
                    Ok(_) => Next::Unreadable(Reject::row(*number, too_long())),
                    Err(error) => broken(*number, &error),
                };
            }
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => return parse_line(line, *number),
            Err(error) => return broken(*number, &error),
        }
    }
}

fn parse_line(line: &[u8], number: u64) -> Next {
    let Ok(text) = std::str::from_utf8(line) else {
        return Next::Unreadable(Reject::row(number, "is not UTF-8"));
    };
    match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(fields) => Next::Record(Record { line: number, fields }),
        // The position within the line helps; the line that serde counts is always the first.
        Err(error) => {
            Next::Unreadable(Reject::row(number, format!("is not a JSON object (column {})", error.column().max(1))))
        }
    }
}

fn csv_records(mut reader: Box<dyn BufRead + Send>) -> Result<Records, Reject> {
    let delimiter = match reader.fill_buf() {
        Ok(start) => guess_delimiter(start),
        Err(error) => return Err(Reject::row(1, error.to_string())),
    };
    let bounded = Bounded { inner: reader, left: MAX_ROW_BYTES };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bounded);
    let names = reader.byte_headers().map_err(|error| Reject::row(1, error.to_string()))?;
    let names: Result<Vec<String>, _> =
        names.iter().map(|name| String::from_utf8(name.trim_ascii().to_vec())).collect();
    match names {
        Ok(names) => Ok(Records::Csv { reader: Box::new(reader), names, record: csv::ByteRecord::new() }),
        Err(_) => Err(Reject::row(1, "the names in the first row are not UTF-8")),
    }
}

/// The separator that the first row has most of.
fn guess_delimiter(start: &[u8]) -> u8 {
    let first_row = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| first_row.iter().filter(|byte| *byte == delimiter).count();
    // Of several with the same count the last one would win, so the usual one stands last.
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

fn next_row(
    reader: &mut csv::Reader<Bounded<Box<dyn BufRead + Send>>>,
    names: &[String],
    record: &mut csv::ByteRecord,
) -> Next {
    reader.get_mut().left = MAX_ROW_BYTES;
    let line = reader.position().line();
    match reader.read_byte_record(record) {
        Ok(false) => Next::End,
        Ok(true) => {
            let line = record.position().map_or(line, csv::Position::line);
            let mut fields = Map::with_capacity(names.len());
            for (name, value) in names.iter().zip(record.iter()) {
                let Ok(value) = std::str::from_utf8(value) else {
                    let reason = "is not UTF-8".into();
                    return Next::Unreadable(Reject { line, field: name.clone(), reason });
                };
                fields.insert(name.clone(), Value::String(value.to_owned()));
            }
            Next::Record(Record { line, fields })
        }
        Err(error) => match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, pos } => {
                let line = pos.as_ref().map_or(line, csv::Position::line);
                Next::Unreadable(Reject::row(line, format!("has {len} fields, the first row {expected_len}")))
            }
            csv::ErrorKind::Io(error) => broken(line, error),
            _ => Next::Broken(Reject::row(line, error.to_string())),
        },
    }
}

fn broken(line: u64, error: &io::Error) -> Next {
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the packed file ends too early".to_owned(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => format!("the packed file is damaged: {error}"),
        _ => error.to_string(),
    };
    Next::Broken(Reject::row(line, reason))
}

fn too_long() -> String {
    format!("is longer than {} MB", MAX_ROW_BYTES >> 20)
}

/// Refuses to go on when one record has taken too much: a quotation mark that nobody closes would swallow the file.
pub struct Bounded<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(format!("a row {}; is a quotation mark left open?", too_long())));
        }
        let count = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(content: &'static [u8]) -> Vec<String> {
        let mut records = Records::Jsonl { reader: Box::new(content), line: Vec::new(), number: 0 };
        collect(&mut records)
    }

    fn rows(content: &'static [u8]) -> Vec<String> {
        collect(&mut csv_records(Box::new(content)).unwrap_or_else(|reject| panic!("{reject:?}")))
    }

    fn collect(records: &mut Records) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            match records.next() {
                Next::Record(record) => {
                    seen.push(format!("{} {}", record.line, Value::Object(record.fields)));
                }
                Next::Unreadable(reject) => seen.push(format!("{} {} {}", reject.line, reject.field, reject.reason)),
                Next::Broken(reject) => {
                    seen.push(format!("{} broken {}", reject.line, reject.reason));
                    return seen;
                }
                Next::End => return seen,
            }
        }
    }

    #[test]
    fn bad_lines_do_not_hide_good_ones() {
        let seen = lines(b"{\"a\":1}\n\n[1]\n\xff\n{\"a\":2");
        assert_eq!(
            seen,
            [
                "1 {\"a\":1}",
                "3 row is not a JSON object (column 1)",
                "4 row is not UTF-8",
                "5 row is not a JSON object (column 6)"
            ]
        );
    }

    #[test]
    fn rows_know_their_line_and_their_fields() {
        let seen = rows(b"a;b\n1;\"x\ny\"\n2\n3;\xff\n4;z\n");
        assert_eq!(
            seen,
            [
                "2 {\"a\":\"1\",\"b\":\"x\\ny\"}",
                "4 row has 1 fields, the first row 2",
                "5 b is not UTF-8",
                "6 {\"a\":\"4\",\"b\":\"z\"}"
            ]
        );
    }

    #[test]
    fn a_row_without_end_is_refused_and_not_held() {
        let mut content = b"a,b\n1,\"".to_vec();
        content.resize(3 * MAX_ROW_BYTES, b'x');
        let seen = rows(Vec::leak(content));
        assert_eq!(seen.len(), 1);
        assert!(seen[0].contains("broken") && seen[0].contains("quotation mark"), "{seen:?}");
        let mut content = vec![b'x'; 2 * MAX_ROW_BYTES];
        content.extend_from_slice(b"\n{\"a\":1}\n");
        assert_eq!(lines(Vec::leak(content)), ["1 row is longer than 4 MB", "2 {\"a\":1}"]);
    }
}
