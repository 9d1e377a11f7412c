//! The index that the parts share: built once by the indexer, from the replica, as on a first start.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use halles_domain::{Listing, ListingId};
use halles_store::{Reader, StoreSettings};

use crate::bench::servers::BenchServers;

/// Listings whose titles searches are made of.
const SAMPLE: usize = 10_000;
/// How many can be read at a time.
const BATCH: usize = 1_000;

/// Has the index built if it is not there yet. Returns how long that took, from the start of the indexer's process to
/// the first generation; nothing when there was one.
pub(super) async fn ensure_built(servers: &mut BenchServers) -> Result<Option<Duration>> {
    let state = servers.stack().plan().state.index();
    let is_there = state.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if is_there {
        return Ok(None);
    }
    let began = Instant::now();
    servers.start_service("indexer", &[], None).await.context("the index cannot be built")?;
    let took = began.elapsed();
    servers.clear().await?;
    Ok(Some(took))
}

/// The address of the object store.
pub(super) fn store_url(servers: &BenchServers) -> String {
    format!("file://{}", servers.stack().plan().state.index().display())
}

/// Some listings, from the whole catalogue.
pub(super) async fn sample(servers: &BenchServers, listings: u64) -> Result<Vec<Listing>> {
    let settings = StoreSettings { replica_url: servers.replica_url().into(), ..StoreSettings::default() };
    let reader = Reader::new(&settings)?;
    let stride = usize::try_from(listings)?.div_ceil(SAMPLE).max(1);
    let ids = (1..=i64::try_from(listings)?).step_by(stride).map(ListingId::new).collect::<Vec<_>>();
    let mut sampled = Vec::with_capacity(ids.len());
    for some_ids in ids.chunks(BATCH) {
        sampled.extend(reader.list_listings_by_id(some_ids).await?);
    }
    Ok(sampled)
}
