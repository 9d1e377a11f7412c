//! A seller who changes listings through the same writes as everybody.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use halles_domain::{Listing, ListingId, Money};
use halles_store::{ListingContent, Reader, StoreSettings, Writer};
use tokio::time::{Instant, sleep};

use crate::bench::servers::BenchServers;
use crate::stack::postgres::{DATABASE, Role};

/// How long the replica may lag behind before something is wrong with it.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(2);

/// The seller. Cheap to clone.
#[derive(Clone)]
pub struct Seller {
    writer: Writer,
    reader: Reader,
}

impl Seller {
    /// Connects to the stores.
    pub fn new(servers: &BenchServers) -> Result<Self> {
        let settings = StoreSettings {
            primary_url: servers.stack().postgres().primary_url(Role::Writer, DATABASE).into(),
            replica_url: servers.replica_url().into(),
            application_name: "halles-bench".to_owned(),
            ..StoreSettings::default()
        };
        Ok(Self { writer: Writer::new(&settings)?, reader: Reader::new(&settings)? })
    }

    /// The listings with the numbers from 1 to `count`.
    pub async fn listings(&self, count: u32) -> Result<Vec<Listing>> {
        let ids: Vec<ListingId> = (1..=i64::from(count)).map(ListingId::new).collect();
        let mut listings = Vec::with_capacity(ids.len());
        for some_ids in ids.chunks(1_000) {
            listings.extend(self.reader.list_listings_by_id(some_ids).await.context("listings cannot be read")?);
        }
        if listings.len() != ids.len() {
            bail!("the catalogue has only {} of the listings up to number {count}", listings.len());
        }
        Ok(listings)
    }

    /// Changes the listing's price by a cent and its stock by a piece. Returns once that is committed.
    pub async fn change(&self, listing: &Listing) -> Result<Listing> {
        self.write(listing, &other_content(listing)?).await
    }

    /// Gives the listing this content. Returns once that is committed.
    pub async fn write(&self, listing: &Listing, content: &ListingContent) -> Result<Listing> {
        let changed = self.writer.update_listing(listing.id, listing.version, content).await;
        changed.with_context(|| format!("listing {} cannot be changed", listing.id))
    }

    /// Waits until the replica has this version of the listing.
    pub async fn await_replica(&self, changed: &Listing) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let there = self.reader.list_listings_by_id(&[changed.id]).await?;
            if there.iter().any(|listing| listing.version >= changed.version) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("the replica does not catch up");
            }
            sleep(ASK_EVERY).await;
        }
    }
}

fn other_content(listing: &Listing) -> Result<ListingContent> {
    // Up and down, so that however many changes there are, prices and stocks stay what they are in a shop.
    let step = if listing.version.get() % 2 == 0 { 1 } else { -1 };
    let price = listing.price.map(|price| Money::new(price.cents() + i64::from(step), price.currency())).transpose()?;
    let on_hand = listing.stock.on_hand().saturating_add_signed(step);
    Ok(ListingContent { price, on_hand, ..content_of(listing) })
}

/// What a seller has written about a listing.
pub fn content_of(listing: &Listing) -> ListingContent {
    ListingContent {
        category_id: listing.category_id,
        status: listing.status,
        language: listing.language,
        title: listing.title.clone(),
        description: listing.description.clone(),
        attributes: listing.attributes.clone(),
        price: listing.price,
        place: listing.place.clone(),
        photos: listing.photos.clone(),
        on_hand: listing.stock.on_hand(),
    }
}
