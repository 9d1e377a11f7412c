//! How files travel to the bucket and back.

use halles_domain::{
    Attributes, CategoryId, ChangePosition, Description, Language, Listing, ListingId, ListingStatus, SellerId, Stock,
    Title, Version,
};
use halles_search_index::{
    Base, IndexSettings, IndexWriter, IndexedListing, LocalFiles, S3Settings, SnapshotError, Snapshots, WriterSettings,
};
use jiff::Timestamp;
use tempfile::tempdir;
use uuid::Uuid;

use crate::bucket::Bucket;

/// What is sent and fetched at once; larger files go in several parts.
const PART_BYTES: u64 = 8 << 20;
/// Listings, and different words in each: enough for a list of terms that is larger than a part.
const LISTINGS: i64 = 2_500;
const WORDS: u64 = 400;

#[tokio::test]
async fn large_files_travel_in_parts() {
    let (bucket, directory) = (Bucket::new(), tempdir().expect("a temporary directory"));
    let door = bucket.door().await;
    let mut writer =
        IndexWriter::create(&directory.path().join("writer"), WriterSettings::default()).expect("a writer");
    for id in 1..=LISTINGS {
        let listing = listing(id);
        let indexed = IndexedListing { listing: &listing, shop_name: "", shop_place: None, category_path: &[] };
        writer.insert(indexed).expect("a listing in the index");
    }
    let commit = writer.commit(ChangePosition { transaction: 1, row: 1 }).expect("a commit");
    let snapshots = Snapshots::open(&door.settings(directory.path().join("work"))).expect("a store");
    let manifest = snapshots.publish(&Base::default(), &commit, Uuid::new_v4()).await.expect("a generation");
    let largest = manifest.files.iter().map(|file| file.size).max().expect("files");
    assert!(largest > PART_BYTES, "the largest file has only {largest} bytes");

    // Every byte is checked on the way.
    let mut local = LocalFiles::open(&directory.path().join("reader")).await.expect("local files");
    let index = local.open_generation(&snapshots, &manifest).await.expect("an index");
    assert_eq!(index.documents(), LISTINGS.unsigned_abs());
}

#[tokio::test]
async fn who_does_not_have_the_key_is_refused() {
    let (bucket, directory) = (Bucket::new(), tempdir().expect("a temporary directory"));
    let settings = bucket.door().await.settings(directory.path().join("work"));
    assert!(
        Snapshots::open(&settings).expect("a store").list_generations_after(None).await.expect("a list").is_empty()
    );
    let s3 = S3Settings { secret_access_key: "a guess".into(), ..settings.s3.clone() };
    let stranger = Snapshots::open(&IndexSettings { s3, ..settings }).expect("a store");
    let refused = stranger.list_generations_after(None).await;
    assert!(matches!(refused, Err(SnapshotError::Store(_))), "{refused:?}");
}

/// A listing whose words nobody else has.
fn listing(id: i64) -> Listing {
    let first = id.unsigned_abs() * WORDS;
    let words: Vec<String> =
        (first..first + WORDS).map(|number| format!("{:x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    Listing {
        id: ListingId::new(id),
        version: Version::new(1),
        seller_id: SellerId::new(1),
        category_id: CategoryId::new(1),
        status: ListingStatus::Published,
        language: Language::Fr,
        title: Title::new("Bol").expect("a title"),
        description: Description::new(&words.join(" ")).expect("a description"),
        attributes: Attributes::default(),
        price: None,
        place: None,
        photos: Vec::new(),
        stock: Stock::new(1, 0, 0).expect("a stock"),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}
