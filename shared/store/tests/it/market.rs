//! A small market to test in: a database, a shop, listings, and requests to buy them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use halles_domain::{
    Address, Attributes, BasketLine, Category, CategoryId, CategoryTree, Contact, Currency, Description, Email,
    Language, Listing, ListingId, ListingStatus, Money, OrderId, PlacedOrder, Quantity, RequestFingerprint,
    RequestToBuy, SellerId, Title,
};
use halles_store::{
    ListingContent, NewListing, NewSeller, Placement, PlacementRules, Reader, StoreError, StoreSettings, Writer,
};
use halles_testkit::TestDatabase;
use jiff::Timestamp;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// Long enough for any test to end before a hold does.
pub const RULES: PlacementRules = PlacementRules::holding(Duration::from_secs(3_600));

/// The categories of every test market: 1 above 2 and 3.
pub const CATEGORY: CategoryId = CategoryId::new(2);

pub struct Market {
    pub database: TestDatabase,
    pub reader: Reader,
    pub writer: Writer,
    pub seller: SellerId,
}

impl Market {
    pub async fn open() -> Self {
        let database = TestDatabase::create().await;
        let settings = settings(&database);
        let reader = Reader::new(&settings).expect("a reader");
        let writer = Writer::new(&settings).expect("a writer");
        writer.replace_categories(&tree(&["tout", "bois", "terre"])).await.expect("categories");
        let seller = writer.insert_seller(&new_seller("atelier-zoe")).await.expect("a seller").id;
        Self { database, reader, writer, seller }
    }

    /// A published listing of 10.00 € with so many pieces.
    pub async fn listing(&self, on_hand: u32) -> Listing {
        self.insert(content(Some(eur(1_000)), on_hand)).await
    }

    pub async fn insert(&self, content: ListingContent) -> Listing {
        let new = NewListing { seller_id: self.seller, source: None, published_at: None, content };
        self.writer.insert_listing(&new).await.expect("a listing")
    }

    pub async fn place(&self, request: &RequestToBuy) -> Result<Placement, StoreError> {
        let mut placements = self.writer.place_batch(std::slice::from_ref(request), &RULES).await?;
        assert_eq!(placements.len(), 1);
        Ok(placements.remove(0))
    }

    /// The listing as the primary has it now.
    pub async fn stock(&self, id: ListingId) -> halles_domain::Stock {
        self.database.wait_for_replica().await;
        self.reader.find_listing(id).await.expect("reads").expect("is there").stock
    }

    /// A session as the tables' owner, for looking behind the curtain.
    pub async fn owner(&self) -> Client {
        connect(&self.database.owner_url).await
    }
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connects");
    tokio::spawn(connection);
    client
}

/// Patient settings: many tests share few processors.
pub fn settings(database: &TestDatabase) -> StoreSettings {
    StoreSettings {
        replica_url: database.replica_url.as_str().into(),
        primary_url: database.primary_url.as_str().into(),
        connect_timeout_ms: 10_000,
        acquire_timeout_ms: 30_000,
        read_timeout_ms: 30_000,
        write_timeout_ms: 30_000,
        ..StoreSettings::default()
    }
}

/// Categories 1, 2, 3…, the first above the others.
pub fn tree(slugs: &[&str]) -> CategoryTree {
    let categories = slugs.iter().zip(1..).map(|(slug, id)| Category {
        id: CategoryId::new(id),
        parent_id: (id > 1).then_some(CategoryId::new(1)),
        slug: slug.parse().expect("a slug"),
        name_fr: format!("{slug} (fr)"),
        name_en: format!("{slug} (en)"),
        position: id,
    });
    CategoryTree::new(categories.collect()).expect("a tree")
}

pub fn new_seller(slug: &str) -> NewSeller {
    NewSeller {
        slug: slug.parse().expect("a slug"),
        name: "Atelier Zoé".into(),
        description: String::new(),
        place: None,
    }
}

pub fn content(price: Option<Money>, on_hand: u32) -> ListingContent {
    ListingContent {
        category_id: CATEGORY,
        status: ListingStatus::Published,
        language: Language::Fr,
        title: Title::new("Bol en grès").expect("a title"),
        description: Description::default(),
        attributes: Attributes::default(),
        price,
        place: None,
        photos: vec![],
        on_hand,
    }
}

pub fn eur(cents: i64) -> Money {
    Money::new(cents, Currency::Eur).expect("a price")
}

/// A request for some pieces of some listings. The same key with other lines has another fingerprint.
pub fn request(key: &str, lines: &[(ListingId, u32)]) -> RequestToBuy {
    let hash = |text: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        text(&mut hasher);
        hasher.finish()
    };
    let key_hash = hash(&|hasher| key.hash(hasher));
    let lines_hash = hash(&|hasher| lines.hash(hasher));
    let mut fingerprint = [0; 32];
    fingerprint[..8].copy_from_slice(&lines_hash.to_be_bytes());
    RequestToBuy {
        order_id: OrderId::new(Uuid::from_u64_pair(key_hash, lines_hash)),
        idempotency_key: format!("test-key-{key}").parse().expect("a key"),
        fingerprint: RequestFingerprint(fingerprint),
        language: Language::Fr,
        contact: Contact {
            name: "Zoé".into(),
            email: Email::new("zoe@example.org").expect("an address"),
            address: Address {
                street: "1 rue des Halles".into(),
                postcode: "69001".into(),
                town: "Lyon".into(),
                country: "FR".into(),
            },
        },
        lines: lines
            .iter()
            .map(|(listing_id, pieces)| BasketLine {
                listing_id: *listing_id,
                quantity: Quantity::new(*pieces).expect("a quantity"),
            })
            .collect(),
        may_wait: false,
        what_there_is: false,
        personalisations: Vec::new(),
        accepted_at: Timestamp::now(),
    }
}

/// The order of a request that was placed just now.
pub fn placed(placement: Placement) -> PlacedOrder {
    match placement {
        Placement::Placed(order) => order,
        other => panic!("placed before or not at all: {other:?}"),
    }
}
