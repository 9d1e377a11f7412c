//! Opening the object store that the settings name.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use url::Url;

use crate::SnapshotError;
use crate::settings::{IndexSettings, S3Settings};
use crate::snapshot::Snapshots;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one request may take: a part of a file at a few hundred kilobytes a second.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a request is tried again before its failure is told: whoever waits for it tries again anyway, and a leader
/// should rather learn that it is cut off.
const RETRY_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_RETRIES: usize = 3;

impl Snapshots {
    /// Opens the store that the settings name; a directory is made if it is missing.
    pub fn open(settings: &IndexSettings) -> Result<Self, SnapshotError> {
        let url = Url::parse(&settings.store_url).map_err(|error| SnapshotError::Address(error.to_string()))?;
        match url.scheme() {
            "file" => Ok(Self::in_store(directory(&url)?)),
            "s3" => {
                let folder = ObjectPath::from_url_path(url.path());
                let folder = folder.map_err(|error| SnapshotError::Address(error.to_string()))?;
                Ok(Self::in_folder(bucket(&url, &settings.s3)?, &folder))
            }
            _ => Err(SnapshotError::Address("only file:// and s3:// addresses can be used".to_owned())),
        }
    }
}

fn directory(url: &Url) -> Result<Arc<dyn ObjectStore>, SnapshotError> {
    let path = url.to_file_path().map_err(|()| SnapshotError::Address("must be an absolute path".to_owned()))?;
    std::fs::create_dir_all(&path).map_err(|source| SnapshotError::LocalFile { path: path.clone(), source })?;
    // Synced to disk before a write counts as done: a manifest must not outlive the files that it names.
    Ok(Arc::new(LocalFileSystem::new_with_prefix(&path)?.with_fsync(true)))
}

fn bucket(url: &Url, settings: &S3Settings) -> Result<Arc<dyn ObjectStore>, SnapshotError> {
    let name = url.host_str().ok_or_else(|| SnapshotError::Address("must name a bucket".to_owned()))?;
    let timeouts = ClientOptions::new().with_connect_timeout(CONNECT_TIMEOUT).with_timeout(REQUEST_TIMEOUT);
    let retries = RetryConfig { max_retries: MAX_RETRIES, retry_timeout: RETRY_TIMEOUT, ..RetryConfig::default() };
    // Without keys in the settings, those of the machine's or the task's role are used, which the environment names.
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(name)
        .with_region(&settings.region)
        .with_retry(retries)
        // Generation N + 1 can be created once: this is what keeps two indexers apart.
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    if let (Some(id), Some(key)) = (settings.access_key_id.expose_if_set(), settings.secret_access_key.expose_if_set())
    {
        builder = builder.with_access_key_id(id).with_secret_access_key(key);
    }
    let is_plain_http = settings.endpoint.starts_with("http://");
    if !settings.endpoint.is_empty() {
        builder = builder.with_endpoint(&settings.endpoint).with_virtual_hosted_style_request(false);
    }
    builder = builder.with_client_options(timeouts.with_allow_http(is_plain_http));
    Ok(Arc::new(builder.build()?))
}
