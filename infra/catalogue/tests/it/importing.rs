//! What the importer leaves in the database.

use halles_catalogue::{ImportArgs, ImportError};

use crate::catalogue::Catalogue;

const TOYS: &str = r#"{"id":"a","title":"Train set","category":"Hobbies > Trains","brand":"Hornby","price":"12.50","stock":3,"image":"https://img.example/a.jpg","attrs":{"scale":"1:76"}}
{"id":"b","title":"Teddy bear","category":"Cuddly","price":19.9,"stock":"5 new"}
{"id":"c","title":"Kite"}
"#;

const VERSIONS: &str = "SELECT source_ref || ' ' || version FROM listing ORDER BY source_ref";
const TOLD: &str = "SELECT count(*) FROM outbox WHERE subject ->> 'kind' = 'listing'";

#[tokio::test]
async fn json_lines_become_listings() {
    let catalogue = Catalogue::create().await;
    let report = catalogue.import(&catalogue.file("toys.jsonl", TOYS.as_bytes())).await.expect("imports");
    assert_eq!((report.inserted, report.rejected, report.exit_code()), (3, 0, 0));
    assert_eq!(report.reject_file, None, "nothing to report, so no file");
    let train = &catalogue
        .rows(
            "SELECT l.title, l.price_cents, l.on_hand, l.photos, l.attributes ->> 'Scale', s.slug, c.slug
             FROM listing l JOIN seller s ON s.id = l.seller_id JOIN category c ON c.id = l.category_id
             WHERE l.source = 'toys' AND l.source_ref = 'a'",
        )
        .await[0];
    assert_eq!(train.get::<_, &str>(0), "Train set");
    assert_eq!((train.get::<_, i64>(1), train.get::<_, i32>(2)), (1_250, 3));
    assert_eq!(train.get::<_, Vec<String>>(3), ["https://img.example/a.jpg"]);
    assert_eq!(train.get::<_, &str>(4), "1:76");
    assert_eq!((train.get::<_, &str>(5), train.get::<_, &str>(6)), ("hornby-toys", "toys-hobbies-trains"));
    let path =
        "SELECT top.slug FROM category c JOIN category top ON top.id = c.parent_id WHERE c.slug = 'toys-hobbies'";
    assert_eq!(catalogue.texts(path).await, ["toys"]);
    assert_eq!(catalogue.number("SELECT count(*) FROM listing WHERE price_cents IS NULL").await, 1);
}

#[tokio::test]
async fn the_same_rows_again_change_nothing() {
    let catalogue = Catalogue::create().await;
    let file = catalogue.file("toys.jsonl", TOYS.as_bytes());
    catalogue.import(&file).await.expect("imports");
    let (versions, told) = (catalogue.texts(VERSIONS).await, catalogue.number(TOLD).await);
    let again = catalogue.import(&file).await.expect("imports again");
    assert_eq!((again.inserted, again.updated, again.unchanged), (0, 0, 3));
    assert_eq!(catalogue.texts(VERSIONS).await, versions);
    assert_eq!(catalogue.number(TOLD).await, told, "nobody is told of nothing");
}

#[tokio::test]
async fn a_changed_row_changes_its_listing_and_is_told() {
    let catalogue = Catalogue::create().await;
    catalogue.import(&catalogue.file("toys.jsonl", TOYS.as_bytes())).await.expect("imports");
    let cheaper = TOYS.replace("12.50", "11.50");
    let report = catalogue.import(&catalogue.file("toys.jsonl", cheaper.as_bytes())).await.expect("imports");
    assert_eq!((report.inserted, report.updated, report.unchanged), (0, 1, 2));
    assert_eq!(catalogue.texts(VERSIONS).await, ["a 2", "b 1", "c 1"]);
    let last = "SELECT subject ->> 'version' FROM outbox WHERE subject ->> 'kind' = 'listing' ORDER BY id DESC LIMIT 1";
    assert_eq!(catalogue.texts(last).await, ["2"]);
}

#[tokio::test]
async fn stock_that_is_promised_is_never_taken_away() {
    let catalogue = Catalogue::create().await;
    catalogue.import(&catalogue.file("toys.jsonl", TOYS.as_bytes())).await.expect("imports");
    catalogue.execute("UPDATE listing SET allocated = 1, held = 1 WHERE source_ref = 'a'").await;
    let fewer = TOYS.replace("\"stock\":3", "\"stock\":0");
    catalogue.import(&catalogue.file("toys.jsonl", fewer.as_bytes())).await.expect("imports");
    assert_eq!(catalogue.number("SELECT on_hand::bigint FROM listing WHERE source_ref = 'a'").await, 2);
}

#[tokio::test]
async fn csv_and_packed_files_are_recognised_by_content() {
    let catalogue = Catalogue::create().await;
    let csv = "\u{feff}sku;name;price;stock\n1;Bol;\"12,50\";4\n2;\"Tasse; grande\";9;1\n";
    let packed = catalogue.file("liste.gz", csv.as_bytes());
    let args = ImportArgs { source: Some("Mes bols".into()), path: packed, ..ImportArgs::default() };
    let report = catalogue.import_with(args).await.expect("imports");
    assert_eq!((report.source.as_str(), report.inserted, report.rejected), ("mes-bols", 2, 0));
    assert_eq!(
        catalogue.texts("SELECT title || ' ' || price_cents FROM listing ORDER BY source_ref").await,
        ["Bol 1250", "Tasse; grande 900"]
    );
}

#[tokio::test]
async fn fields_can_be_named_by_hand() {
    let catalogue = Catalogue::create().await;
    let path = catalogue.file("odd.csv", b"nr,what,pounds\n7,Kite,3.99\n");
    let fields = ["ref=nr", "title=what", "price=pounds"].map(str::to_owned).to_vec();
    let args = ImportArgs {
        path: path.clone(),
        fields,
        currency: Some(halles_domain::Currency::Gbp),
        ..ImportArgs::default()
    };
    assert_eq!(catalogue.import_with(args).await.expect("imports").inserted, 1);
    assert_eq!(catalogue.texts("SELECT title || price_cents || currency FROM listing").await, ["Kite399GBP"]);
    let args = ImportArgs { path, fields: vec!["colour=nr".into()], ..ImportArgs::default() };
    assert!(matches!(catalogue.import_with(args).await, Err(ImportError::Mapping(_))));
}

#[tokio::test]
async fn several_rows_can_make_one_listing() {
    let catalogue = Catalogue::create().await;
    let lines = "invoice,stock_code,description,quantity,invoice_date,unit_price,customer_id,country\n\
                 1,85048,GLASS BALL,12,2009-12-01,6.95,1,UK\n\
                 C2,85048,GLASS BALL,-12,2009-12-02,9.99,1,UK\n\
                 3,85048,damaged,1,2009-12-03,0,,UK\n\
                 4,85048,GLASS BALL,1,2009-12-04,7.50,2,UK\n\
                 5,POST,POSTAGE,1,2009-12-04,18,2,UK\n";
    let path = catalogue.file("lines.csv", lines.as_bytes());
    let args = ImportArgs { path, mapping: Some("uci-online-retail".into()), ..ImportArgs::default() };
    let report = catalogue.import_with(args).await.expect("imports");
    assert_eq!((report.rows, report.left_out, report.inserted, report.rejected), (5, 2, 1, 0));
    assert_eq!(
        catalogue.texts("SELECT title || ' ' || price_cents FROM listing").await,
        ["Glass ball 750"],
        "the last real price, and the title in lower case"
    );
}

#[tokio::test]
async fn a_directory_needs_one_catalogue() {
    let catalogue = Catalogue::create().await;
    let directory = catalogue.path("");
    assert!(matches!(catalogue.import(&directory).await, Err(ImportError::NoCatalogue(_))));
    catalogue.file("toys.jsonl", TOYS.as_bytes());
    assert_eq!(catalogue.import(&directory).await.expect("the only one").inserted, 3);
    catalogue.file("more.csv", b"id,title\n1,x\n");
    assert!(matches!(catalogue.import(&directory).await, Err(ImportError::ManyCatalogues { .. })));
    let nowhere = catalogue.path("nowhere.csv");
    assert!(matches!(catalogue.import(&nowhere).await, Err(ImportError::Open { .. })));
}
