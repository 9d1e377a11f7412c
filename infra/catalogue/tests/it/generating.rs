//! What the generator leaves in the database.

use halles_catalogue::{GenerateArgs, GenerateError, generate, measure_bare_copy};

use crate::catalogue::Catalogue;

/// What the migrations made of the table: indexes and constraints, by their definitions.
const SHAPE: &str = "SELECT indexdef FROM pg_indexes WHERE tablename = 'listing'
    UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'listing'::regclass
    ORDER BY 1";

const ROWS_IN_WORDS: &str = "SELECT concat_ws('|', l.id, s.slug, c.slug, l.title, l.description, l.attributes,
        l.price_cents, l.on_hand, l.town, l.created_at)
    FROM listing l JOIN seller s ON s.id = l.seller_id JOIN category c ON c.id = l.category_id
    WHERE l.id <= 300 ORDER BY l.id";

fn args(listings: u64) -> GenerateArgs {
    GenerateArgs { listings, ..GenerateArgs::demo() }
}

#[tokio::test]
async fn fills_an_empty_catalogue_and_leaves_its_shape_as_it_was() {
    let catalogue = Catalogue::create().await;
    let shape = catalogue.texts(SHAPE).await;
    let report = generate(&args(2_500), catalogue.url(), &()).await.expect("generates");
    assert_eq!(report.listings, 2_500);
    assert_eq!(catalogue.number("SELECT count(*) FROM listing").await, 2_500);
    assert_eq!(catalogue.number("SELECT count(*) FROM seller").await, i64::try_from(report.sellers).expect("few"));
    assert_eq!(catalogue.number("SELECT count(*) FROM featured").await, 12);
    assert_eq!(catalogue.number("SELECT count(*) FROM outbox WHERE subject ->> 'kind' = 'listing'").await, 0);
    assert_eq!(catalogue.texts(SHAPE).await, shape, "indexes and foreign keys are back");
    let unknown = "SELECT count(*) FROM listing WHERE town IS NULL OR latitude IS NULL OR price_cents IS NULL";
    assert_eq!(catalogue.number(unknown).await, 0);
    catalogue.execute("INSERT INTO seller (slug, name) VALUES ('next', 'Next')").await;
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows_whatever_their_number() {
    let (small, large) = (Catalogue::create().await, Catalogue::create().await);
    generate(&args(300), small.url(), &()).await.expect("generates");
    generate(&GenerateArgs { threads: 3, ..args(3_000) }, large.url(), &()).await.expect("generates");
    let rows = small.texts(ROWS_IN_WORDS).await;
    assert_eq!(rows.len(), 300);
    assert_eq!(rows, large.texts(ROWS_IN_WORDS).await);
    let other = Catalogue::create().await;
    generate(&GenerateArgs { seed: 2, ..args(300) }, other.url(), &()).await.expect("generates");
    assert_ne!(rows, other.texts(ROWS_IN_WORDS).await);
}

#[tokio::test]
async fn a_filled_catalogue_only_grows_when_asked_and_says_so() {
    let catalogue = Catalogue::create().await;
    generate(&args(200), catalogue.url(), &()).await.expect("generates");
    let refused = generate(&args(200), catalogue.url(), &()).await;
    assert!(matches!(refused, Err(GenerateError::NotEmpty)), "{refused:?}");
    let more = GenerateArgs { append: true, unannounced: false, ..args(100) };
    let report = generate(&more, catalogue.url(), &()).await.expect("adds");
    assert_eq!(report.listings, 100);
    assert_eq!(catalogue.number("SELECT count(*) FROM listing").await, 300);
    assert_eq!(catalogue.number("SELECT count(*) FROM outbox WHERE subject ->> 'kind' = 'listing'").await, 100);
    assert_eq!(
        catalogue.number("SELECT count(*) FROM outbox WHERE subject ->> 'kind' = 'seller'").await,
        i64::try_from(report.sellers).expect("few")
    );
}

#[tokio::test]
async fn the_yardstick_leaves_nothing_behind() {
    let catalogue = Catalogue::create().await;
    let elapsed = measure_bare_copy(&args(1_500), catalogue.url()).await.expect("copies");
    assert!(!elapsed.is_zero());
    assert_eq!(catalogue.number("SELECT count(*) FROM listing").await, 0);
    assert_eq!(catalogue.number("SELECT count(*) FROM pg_tables WHERE tablename = 'bare_listing'").await, 0);
}
