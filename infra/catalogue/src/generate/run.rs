//! The whole of a generation: numbers, categories, shops, listings, featured ones.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use futures_util::{StreamExt, stream};
use halles_domain::{CategoryId, ListingId};
use halles_store::bulk::{BulkError, BulkLoad, CatalogueCounts, FreshLoad};

use super::listing::{Draft, shop_of, shops_for};
use super::shop::{MOST_SHOPS, Shop};
use super::stream::Plan;
use super::trades::TRADES;
use super::tree;
use crate::progress::{Progress, Unit};

/// How many listings the demo catalogue has: enough to browse for an evening, loaded in a second.
const DEMO_LISTINGS: u64 = 5_000;
/// The scale that we mean to reach.
const MOST_LISTINGS: u64 = 26_000_000;

/// Generates listings of handmade goods.
#[derive(Debug, Clone, Args)]
pub struct GenerateArgs {
    /// How many listings.
    #[arg(default_value_t = DEMO_LISTINGS, value_parser = clap::value_parser!(u64).range(1..=MOST_LISTINGS))]
    pub listings: u64,
    /// The seed: the same one gives the same listings.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Add to a catalogue that already holds listings, instead of refusing it.
    #[arg(long)]
    pub append: bool,
    /// Tell no service about the new listings: faster, for a database that no service has read yet.
    #[arg(long)]
    pub unannounced: bool,
    /// Threads that write texts while the database takes them in.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub threads: u8,
}

impl GenerateArgs {
    /// The catalogue that a new marketplace starts with, loaded before any service runs.
    pub const fn demo() -> Self {
        Self { listings: DEMO_LISTINGS, seed: 1, append: false, unannounced: true, threads: 2 }
    }
}

/// What was generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenerateReport {
    /// New listings.
    pub listings: u64,
    /// New shops.
    pub sellers: u64,
    /// Categories of the demo catalogue, new or not.
    pub categories: usize,
    /// How long it took, indexes included.
    pub elapsed: Duration,
}

impl fmt::Display for GenerateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { listings, sellers, categories, elapsed } = self;
        let seconds = elapsed.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = *listings as f64 / seconds.max(0.001);
        write!(
            f,
            "{listings} listings of {sellers} shops in {categories} categories, in {seconds:.1} s ({rate:.0} a second)"
        )
    }
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The catalogue already holds listings.
    #[error("the catalogue already holds listings; --append adds to them, `cargo dev reset` starts anew")]
    NotEmpty,
    /// More shops than there are names for.
    #[error("the catalogue already holds {0} shops; the generator knows names for {MOST_SHOPS}")]
    OutOfNames(i64),
    /// The database.
    #[error(transparent)]
    Bulk(BulkError),
}

impl From<BulkError> for GenerateError {
    fn from(error: BulkError) -> Self {
        match error {
            BulkError::NotEmpty => Self::NotEmpty,
            other => Self::Bulk(other),
        }
    }
}

/// Generates listings into the database at `owner_url`, whose role must own the tables. All or nothing: the rows become
/// visible together.
pub async fn generate(
    args: &GenerateArgs,
    owner_url: &str,
    progress: &dyn Progress,
) -> Result<GenerateReport, GenerateError> {
    let started = Instant::now();
    let mut bulk = BulkLoad::connect(owner_url).await?;
    let counts = bulk.counts().await?;
    let fresh = counts.listings == 0;
    if !fresh && !args.append {
        return Err(GenerateError::NotEmpty);
    }
    let mut plan = plan(&mut bulk, args, counts).await?;
    let fresh = if fresh {
        Some(bulk.begin_fresh().await?)
    } else {
        bulk.begin().await?;
        None
    };
    plan.categories = ensure_categories(&mut bulk).await?;
    let plan = Arc::new(plan);
    copy(&mut bulk, &plan, fresh.as_ref(), args, progress).await?;
    if !args.unannounced {
        progress.begin("telling the services", None, Unit::Steps);
        bulk.announce(plan.seller_ids.clone(), plan.listing_ids.clone()).await?;
        progress.end();
    }
    if fresh.is_some() {
        bulk.set_featured(&featured(&plan)).await?;
    }
    finish(&mut bulk, fresh, progress).await?;
    Ok(GenerateReport {
        listings: length(&plan.listing_ids),
        sellers: length(&plan.seller_ids),
        categories: plan.categories.len(),
        elapsed: started.elapsed(),
    })
}

/// How long the database takes for the bare copy of what [`generate`] would make: the rows are made beforehand and held
/// in memory, the table has no keys, indexes or checks. A yardstick for benchmarks; the catalogue stays as it is.
pub async fn measure_bare_copy(args: &GenerateArgs, owner_url: &str) -> Result<Duration, GenerateError> {
    let mut bulk = BulkLoad::connect(owner_url).await?;
    let listings = i64::try_from(args.listings).unwrap_or(i64::MAX);
    let shops = i64::try_from(shops_for(args.listings)).unwrap_or(i64::MAX);
    // The numbers of categories have no meaning in a table without keys; their width is what counts.
    let categories = TRADES.iter().flat_map(|trade| trade.shelves).map(|shelf| (shelf.slug, CategoryId::new(1)));
    let plan = Arc::new(Plan {
        seed: args.seed,
        first_listing: 0,
        first_shop: 0,
        listing_ids: 0..listings,
        seller_ids: 0..shops,
        categories: categories.collect(),
    });
    let chunks: Vec<_> = plan.listings(usize::from(args.threads)).collect().await;
    let started = Instant::now();
    bulk.copy_into_bare_table(stream::iter(chunks)).await?;
    Ok(started.elapsed())
}

async fn plan(bulk: &mut BulkLoad, args: &GenerateArgs, counts: CatalogueCounts) -> Result<Plan, GenerateError> {
    let first_shop = counts.sellers.unsigned_abs();
    let shops = shops_for(args.listings);
    if first_shop + shops > MOST_SHOPS && first_shop > 0 {
        return Err(GenerateError::OutOfNames(counts.sellers));
    }
    Ok(Plan {
        seed: args.seed,
        first_listing: counts.listings.unsigned_abs(),
        first_shop,
        listing_ids: bulk.reserve_listings(args.listings).await?,
        seller_ids: bulk.reserve_sellers(shops).await?,
        categories: HashMap::new(),
    })
}

async fn ensure_categories(bulk: &mut BulkLoad) -> Result<HashMap<&'static str, CategoryId>, BulkError> {
    let ids = bulk.ensure_categories(&tree::categories()).await?;
    let shelves = TRADES.iter().flat_map(|trade| trade.shelves).map(|shelf| shelf.slug);
    Ok(shelves.filter_map(|slug| ids.get(&tree::slug(slug)).map(|id| (slug, *id))).collect())
}

async fn copy(
    bulk: &mut BulkLoad,
    plan: &Arc<Plan>,
    fresh: Option<&FreshLoad>,
    args: &GenerateArgs,
    progress: &dyn Progress,
) -> Result<(), BulkError> {
    progress.begin("shops", Some(length(&plan.seller_ids)), Unit::Rows);
    bulk.copy_sellers(plan.sellers(), |rows| progress.advance(rows, rows)).await?;
    progress.end();
    progress.begin("listings", Some(length(&plan.listing_ids)), Unit::Rows);
    let chunks = plan.listings(usize::from(args.threads));
    bulk.copy_listings(fresh, chunks, |rows| progress.advance(rows, rows)).await?;
    progress.end();
    Ok(())
}

async fn finish(bulk: &mut BulkLoad, fresh: Option<FreshLoad>, progress: &dyn Progress) -> Result<(), BulkError> {
    let Some(fresh) = fresh else { return bulk.commit().await };
    progress.begin("indexes and foreign keys", None, Unit::Steps);
    bulk.finish_fresh(fresh, |done, _| progress.advance(done as u64, 0)).await?;
    progress.end();
    Ok(())
}

/// What the home page shows first: the first listings that can be ordered, one of each trade.
fn featured(plan: &Plan) -> Vec<ListingId> {
    const LOOKED_AT: u64 = 400;
    let mut draft = Draft::default();
    let mut chosen: Vec<(ListingId, &str)> = Vec::with_capacity(TRADES.len());
    for (offset, id) in (0..LOOKED_AT).zip(plan.listing_ids.clone()) {
        let shop = Shop::of(plan.seed, plan.first_shop + shop_of(plan.seed, offset));
        draft.write(plan.seed, plan.first_listing + offset, shop);
        if draft.on_hand > 0 && !chosen.iter().any(|(_, trade)| *trade == shop.trade.slug) {
            chosen.push((ListingId::new(id), shop.trade.slug));
        }
    }
    chosen.into_iter().map(|(id, _)| id).collect()
}

const fn length(range: &Range<i64>) -> u64 {
    range.end.abs_diff(range.start)
}
