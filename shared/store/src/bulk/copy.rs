//! PostgreSQL's binary `COPY` format.

use std::marker::PhantomData;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{SinkExt, Stream, StreamExt, pin_mut};
use halles_domain::Photo;
use jiff::Timestamp;
use tokio_postgres::Client;

use super::BulkError;

/// What `COPY … (FORMAT binary)` starts with: signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with: a row of -1 fields.
const TRAILER: &[u8] = &[0xff, 0xff];
/// The microseconds between 1970 and 2000, where PostgreSQL counts from.
const EPOCH_OFFSET_MICROS: i64 = 946_684_800_000_000;
/// The type number of `text`, which an array names.
const TEXT_OID: i32 = 25;

/// A table that rows can be copied into.
pub trait CopyTable {
    /// A row, borrowed from wherever it was made.
    type Row<'a>;
    /// The columns, in the order in which [`CopyTable::encode`] writes them.
    const COLUMNS: &'static str;

    /// Writes the row's fields.
    fn encode(row: &Self::Row<'_>, fields: &mut Fields<'_>);
}

/// Encoded rows for one table, on their way to the database.
#[derive(Debug)]
pub struct Chunk<T> {
    bytes: BytesMut,
    rows: u64,
    table: PhantomData<fn(T)>,
}

impl<T: CopyTable> Chunk<T> {
    /// An empty chunk with room for about `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: BytesMut::with_capacity(bytes), rows: 0, table: PhantomData }
    }

    /// How many rows it holds.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// How large it has become.
    pub fn len_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Adds a row.
    pub fn push(&mut self, row: &T::Row<'_>) {
        let start = self.bytes.len();
        self.bytes.put_i16(0);
        let mut fields = Fields { bytes: &mut self.bytes, count: 0 };
        T::encode(row, &mut fields);
        let count = fields.count;
        self.bytes[start..start + 2].copy_from_slice(&count.to_be_bytes());
        self.rows += 1;
    }
}

/// Writes the fields of one row, each as its length and its bytes.
pub struct Fields<'a> {
    bytes: &'a mut BytesMut,
    count: i16,
}

impl Fields<'_> {
    pub(super) fn null(&mut self) {
        self.count += 1;
        self.bytes.put_i32(-1);
    }

    pub(super) fn bigint(&mut self, value: i64) {
        self.length(8);
        self.bytes.put_i64(value);
    }

    pub(super) fn int(&mut self, value: i32) {
        self.length(4);
        self.bytes.put_i32(value);
    }

    pub(super) fn real(&mut self, value: f32) {
        self.length(4);
        self.bytes.put_f32(value);
    }

    pub(super) fn text(&mut self, value: &str) {
        self.length(value.len());
        self.bytes.put_slice(value.as_bytes());
    }

    /// `value` is the text of a JSON document; the leading byte is the version of the format.
    pub(super) fn jsonb(&mut self, value: &str) {
        self.length(value.len() + 1);
        self.bytes.put_u8(1);
        self.bytes.put_slice(value.as_bytes());
    }

    pub(super) fn timestamptz(&mut self, value: Timestamp) {
        self.bigint(value.as_microsecond() - EPOCH_OFFSET_MICROS);
    }

    /// An array of texts without nulls. Without elements it has no dimension at all.
    pub(super) fn text_array(&mut self, photos: &[Photo]) {
        let elements: usize = photos.iter().map(|photo| 4 + photo.as_str().len()).sum();
        let dimension = if photos.is_empty() { 0 } else { 8 };
        self.length(12 + dimension + elements);
        self.bytes.put_i32(i32::from(!photos.is_empty()));
        self.bytes.put_i32(0);
        self.bytes.put_i32(TEXT_OID);
        if !photos.is_empty() {
            self.bytes.put_i32(wire_length(photos.len()));
            self.bytes.put_i32(1);
        }
        for photo in photos {
            self.bytes.put_i32(wire_length(photo.as_str().len()));
            self.bytes.put_slice(photo.as_str().as_bytes());
        }
    }

    fn length(&mut self, bytes: usize) {
        self.count += 1;
        self.bytes.put_i32(wire_length(bytes));
    }
}

fn wire_length(bytes: usize) -> i32 {
    i32::try_from(bytes).expect("the domain's bounds keep every field far below 2 GiB")
}

/// Runs `statement`, a `COPY … FROM STDIN (FORMAT binary)`, over the chunks; `copied` hears the rows sent so far.
pub(super) async fn copy_in<T: CopyTable>(
    client: &Client,
    statement: &str,
    chunks: impl Stream<Item = Chunk<T>>,
    mut copied: impl FnMut(u64),
) -> Result<u64, BulkError> {
    let sink = client.copy_in(statement).await?;
    pin_mut!(sink, chunks);
    sink.send(Bytes::from_static(HEADER)).await?;
    let mut rows = 0;
    while let Some(chunk) = chunks.next().await {
        rows += chunk.rows;
        sink.send(chunk.bytes.freeze()).await?;
        copied(rows);
    }
    sink.send(Bytes::from_static(TRAILER)).await?;
    Ok(sink.finish().await?)
}
