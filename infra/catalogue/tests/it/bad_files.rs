//! Files as they are in the wild.

use halles_catalogue::{ImportArgs, ImportError};

use crate::catalogue::{Catalogue, pack};

const MIXED: &[u8] = b"{\"id\":\"a\",\"title\":\"Bowl\",\"price\":5}\n\
    {\"id\":\"b\",\"title\":\"\",\"price\":\"cheap\"}\n\
    not json\n\
    \xff\xfe\n\
    {\"id\":\"a\",\"title\":\"Bowl again\"}\n\
    {\"id\":\"c\",\"title\":\"Cup\"}\n";

#[tokio::test]
async fn bad_rows_stop_no_good_ones_and_are_all_reported() {
    let catalogue = Catalogue::create().await;
    let report = catalogue.import(&catalogue.file("mixed.jsonl", MIXED)).await.expect("imports the good ones");
    assert_eq!((report.rows, report.inserted, report.rejected, report.exit_code()), (6, 2, 4, 2));
    assert_eq!(catalogue.texts("SELECT title FROM listing ORDER BY source_ref").await, ["Bowl", "Cup"]);
    let file = report.reject_file.as_ref().expect("a file of refusals");
    let lines = std::fs::read_to_string(file).expect("reads the refusals");
    let places: Vec<&str> = lines.lines().filter_map(|line| line.rsplit_once(',')?.0.into()).collect();
    assert_eq!(places, ["line,field", "2,title", "2,price", "3,row", "4,row", "5,ref"]);
    let words = report.to_string();
    assert!(words.contains("4 rows refused") && words.contains("line 3: row is not a JSON object"), "{words}");
}

#[tokio::test]
async fn strict_means_all_or_nothing() {
    let catalogue = Catalogue::create().await;
    let mut content = Vec::new();
    for number in 0..5_000 {
        content.extend_from_slice(format!("{{\"id\":{number},\"title\":\"Bowl {number}\"}}\n").as_bytes());
    }
    let good = catalogue.file("good.jsonl", &content);
    content.extend_from_slice(b"{\"id\":5000}\n");
    let bad = catalogue.file("bad.jsonl", &content);
    let strict = |path| ImportArgs { path, strict: true, ..ImportArgs::default() };
    match catalogue.import_with(strict(bad)).await {
        Err(ImportError::Strict(reject)) => assert_eq!((reject.line, reject.field.as_str()), (5_001, "title")),
        other => panic!("{other:?}"),
    }
    assert_eq!(catalogue.number("SELECT count(*) FROM listing").await, 0, "batches before the bad row are undone");
    assert_eq!(catalogue.import_with(strict(good)).await.expect("all are good").inserted, 5_000);
}

#[tokio::test]
async fn a_packed_file_that_ends_too_early_keeps_what_came_before() {
    let catalogue = Catalogue::create().await;
    let mut content = String::new();
    for number in 0..20_000 {
        content.push_str(&format!("{{\"id\":{number},\"title\":\"Bowl {number}\"}}\n"));
    }
    let packed = pack(content.as_bytes());
    let path = catalogue.path("cut.jsonl.gz");
    std::fs::write(&path, &packed[..packed.len() / 2]).expect("writes half a file");
    let report = catalogue.import(&path).await.expect("imports what can be read");
    assert_eq!(report.exit_code(), 1);
    assert!(report.broken.as_deref().is_some_and(|broken| broken.contains("ends too early")), "{report}");
    assert!(report.inserted > 1_000 && report.inserted < 20_000, "{report}");
}

#[tokio::test]
async fn long_values_are_refused_or_cut_but_never_swallowed() {
    let catalogue = Catalogue::create().await;
    let long = "x".repeat(60_000);
    let content = format!(
        "{{\"id\":1,\"title\":\"{long}\"}}\n{{\"id\":2,\"title\":\"Bowl\",\"description\":\"{long}\"}}\n\
         {{\"id\":3,\"title\":\"Bowl\",\"attrs\":{{\"a\":\"{long}\"}}}}\n{{\"id\":\"{long}\",\"title\":\"Bowl\"}}\n"
    );
    let report = catalogue.import(&catalogue.file("long.jsonl", content.as_bytes())).await.expect("imports");
    let fields: Vec<&str> = report.first_rejects.iter().map(|reject| reject.field.as_str()).collect();
    assert_eq!(fields, ["title", "description", "ref"]);
    assert_eq!((report.inserted, report.shortened), (1, 1));
}

#[tokio::test]
async fn a_database_that_is_away_is_a_clear_error() {
    let catalogue = Catalogue::create().await;
    let path = catalogue.file("x.jsonl", MIXED);
    let args = ImportArgs { path, ..ImportArgs::default() };
    // Port 9 is "discard": nobody listens there.
    let error = halles_catalogue::import(&args, "postgres://nobody@127.0.0.1:9/none", &()).await;
    assert!(error.is_err_and(|error| error.to_string().contains("cannot connect")));
}
