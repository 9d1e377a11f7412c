//! A small marketplace in real servers.

use halles_cache::{CacheSettings, Catalogue};
use halles_domain::{
    Attributes, Category, CategoryId, CategoryTree, Currency, Description, Language, Listing, ListingStatus, Money,
    Seller, Title,
};
use halles_settings::Secret;
use halles_store::{ListingContent, NewListing, NewSeller, Reader, StoreSettings, Writer};
use halles_testkit::{TestDatabase, TestRedis};

pub struct Marketplace {
    pub writer: Writer,
    pub redis: TestRedis,
    pub category: CategoryId,
    store: StoreSettings,
    database: TestDatabase,
}

impl Marketplace {
    pub async fn open() -> Self {
        let database = TestDatabase::create().await;
        let store = StoreSettings {
            primary_url: Secret::new(database.primary_url.as_str()),
            replica_url: Secret::new(database.replica_url.as_str()),
            outage_probe_ms: 20,
            ..StoreSettings::default()
        };
        let category = CategoryId::new(1);
        let marketplace = Self {
            writer: Writer::new(&store).expect("a writer"),
            redis: TestRedis::cache(),
            category,
            store,
            database,
        };
        let ceramics = Category {
            id: category,
            parent_id: None,
            slug: "ceramique".parse().expect("a slug"),
            name_fr: "Céramique".to_owned(),
            name_en: "Ceramics".to_owned(),
            position: 1,
        };
        let tree = CategoryTree::new(vec![ceramics]).expect("a tree");
        marketplace.writer.replace_categories(&tree).await.expect("categories");
        marketplace
    }

    pub fn reader(&self) -> Reader {
        Reader::new(&self.store).expect("a reader")
    }

    /// A reader whose replica is reached through another address, with no way to the primary.
    pub fn reader_through(&self, replica_url: &str) -> Reader {
        let store = StoreSettings {
            primary_url: Secret::default(),
            replica_url: Secret::new(replica_url),
            ..self.store.clone()
        };
        Reader::new(&store).expect("a reader")
    }

    pub fn replica_url(&self) -> &str {
        self.store.replica_url.expose()
    }

    pub fn settings(&self) -> CacheSettings {
        CacheSettings {
            redis_url: Secret::new(self.redis.url.as_str()),
            key_prefix: self.redis.prefix.clone(),
            ..CacheSettings::default()
        }
    }

    pub async fn catalogue(&self) -> Catalogue {
        Catalogue::connect(self.reader(), &self.settings()).await.expect("a catalogue")
    }

    pub async fn shown(&self) {
        self.database.wait_for_replica().await;
    }

    pub async fn open_shop(&self, slug: &str) -> Seller {
        let shop = NewSeller {
            slug: slug.parse().expect("a slug"),
            name: format!("Atelier {slug}"),
            description: String::new(),
            place: None,
        };
        self.writer.insert_seller(&shop).await.expect("a shop")
    }

    pub fn bowl(&self, cents: i64) -> ListingContent {
        ListingContent {
            category_id: self.category,
            status: ListingStatus::Published,
            language: Language::Fr,
            title: Title::new("Bol en grès").expect("a title"),
            description: Description::default(),
            attributes: Attributes::default(),
            price: Some(Money::new(cents, Currency::Eur).expect("a price")),
            place: None,
            photos: Vec::new(),
            on_hand: 3,
        }
    }

    pub async fn list_bowls(&self, seller: &Seller, count: i64) -> Vec<Listing> {
        let mut listings = Vec::new();
        for number in 1..=count {
            let content = self.bowl(number * 100);
            let new = NewListing { seller_id: seller.id, source: None, published_at: None, content };
            listings.push(self.writer.insert_listing(&new).await.expect("a listing"));
        }
        listings
    }

    pub async fn change(&self, listing: &Listing, content: &ListingContent) -> Listing {
        self.writer.update_listing(listing.id, listing.version, content).await.expect("changed")
    }
}
