//! The whole of an import.

use std::sync::atomic::Ordering;
use std::time::Instant;

use halles_domain::ListingId;
use halles_store::bulk::{BulkLoad, MergeOutcome};

use super::args::{ImportArgs, Order};
use super::batch::{Batch, read_ahead};
use super::convert::Converter;
use super::records::Records;
use super::reject::{Reject, RejectReport};
use super::source_file::SourceFile;
use super::write::Writing;
use super::{ImportError, ImportReport, category_path};
use crate::progress::{Progress, Unit};

/// Imports a file into the database at `owner_url`.
///
/// Listings are known again by their source and reference: new ones are added, changed ones changed, the same ones left
/// alone, and running services hear of exactly what changed. Bad rows are reported and stop no good one, unless
/// `strict` asks for all or nothing.
pub async fn import(args: &ImportArgs, owner_url: &str, progress: &dyn Progress) -> Result<ImportReport, ImportError> {
    let order = args.resolve()?;
    let bulk = BulkLoad::connect(owner_url).await?;
    let top = category_path::top(&order.source, &order.mapping.category);
    let writing = Writing::begin(bulk, top, args.strict).await?;
    write_all(order, args, writing, progress).await
}

async fn write_all(
    order: Order,
    args: &ImportArgs,
    mut writing: Writing,
    progress: &dyn Progress,
) -> Result<ImportReport, ImportError> {
    let started = Instant::now();
    let file = SourceFile::open(&order.file, args.format)?;
    progress.begin(order.source.as_str(), Some(file.bytes), Unit::Bytes);
    let read = file.read.clone();
    let records = Records::new(file).map_err(ImportError::FirstRow)?;
    let mut report = ImportReport { source: order.source.to_string(), ..ImportReport::default() };
    let mut rejects = RejectReport::new(&order.rejects);
    let mut batches = read_ahead(records, Converter { mapping: order.mapping, source: order.source });
    while let Some(mut batch) = batches.recv().await {
        if args.strict {
            refuse_bad(&batch)?;
        }
        let outcome = writing.write(&batch.listings).await?;
        batch.rejects.extend(outcome.repeated.iter().map(|line| repeated(*line)));
        if args.strict {
            refuse_bad(&batch)?;
        }
        for reject in &batch.rejects {
            rejects.add(reject.clone()).map_err(ImportError::Rejects)?;
        }
        count(&mut report, &batch, &outcome);
        progress.advance(read.load(Ordering::Relaxed), report.rows);
    }
    writing.finish().await?;
    progress.end();
    let (_, first, path) = rejects.finish().map_err(ImportError::Rejects)?;
    Ok(ImportReport { first_rejects: first, reject_file: path, elapsed: started.elapsed(), ..report })
}

fn refuse_bad(batch: &Batch) -> Result<(), ImportError> {
    match batch.rejects.first() {
        Some(reject) => Err(ImportError::Strict(reject.clone())),
        None => Ok(()),
    }
}

fn repeated(line: ListingId) -> Reject {
    Reject {
        line: line.get().unsigned_abs(),
        field: "ref".into(),
        reason: "occurs more than once in the file; the first row was kept".into(),
    }
}

fn count(report: &mut ImportReport, batch: &Batch, outcome: &MergeOutcome) {
    report.rows += batch.rows;
    report.left_out += batch.left_out;
    report.nameless += batch.nameless;
    report.shortened += batch.listings.iter().filter(|listing| listing.shortened).count() as u64;
    report.rejected += batch.rejected_rows + outcome.repeated.len() as u64;
    report.inserted += outcome.inserted;
    report.updated += outcome.updated;
    report.unchanged += outcome.unchanged;
    report.broken = report.broken.take().or_else(|| batch.broken.clone());
}
