//! Watching a change until every instance shows it.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures_util::future::{join_all, try_join_all};
use halles_domain::Listing;
use tokio::time::sleep;

use crate::bench::load::{Connection, get};

/// How long after an answer that is still old the next one is asked for. With the answer itself, this is how precise
/// the times are; they are never too short.
pub(super) const POLL_EVERY: Duration = Duration::from_millis(5);
/// How long a change is watched.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks at listings as shoppers see them. Cheap to clone.
#[derive(Clone)]
pub(super) struct Watch {
    inner: Arc<Inner>,
}

struct Inner {
    instances: Vec<Instance>,
    /// The addresses of the pages, by listing.
    pages: Arc<HashMap<i64, String>>,
}

struct Instance {
    port: u16,
    idle: Mutex<Vec<Connection>>,
}

/// The address of a listing as JSON.
pub(super) fn document(id: i64) -> String {
    format!("/api/v1/listings/{id}")
}

impl Watch {
    pub(super) fn new(ports: Vec<u16>, pages: Arc<HashMap<i64, String>>) -> Self {
        let instance = |port| Instance { port, idle: Mutex::default() };
        Self { inner: Arc::new(Inner { instances: ports.into_iter().map(instance).collect(), pages }) }
    }

    /// Makes sure that every instance has the listing in its memory.
    pub(super) async fn warm(&self, listing: &Listing) -> Result<()> {
        let path = self.path(listing);
        let looks = self.inner.instances.iter().map(|instance| instance.shows(&path, ""));
        try_join_all(looks).await.context("an instance does not answer")?;
        Ok(())
    }

    /// Waits until every instance shows this version, and says how long after the commit that was; none when it did
    /// not happen while anybody looked.
    pub(super) async fn until_new(self, changed: Listing, committed: Instant) -> Option<Duration> {
        let path = self.path(&changed);
        let proof = proof(&changed);
        let watches = self.inner.instances.iter().map(|instance| instance.until_shown(&path, &proof, committed));
        join_all(watches).await.into_iter().try_fold(Duration::ZERO, |latest, shown| Some(latest.max(shown?)))
    }

    /// Its page or its JSON document, in turn.
    fn path(&self, listing: &Listing) -> String {
        let id = listing.id.get();
        match self.inner.pages.get(&id) {
            Some(page) if shows_page(listing) => page.clone(),
            _ => document(id),
        }
    }
}

/// What only this version of a listing says.
fn proof(listing: &Listing) -> String {
    match listing.price {
        // As search engines read it on the page.
        Some(price) if shows_page(listing) => {
            format!("\"price\":\"{}.{:02}\"", price.cents() / 100, price.cents() % 100)
        }
        _ => format!("\"version\":{},", listing.version),
    }
}

/// Whether this listing is watched at its page. Without a price, the page would not show the change.
fn shows_page(listing: &Listing) -> bool {
    listing.price.is_some() && listing.id.get() % 2 == 0
}

impl Instance {
    async fn until_shown(&self, path: &str, proof: &str, committed: Instant) -> Option<Duration> {
        while committed.elapsed() < PATIENCE {
            // An instance that does not answer shows nothing new.
            if self.shows(path, proof).await.unwrap_or(false) {
                return Some(committed.elapsed());
            }
            sleep(POLL_EVERY).await;
        }
        None
    }

    async fn shows(&self, path: &str, proof: &str) -> io::Result<bool> {
        let idle = self.lock().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection::open(self.port).await?,
        };
        let answer = connection.exchange(&get(path)).await?;
        let shows = answer.status == 200 && String::from_utf8_lossy(answer.body).contains(proof);
        self.lock().push(connection);
        Ok(shows)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
