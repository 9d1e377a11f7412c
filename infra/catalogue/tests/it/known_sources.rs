//! The catalogues that we have mappings for, as they are. They are not part of the repository: name the directory that
//! holds theirs in `HALLES_DATA_DIR` and run with `--ignored`.

use std::path::PathBuf;

use crate::catalogue::Catalogue;

/// Directory, source, listings, and how many of them have a price.
const SOURCES: [(&str, &str, i64, i64); 5] = [
    ("amazon-toys-uk", "amazon-toys", 10_000, 8_565),
    ("chorus-icecat", "icecat", 19_406, 19_406),
    ("flipkart-listings", "flipkart", 20_000, 19_922),
    ("fr-openfoodfacts", "openfoodfacts", 10_629, 0),
    ("uci-online-retail", "uci-giftware", 4_241, 4_229),
];

#[tokio::test]
#[ignore = "needs the sources' own files: HALLES_DATA_DIR=… cargo test -p halles-catalogue -- --ignored"]
async fn every_known_source_is_imported_as_it_is() {
    let data = PathBuf::from(std::env::var_os("HALLES_DATA_DIR").expect("HALLES_DATA_DIR names a directory"));
    let catalogue = Catalogue::create().await;
    for (directory, source, listings, priced) in SOURCES {
        let report = catalogue.import(&data.join(directory)).await.expect("imports");
        assert_eq!((report.rejected, report.exit_code()), (0, 0), "{report}");
        let of = format!("FROM listing WHERE source = '{source}'");
        assert_eq!(catalogue.number(&format!("SELECT count(*) {of}")).await, listings, "{source}");
        assert_eq!(catalogue.number(&format!("SELECT count(price_cents) {of}")).await, priced, "{source}");
        let again = catalogue.import(&data.join(directory)).await.expect("imports again");
        assert_eq!((again.inserted, again.updated), (0, 0), "{again}");
        assert_eq!(catalogue.number(&format!("SELECT max(version) {of}")).await, 1, "{source}");
    }
}
