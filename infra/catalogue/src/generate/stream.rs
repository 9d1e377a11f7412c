//! Rows made on threads of their own, in chunks, while the database takes in the ones before.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{Stream, stream};
use halles_domain::{CategoryId, ListingId, SellerId};
use halles_store::bulk::{Chunk, ListingRow, Listings, SellerRow, Sellers};
use jiff::SignedDuration;
use tokio::sync::mpsc;

use super::listing::{Draft, shop_of};
use super::shop::{FIRST_OPENING, Shop, name};

/// Rows in one chunk: some 600 kB, large enough that sending costs little, small enough to keep few in memory.
const CHUNK_ROWS: u64 = 1_000;
/// Room for a chunk, so that it grows rarely.
const CHUNK_BYTES: usize = 900 << 10;
/// Chunks that wait for the database.
const CHUNKS_WAITING: usize = 6;
/// Seconds between one listing and the next, so that twenty-six million of them span four years.
const SECONDS_APART: i64 = 5;

/// Everything that decides about the rows of one load.
#[derive(Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// The index of the first listing: those before it were generated earlier.
    pub first_listing: u64,
    /// The index of the first shop.
    pub first_shop: u64,
    /// The numbers of the listings.
    pub listing_ids: Range<i64>,
    /// The numbers of the shops.
    pub seller_ids: Range<i64>,
    /// The numbers of the categories, by their name in addresses.
    pub categories: HashMap<&'static str, CategoryId>,
}

impl Plan {
    /// The shops, a chunk at a time.
    pub fn sellers(&self) -> impl Stream<Item = Chunk<Sellers>> {
        let ids: Vec<i64> = self.seller_ids.clone().collect();
        let rows = usize::try_from(CHUNK_ROWS).expect("a small constant");
        let chunks: Vec<Vec<i64>> = ids.chunks(rows).map(<[i64]>::to_vec).collect();
        stream::iter(chunks.into_iter().map(move |ids| self.seller_chunk(&ids)))
    }

    fn seller_chunk(&self, ids: &[i64]) -> Chunk<Sellers> {
        let mut chunk = Chunk::with_capacity(CHUNK_BYTES / 2);
        for id in ids {
            let index = self.first_shop + id.abs_diff(self.seller_ids.start);
            let (shop, (name, slug)) = (Shop::of(self.seed, index), name(self.seed, index));
            chunk.push(&SellerRow {
                id: SellerId::new(*id),
                slug: &slug,
                name: &name,
                description: &shop.description(),
                place: &shop.place(),
                created_at: FIRST_OPENING,
            });
        }
        chunk
    }

    /// The listings, a chunk at a time, made by `threads` threads. The threads stop when the stream is dropped.
    pub fn listings(self: &Arc<Self>, threads: usize) -> impl Stream<Item = Chunk<Listings>> + use<> {
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
        let next = Arc::new(AtomicU64::new(0));
        for _ in 0..threads.max(1) {
            let (plan, sender, next) = (Arc::clone(self), sender.clone(), Arc::clone(&next));
            tokio::task::spawn_blocking(move || plan.make_chunks(&next, &sender));
        }
        stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|chunk| (chunk, receiver)))
    }

    fn make_chunks(&self, next: &AtomicU64, sender: &mpsc::Sender<Chunk<Listings>>) {
        let total = self.listing_ids.end.abs_diff(self.listing_ids.start);
        let mut draft = Draft::default();
        loop {
            let start = next.fetch_add(1, Ordering::Relaxed) * CHUNK_ROWS;
            if start >= total {
                return;
            }
            let mut chunk = Chunk::with_capacity(CHUNK_BYTES);
            for offset in start..total.min(start + CHUNK_ROWS) {
                self.push_listing(offset, &mut draft, &mut chunk);
            }
            if sender.blocking_send(chunk).is_err() {
                return;
            }
        }
    }

    fn push_listing(&self, offset: u64, draft: &mut Draft, chunk: &mut Chunk<Listings>) {
        let index = self.first_listing + offset;
        let shop_offset = shop_of(self.seed, offset);
        let shop = Shop::of(self.seed, self.first_shop + shop_offset);
        let shelf = draft.write(self.seed, index, shop);
        let offset = i64::try_from(offset).expect("an offset into a range of i64");
        let age = SignedDuration::from_secs(i64::try_from(index).unwrap_or(i64::MAX / SECONDS_APART) * SECONDS_APART);
        chunk.push(&ListingRow {
            id: ListingId::new(self.listing_ids.start + offset),
            seller_id: SellerId::new(self.seller_ids.start + i64::try_from(shop_offset).expect("at most MOST_SHOPS")),
            category_id: self.categories[shelf.slug],
            language: shop.language,
            title: &draft.title,
            description: &draft.description,
            attributes: draft.attributes.as_str(),
            price: draft.price,
            place: Some(&shop.place()),
            photos: &[],
            on_hand: draft.on_hand,
            origin: None,
            created_at: FIRST_OPENING.saturating_add(age).unwrap_or(FIRST_OPENING),
        });
    }
}
