//! Where the index lives and what writing it may cost.

use std::path::PathBuf;

use halles_settings::{Faults, Secret, Validate};
use serde::{Deserialize, Serialize};
use url::Url;

/// Where snapshots are kept, for the indexer and for every search instance alike.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSettings {
    /// The object store, as an address: `file:///var/lib/halles/index` for a directory, `s3://bucket/folder` for S3.
    pub store_url: String,
    /// How to reach S3, when the store is there.
    pub s3: S3Settings,
    /// A directory of this process alone for the files that it works on. Nothing in it matters: it is filled again
    /// from the store whenever it is empty.
    pub work_dir: PathBuf,
}

impl Default for IndexSettings {
    /// Beside the other state of a developer's machine.
    fn default() -> Self {
        Self { store_url: String::new(), s3: S3Settings::default(), work_dir: PathBuf::from(".halles/search-work") }
    }
}

/// How to reach S3, or a store that speaks its language.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3Settings {
    /// Where the bucket is.
    pub region: String,
    /// The address of a store other than AWS, such as `http://127.0.0.1:9000`; empty for AWS. Requests with
    /// `If-None-Match` must be understood there: they are what keeps two indexers apart.
    pub endpoint: String,
    /// The key to sign requests with; empty for the role of the machine or the task, which is how it should be on AWS.
    pub access_key_id: Secret,
    /// The other half of it.
    pub secret_access_key: Secret,
}

impl Default for S3Settings {
    /// Paris, with the role of the task.
    fn default() -> Self {
        Self {
            region: "eu-west-3".to_owned(),
            endpoint: String::new(),
            access_key_id: Secret::default(),
            secret_access_key: Secret::default(),
        }
    }
}

impl Validate for S3Settings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(!self.region.is_empty(), "region", "must be set");
        let is_web = |url: Url| matches!(url.scheme(), "http" | "https");
        let is_lawful = self.endpoint.is_empty() || Url::parse(&self.endpoint).is_ok_and(is_web);
        faults.check(is_lawful, "endpoint", "must be empty or an address such as https://s3.example");
        let are_both = self.access_key_id.is_empty() == self.secret_access_key.is_empty();
        faults.check(are_both, "secret_access_key", "must be set together with access_key_id");
    }
}

impl Validate for IndexSettings {
    fn validate(&self, faults: &mut Faults) {
        match Url::parse(&self.store_url) {
            Ok(url) if url.scheme() == "file" && url.to_file_path().is_ok() => {}
            Ok(url) if url.scheme() == "s3" && url.host_str().is_some() => faults.section("s3", &self.s3),
            _ => faults.refuse("store_url", "must be an address such as file:///var/lib/halles/index or s3://bucket"),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(store_url: &str, change: impl FnOnce(&mut S3Settings)) -> Vec<String> {
        let mut settings = IndexSettings { store_url: store_url.to_owned(), ..IndexSettings::default() };
        change(&mut settings.s3);
        Faults::of(&settings).into_iter().map(|fault| fault.setting).collect()
    }

    #[test]
    fn directories_and_buckets_are_stores_and_nothing_else() {
        for lawful in ["file:///var/lib/halles", "s3://bucket", "s3://bucket/a/folder"] {
            assert_eq!(faults(lawful, |_| {}), [""; 0], "{lawful}");
        }
        for unlawful in ["", "index", "s3://", "https://example.org"] {
            assert_eq!(faults(unlawful, |_| {}), ["store_url"], "{unlawful}");
        }
    }

    #[test]
    fn half_a_key_is_none() {
        assert_eq!(faults("s3://bucket", |s3| s3.access_key_id = "id".into()), ["s3.secret_access_key"]);
        assert_eq!(faults("s3://bucket", |s3| s3.endpoint = "127.0.0.1:9000".to_owned()), ["s3.endpoint"]);
    }
}
