//! Reading ahead: a thread of its own turns the file into batches while the database takes in the ones before.

use tokio::sync::mpsc;

use super::convert::{Converter, ImportedListing};
use super::group::Groups;
use super::record::Record;
use super::records::{Next, Records};
use super::reject::Reject;

/// Listings in one batch and transaction: large enough for `COPY` to pay, small enough to keep few in memory.
const BATCH_LISTINGS: usize = 2_000;
/// Rows after which a batch is sent even with few listings in it, so that progress shows.
const BATCH_ROWS: u64 = 10_000;
/// Batches that wait for the database.
const BATCHES_WAITING: usize = 2;

/// A stretch of the file.
#[derive(Debug, Default)]
pub struct Batch {
    /// The listings in it.
    pub listings: Vec<ImportedListing>,
    /// What was refused in it.
    pub rejects: Vec<Reject>,
    /// How many rows were refused.
    pub rejected_rows: u64,
    /// How many rows it stands for.
    pub rows: u64,
    /// How many of them the mapping's rules leave out.
    pub left_out: u64,
    /// How many titles a grouped source lacks.
    pub nameless: u64,
    /// Why the file could not be read to its end.
    pub broken: Option<String>,
}

/// The batches of a file.
pub fn read_ahead(records: Records, converter: Converter) -> mpsc::Receiver<Batch> {
    let (sender, receiver) = mpsc::channel(BATCHES_WAITING);
    tokio::task::spawn_blocking(move || {
        let mut reading = Reading { converter: &converter, sender, batch: Batch::default() };
        // The only error is that nobody wants the batches any more.
        let _ = match converter.mapping.group {
            Some(_) => reading.grouped(records),
            None => reading.one_by_one(records),
        };
    });
    receiver
}

/// Nobody wants the batches any more.
struct Unwanted;

struct Reading<'a> {
    converter: &'a Converter,
    sender: mpsc::Sender<Batch>,
    batch: Batch,
}

impl Reading<'_> {
    fn one_by_one(&mut self, mut records: Records) -> Result<(), Unwanted> {
        while let Some(record) = self.next_wanted(&mut records)? {
            self.convert(&record);
        }
        self.send()
    }

    fn grouped(&mut self, mut records: Records) -> Result<(), Unwanted> {
        let mut groups = Groups::new(&self.converter.mapping);
        while let Some(record) = self.next_wanted(&mut records)? {
            let line = record.line;
            if let Err(reason) = groups.add(record) {
                self.reject(Reject { line, field: "ref".into(), reason: reason.into() });
            }
        }
        let (records, nameless) = groups.into_records();
        self.batch.nameless = nameless;
        for record in records {
            self.convert(&record);
            self.send_if_full()?;
        }
        self.send()
    }

    fn next_wanted(&mut self, records: &mut Records) -> Result<Option<Record>, Unwanted> {
        loop {
            self.send_if_full()?;
            match records.next() {
                Next::Record(record) => {
                    self.batch.rows += 1;
                    if self.converter.wants(&record) {
                        return Ok(Some(record));
                    }
                    self.batch.left_out += 1;
                }
                Next::Unreadable(reject) => {
                    self.batch.rows += 1;
                    self.reject(reject);
                }
                Next::Broken(reject) => {
                    self.batch.broken = Some(format!("line {}: {}", reject.line, reject.reason));
                    self.reject(reject);
                    return Ok(None);
                }
                Next::End => return Ok(None),
            }
        }
    }

    fn convert(&mut self, record: &Record) {
        match self.converter.convert(record) {
            Ok(listing) => self.batch.listings.push(listing),
            Err(faults) => {
                self.batch.rejects.extend(faults);
                self.batch.rejected_rows += 1;
            }
        }
    }

    fn reject(&mut self, reject: Reject) {
        self.batch.rejects.push(reject);
        self.batch.rejected_rows += 1;
    }

    fn send_if_full(&mut self) -> Result<(), Unwanted> {
        if self.batch.listings.len() >= BATCH_LISTINGS || self.batch.rows >= BATCH_ROWS { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), Unwanted> {
        self.sender.blocking_send(std::mem::take(&mut self.batch)).map_err(|_| Unwanted)
    }
}
