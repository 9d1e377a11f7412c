//! Our side: listings written, published, fetched and searched as the indexer and the search service do.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use halles_domain::{
    Attributes, CategoryId, ChangePosition, Currency, Description, Language, Listing, ListingId, ListingStatus, Money,
    SellerId, Stock, Title, Version,
};
use halles_search_index::{
    Base, IndexSettings, IndexWriter, IndexedListing, LocalFiles, SearchIndex, SearchQuery, SearchText, Snapshots,
    Synonyms, WriterSettings,
};
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use crate::judged_set::{DEPTH, JudgedSet, Product};

/// Longer than any query may ever take; what it takes is in the report.
const PATIENCE: Duration = Duration::from_secs(30);

/// An index of a judged catalogue.
pub struct Ours {
    index: SearchIndex,
    synonyms: Synonyms,
    _directory: TempDir,
}

impl Ours {
    /// Indexes the set's products as listings.
    pub async fn index(set: &JudgedSet, synonyms: Synonyms) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let store_url = format!("file://{}", directory.path().join("store").display());
        let snapshots = Snapshots::open(&IndexSettings { store_url, ..IndexSettings::default() })?;
        let mut writer = IndexWriter::create(&directory.path().join("writer"), WriterSettings::default())?;
        for (place, product) in set.products.iter().enumerate() {
            let listing = listing(place, product).with_context(|| format!("product {:?}", product.title))?;
            writer.insert(IndexedListing { listing: &listing, shop_name: "", shop_place: None, category_path: &[] })?;
        }
        let commit = writer.commit(ChangePosition { transaction: 1, row: 1 })?;
        let manifest = snapshots.publish(&Base::default(), &commit, Uuid::new_v4()).await?;
        let mut local = LocalFiles::open(&directory.path().join("reader")).await?;
        let index = local.open_generation(&snapshots, &manifest).await?;
        Ok(Self { index, synonyms, _directory: directory })
    }

    /// What it finds for a query as typed.
    pub fn find(&self, text: &str) -> Result<Vec<usize>> {
        let text = SearchText::new(text)?;
        let query = SearchQuery { text, limit: DEPTH, synonyms: self.synonyms.clone(), ..SearchQuery::default() };
        let hits = self.index.search(&query, Instant::now() + PATIENCE)?;
        hits.ids.into_iter().map(|id| Ok(usize::try_from(id.get())?)).collect()
    }
}

/// One less than a listing may have, for the brand.
const MAX_ATTRIBUTES: usize = Attributes::MAX - 1;

/// Whether a listing could have this attribute; a few products have whole manuals as one.
fn is_lawful(attribute: &(String, String)) -> bool {
    Attributes::new([attribute.clone()]).is_ok()
}

fn listing(place: usize, product: &Product) -> Result<Listing> {
    let brand = Some(("brand".to_owned(), product.brand.clone()));
    Ok(Listing {
        id: ListingId::new(i64::try_from(place)?),
        version: Version::new(1),
        seller_id: SellerId::new(1),
        category_id: CategoryId::new(1),
        status: ListingStatus::Published,
        language: Language::En,
        title: Title::new(&product.title)?,
        description: Description::new(&product.description)?,
        attributes: Attributes::new(product.attributes().filter(is_lawful).take(MAX_ATTRIBUTES).chain(brand))?,
        price: Some(Money::new(1_000, Currency::Eur)?),
        place: None,
        photos: Vec::new(),
        stock: Stock::new(1, 0, 0)?,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    })
}
