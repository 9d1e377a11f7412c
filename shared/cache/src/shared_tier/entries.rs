//! What all instances share, as the few steps that each happen at once, whoever else is at work.
//!
//! ```text
//!            look_up                    put
//!  asker ──► will do ────────────► (nothing to do)
//!        ──► will not do, lease granted ──► load ──► put: entry kept unless a newer one is there, lease given back
//!        ──► will not do, lease held ──► look up again shortly    └► or release, when there is nothing to put
//!  change ──► bury: a tombstone in the place of anything older, and the lease taken from whoever loads the old thing
//! ```
//!
//! A lease only says who should load; it is no lock. Whoever has waited long enough loads without it, and nothing old is
//! ever put because of that: `put` compares versions, and a tombstone has one.
//!
//! Beside the entries stands one mark for all of them. It is no part of any other step, for in a cluster it lies on a node
//! of its own.

use std::pin::Pin;
use std::time::Duration;

use halles_domain::Version;
use halles_redis::RedisError;

/// One answer for each thing asked for or given, in their order.
pub type Answers<'a, T> = Pin<Box<dyn Future<Output = Vec<Result<T, RedisError>>> + Send + 'a>>;

/// The answer to one thing asked or told.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, RedisError>> + Send + 'a>>;

/// The entries and leases that all instances share.
pub trait SharedEntries: Send + Sync + 'static {
    /// Whether they can be reached at this moment.
    fn is_up(&self) -> bool;

    /// Sees what is there. For each question whose entry will not do, the asker gets the lease, unless somebody else
    /// holds it.
    fn look_up<'a>(&'a self, asker: Asker, questions: &'a [Question]) -> Answers<'a, Sighting>;

    /// Writes each entry, unless one of a higher version is there in the same format, and gives back the owner's leases.
    fn put<'a>(&'a self, owner: Owner, puts: &'a [Put]) -> Answers<'a, ()>;

    /// Writes each entry (a tombstone), unless one of the same version or a higher one is there in the same format; where
    /// it was written, nobody holds the lease any more.
    fn bury<'a>(&'a self, tombstones: &'a [Put]) -> Answers<'a, ()>;

    /// Gives back the leases under these names, as far as the owner still holds them.
    fn release<'a>(&'a self, owner: Owner, names: &'a [String]) -> Answers<'a, ()>;

    /// Raises the mark: from now on nobody is to believe what was read up to this moment (Unix milliseconds). Where the
    /// mark is now: a higher one stays, and 0 only asks.
    fn distrust(&self, up_to_ms: u64) -> Answer<'_, u64>;
}

/// Who holds a lease: one load of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner(pub u64);

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    /// The owner of the leases that this gets.
    pub owner: Owner,
    /// How long they live, should they never be given back.
    pub lease_life: Duration,
    /// The format that entries must have.
    pub format: u8,
}

/// What is wanted under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The kind and the key.
    pub name: String,
    /// An older version will not do.
    pub at_least: Version,
    /// Data read up to this moment (Unix milliseconds) will not do.
    pub read_after_ms: u64,
}

/// What was found under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What is there, whether it will do or not.
    pub seen: Seen,
    /// What became of the lease.
    pub lease: Lease,
}

/// What is there under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing.
    Nothing,
    /// Something that is no entry in the format asked for.
    Garbage,
    /// An entry.
    Entry(StoredEntry),
}

/// What became of the lease for one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// The entry will do.
    NotNeeded,
    /// The asker is to load, and has the lease.
    Granted,
    /// Somebody else is loading.
    Held,
}

/// An entry as it is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The layout of the value.
    pub format: u8,
    /// The version of the value, or of what must come at least.
    pub version: Version,
    /// When the data was read from the store, in Unix milliseconds.
    pub read_at_ms: u64,
    /// How long loading it took.
    pub load_time: Duration,
    /// What it says.
    pub content: Content,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Only that entries must have at least this version.
    Tombstone,
    /// That there is no such thing.
    Absent,
    /// The thing, in postcard.
    Value(Vec<u8>),
}

impl Content {
    /// How many bytes the value has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Value(bytes) => bytes.len(),
            Self::Tombstone | Self::Absent => 0,
        }
    }
}

/// An entry to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// The kind and the key.
    pub name: String,
    /// The entry.
    pub entry: StoredEntry,
    /// How long it lives.
    pub life: Duration,
}

impl StoredEntry {
    /// A tombstone: from now on only entries of this version or a higher one are written.
    #[must_use]
    pub fn tombstone(format: u8, version: Version) -> Self {
        Self { format, version, read_at_ms: 0, load_time: Duration::ZERO, content: Content::Tombstone }
    }

    /// Whether this answers the question of somebody who wants this format.
    #[must_use]
    pub fn will_do(&self, format: u8, question: &Question) -> bool {
        self.format == format
            && self.content != Content::Tombstone
            && self.version >= question.at_least
            && self.read_at_ms > question.read_after_ms
    }
}
