//! Where the index lives and what writing it may cost.

use std::path::PathBuf;

use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};
use url::Url;

/// Where snapshots are kept, for the indexer and for every search instance alike.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSettings {
    /// The object store, as an address: `file:///var/lib/halles/index` for a directory.
    pub store_url: String,
    /// A directory of this process alone for the files that it works on. Nothing in it matters: it is filled again
    /// from the store whenever it is empty.
    pub work_dir: PathBuf,
}

impl Default for IndexSettings {
    /// Beside the other state of a developer's machine.
    fn default() -> Self {
        Self { store_url: String::new(), work_dir: PathBuf::from(".halles/search-work") }
    }
}

impl Validate for IndexSettings {
    fn validate(&self, faults: &mut Faults) {
        match Url::parse(&self.store_url) {
            Ok(url) if url.scheme() == "file" && url.to_file_path().is_ok() => {}
            _ => faults.refuse("store_url", "must be an address such as file:///var/lib/halles/index"),
        }
        faults.check(!self.work_dir.as_os_str().is_empty(), "work_dir", "must name a directory");
    }
}

/// What writing the index may cost.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WriterSettings {
    /// Threads that analyse texts. Every thread writes its own segment at every commit, so more threads build a large
    /// index faster and make small commits a little dearer.
    pub threads: usize,
    /// Memory in which segments are gathered before they are written, shared by all threads. More makes fewer, larger
    /// segments in a bulk build; between commits twice a second it is hardly touched.
    pub memory_bytes: usize,
}

impl WriterSettings {
    const MAX_THREADS: usize = 8;
    const MIN_BYTES_PER_THREAD: usize = 16 << 20;
    const MAX_BYTES_PER_THREAD: usize = 4_000_000_000;
}

impl Default for WriterSettings {
    /// One thread indexes several times the busiest minute we know of (600 listings/s); 128 MiB hold a segment of some
    /// hundred thousand listings.
    fn default() -> Self {
        Self { threads: 1, memory_bytes: 128 << 20 }
    }
}

impl Validate for WriterSettings {
    fn validate(&self, faults: &mut Faults) {
        let threads_fit = (1..=Self::MAX_THREADS).contains(&self.threads);
        faults.check(threads_fit, "threads", format!("must be between 1 and {}", Self::MAX_THREADS));
        let per_thread = self.memory_bytes / self.threads.max(1);
        let memory_fits = (Self::MIN_BYTES_PER_THREAD..=Self::MAX_BYTES_PER_THREAD).contains(&per_thread);
        faults.check(memory_fits, "memory_bytes", "must be between 16 MiB and 4 GB for each thread");
    }
}
