//! Many rows at once: what the catalogue generator and the importer write through.
//!
//! Owns the binary `COPY` format ([`SellerRow`], [`ListingRow`], [`Chunk`]: pure, so that any thread can encode), the
//! load of an empty catalogue, the growth of a filled one and the merge of imported listings ([`BulkLoad`]).
//! Promises: what belongs together is one transaction, so a load that dies leaves nothing behind; memory is bounded by
//! the chunks in flight; a merge writes only rows that differ and tells the outbox about exactly those.
//! Leaves to others: where the rows come from and whether they make sense. It wants the owner's connection, since an
//! empty table is filled without its indexes and foreign keys, which are rebuilt at the end.

mod catalogue;
mod connection;
mod copy;
mod error;
mod load;
mod merge;
mod row;

pub use catalogue::{CatalogueCounts, NewCategory, NewShop};
pub use connection::BulkLoad;
pub use copy::{Chunk, CopyTable, Fields};
pub use error::BulkError;
pub use load::FreshLoad;
pub use merge::MergeOutcome;
pub use row::{ListingRow, Listings, Origin, SellerRow, Sellers};
