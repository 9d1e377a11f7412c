//! A few listings, and an index of them.

use std::path::Path;
use std::time::{Duration, Instant};

use halles_domain::{
    Attributes, Category, CategoryId, CategoryTree, ChangePosition, Currency, Description, Language, Listing,
    ListingId, ListingStatus, Money, SellerId, Slug, Stock, Title, Version,
};
use halles_search_index::{
    Base, IndexSettings, IndexWriter, IndexedListing, LocalFiles, Manifest, Matched, SearchHits, SearchIndex,
    SearchQuery, SearchSort, SearchText, Snapshots, WriterSettings,
};
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

/// The least that the engine accepts, so that tests run side by side.
pub const WRITER: WriterSettings = WriterSettings { threads: 1, memory_bytes: 16 << 20 };

pub const JEWELLERY: CategoryId = CategoryId::new(10);
pub const RINGS: CategoryId = CategoryId::new(11);
pub const CERAMICS: CategoryId = CategoryId::new(20);
pub const BOWLS: CategoryId = CategoryId::new(21);

pub fn categories() -> CategoryTree {
    let category = |id: CategoryId, parent_id, slug: &str, name_fr: &str, name_en: &str| Category {
        id,
        parent_id,
        slug: Slug::from_text(slug).expect("a slug"),
        name_fr: name_fr.into(),
        name_en: name_en.into(),
        position: 0,
    };
    CategoryTree::new(vec![
        category(JEWELLERY, None, "bijoux", "Bijoux", "Jewellery"),
        category(RINGS, Some(JEWELLERY), "bagues", "Bagues", "Rings"),
        category(CERAMICS, None, "ceramique", "Céramique", "Ceramics"),
        category(BOWLS, Some(CERAMICS), "bols", "Bols", "Bowls"),
    ])
    .expect("a tree")
}

/// A French bowl for 20 euros; tests change what matters to them.
pub fn listing(id: i64, title: &str) -> Listing {
    Listing {
        id: ListingId::new(id),
        version: Version::new(1),
        seller_id: SellerId::new(1),
        category_id: BOWLS,
        status: ListingStatus::Published,
        language: Language::Fr,
        title: Title::new(title).expect("a title"),
        description: Description::default(),
        attributes: Attributes::default(),
        price: Some(Money::new(2_000, Currency::Eur).expect("a price")),
        place: None,
        photos: Vec::new(),
        stock: Stock::new(3, 0, 0).expect("a stock"),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

pub fn priced(id: i64, title: &str, cents: i64) -> Listing {
    Listing { price: Some(Money::new(cents, Currency::Eur).expect("a price")), ..listing(id, title) }
}

pub fn english(id: i64, title: &str) -> Listing {
    Listing { language: Language::En, ..listing(id, title) }
}

pub const fn position(row: i64) -> ChangePosition {
    ChangePosition { transaction: 7, row }
}

/// An object store, a writer's directory and a reader's directory, all in one temporary place.
pub struct Place {
    pub directory: TempDir,
    pub snapshots: Snapshots,
}

impl Place {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let snapshots = Self::open_store(&directory.path().join("store"));
        Self { directory, snapshots }
    }

    pub fn open_store(path: &Path) -> Snapshots {
        let store_url = format!("file://{}", path.display());
        Snapshots::open(&IndexSettings { store_url, ..IndexSettings::default() }).expect("a store")
    }

    /// A writer with an empty index in its own directory.
    pub fn writer(&self, name: &str) -> IndexWriter {
        self.writer_with(name, WRITER)
    }

    pub fn writer_with(&self, name: &str, settings: WriterSettings) -> IndexWriter {
        IndexWriter::create(&self.directory.path().join(name), settings).expect("a writer")
    }

    pub async fn reader(&self) -> LocalFiles {
        LocalFiles::open(&self.directory.path().join("reader")).await.expect("local files")
    }
}

pub fn insert(writer: &mut IndexWriter, listing: &Listing) {
    let categories = categories();
    let path = categories.path(listing.category_id);
    let indexed = IndexedListing { listing, shop_name: "L'atelier de Zoé", shop_place: None, category_path: &path };
    writer.upsert(indexed).expect("a listing in the index");
}

/// Publishes `listings` as the first generation and opens it.
pub async fn index_of(listings: &[Listing]) -> (Place, SearchIndex) {
    let place = Place::new();
    let mut writer = place.writer("writer");
    for listing in listings {
        insert(&mut writer, listing);
    }
    let commit = writer.commit(position(1)).expect("a commit");
    let manifest = place.snapshots.publish(&Base::default(), &commit, Uuid::new_v4()).await.expect("a generation");
    let index = open(&place, &manifest).await;
    (place, index)
}

pub async fn open(place: &Place, manifest: &Manifest) -> SearchIndex {
    place.reader().await.open_generation(&place.snapshots, manifest).await.expect("an open generation")
}

pub fn query(text: &str) -> SearchQuery {
    SearchQuery { text: SearchText::new(text).expect("a text"), limit: 10, ..SearchQuery::default() }
}

pub fn search(index: &SearchIndex, query: &SearchQuery) -> SearchHits {
    index.search(query, Instant::now() + Duration::from_secs(10)).expect("an answer")
}

/// The numbers of the hits that have every word, the newest first.
pub fn with_all_words(index: &SearchIndex, text: &str) -> Vec<i64> {
    let hits = search(index, &SearchQuery { sort: SearchSort::Newest, ..query(text) });
    assert_eq!(hits.matched, Matched::AllWords, "{text:?}");
    hits.ids.into_iter().map(ListingId::get).collect()
}

/// The numbers of the hits, in order.
pub fn found(index: &SearchIndex, text: &str) -> Vec<i64> {
    search(index, &query(text)).ids.into_iter().map(ListingId::get).collect()
}
