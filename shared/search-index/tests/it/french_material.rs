//! What French people really write and type. Only with `HALLES_FRENCH_MATERIAL=DIR`, a directory of data that is not part
//! of this repository: classified ads, groceries, a marketplace's categories, trending searches.
//!
//! Nobody judged these, so each text is looked for by itself, written differently: what a shopper does who saw it and
//! types it from memory. What share of them must be found near the top stands with each test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use halles_domain::{Listing, ListingId, Title, folded};
use halles_search_index::{SearchIndex, SearchText};
use serde::Deserialize;

use crate::corpus::{Place, found, index_of, listing, query, search};

/// How far down the list one's own text may be.
const NEAR_THE_TOP: usize = 3;
/// Enough for a share that says something.
const MOST_TEXTS: usize = 3_000;

fn material(name: &str) -> Option<PathBuf> {
    let directory = std::env::var_os("HALLES_FRENCH_MATERIAL")?;
    Some(Path::new(&directory).join(name))
}

fn unpacked(path: &Path) -> impl BufRead + use<> {
    BufReader::new(GzDecoder::new(std::fs::File::open(path).expect("the material")))
}

fn lines_of<T: for<'a> Deserialize<'a>>(path: &Path) -> Vec<T> {
    let lines = unpacked(path).lines().map(|line| line.expect("a line"));
    lines.map(|line| serde_json::from_str(&line).expect("an object")).collect()
}

fn column(path: &Path, number: usize) -> Vec<String> {
    let rows = csv::Reader::from_reader(unpacked(path)).into_records();
    rows.map(|row| row.expect("a row").get(number).unwrap_or_default().to_owned()).collect()
}

/// Different texts that can be titles, an index of them, and the listing of each.
async fn indexed(texts: Vec<String>) -> (Place, SearchIndex, Vec<(i64, String)>) {
    let mut texts: Vec<String> = texts.into_iter().filter(|text| Title::new(text).is_ok()).collect();
    texts.sort_unstable_by_key(|text| folded(text));
    texts.dedup_by_key(|text| folded(text));
    texts.truncate(MOST_TEXTS);
    let numbered: Vec<(i64, String)> = (1..).zip(texts).collect();
    let listings: Vec<Listing> = numbered.iter().map(|(id, text)| listing(*id, text)).collect();
    let (place, index) = index_of(&listings).await;
    (place, index, numbered)
}

/// Looks for each text as `typed` makes it; at least this share must be found near the top.
fn assert_found(index: &SearchIndex, texts: &[(i64, String)], share: f64, typed: impl Fn(&str) -> Option<String>) {
    let (mut asked, mut lost) = (0, Vec::new());
    for (id, text) in texts {
        let Some(typed) = typed(text).filter(|typed| SearchText::new(typed).is_ok_and(|text| !text.is_empty())) else {
            continue;
        };
        asked += 1;
        if !found(index, &typed).iter().take(NEAR_THE_TOP).any(|found| found == id) {
            lost.push(typed);
        }
    }
    let found = f64::from(asked - i32::try_from(lost.len()).expect("a few")) / f64::from(asked.max(1));
    let examples = &lost[..lost.len().min(20)];
    assert!(asked > 100 && found >= share, "{found:.4} of {asked} instead of {share}, without {examples:#?}");
}

/// Lower case and no accents, as most people type.
fn carelessly(text: &str) -> Option<String> {
    Some(folded(text))
}

/// Two neighbouring letters swapped in the longest word, where it is long enough to be understood all the same.
fn with_a_typo(text: &str) -> Option<String> {
    let text = folded(text);
    let words = text.split_whitespace().filter(|word| word.bytes().all(|letter| letter.is_ascii_lowercase()));
    let longest = words.max_by_key(|word| word.len()).filter(|word| word.len() >= 7)?;
    let mut letters: Vec<char> = longest.chars().collect();
    letters.swap(3, 4);
    Some(text.replace(longest, &letters.into_iter().collect::<String>()))
}

/// Everything in the other number.
fn in_the_other_number(text: &str) -> Option<String> {
    let other = |word: &str| match word.strip_suffix('s') {
        Some(singular) => singular.to_owned(),
        None if word.len() > 3 && word.ends_with(|letter: char| "aeilnrt".contains(letter)) => format!("{word}s"),
        None => word.to_owned(),
    };
    Some(folded(text).split_whitespace().map(other).collect::<Vec<_>>().join(" "))
}

#[derive(Deserialize)]
struct Ad {
    title: String,
}

#[derive(Deserialize)]
struct Grocery {
    name: String,
}

#[tokio::test]
async fn ads_are_found_by_their_titles_however_they_are_typed() {
    let Some(path) = material("fr-leboncoin-ads/ads.jsonl.gz") else { return };
    let ads = lines_of::<Ad>(&path).into_iter().map(|ad| ad.title).collect();
    let (_place, index, texts) = indexed(ads).await;
    assert_found(&index, &texts, 0.98, carelessly);
    assert_found(&index, &texts, 0.97, in_the_other_number);
    assert_found(&index, &texts, 0.96, with_a_typo);
}

#[tokio::test]
async fn groceries_are_found_by_their_names() {
    let Some(path) = material("fr-openfoodfacts/products.jsonl.gz") else { return };
    let groceries = lines_of::<Grocery>(&path).into_iter().map(|grocery| grocery.name).collect();
    let (_place, index, texts) = indexed(groceries).await;
    assert_found(&index, &texts, 0.97, carelessly);
    assert_found(&index, &texts, 0.90, in_the_other_number);
}

#[tokio::test]
async fn a_marketplace_finds_its_categories() {
    let Some(path) = material("fr-cdiscount-categories/categories.csv.gz") else { return };
    let (_place, index, texts) = indexed(column(&path, 3)).await;
    assert_found(&index, &texts, 0.95, carelessly);
    assert_found(&index, &texts, 0.90, in_the_other_number);
}

#[tokio::test]
async fn what_trends_is_answered_whatever_it_is_and_accents_do_not_matter() {
    let Some(path) = material("fr-google-trends/queries.csv.gz") else { return };
    let searches = column(&path, 0);
    let (_place, index, _) = indexed(searches.clone()).await;
    for text in searches {
        let [typed, plain] = [text.clone(), folded(&text)].map(|text| search(&index, &query(&text)));
        assert_eq!(typed.ids, plain.ids, "{text:?}");
        assert_ne!(typed.ids, <[ListingId; 0]>::default(), "{text:?}");
    }
}
