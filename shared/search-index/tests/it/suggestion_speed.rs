//! How long suggestions take on a large index. Opt-in: `HALLES_SUGGESTION_TITLES` names a file with one title a line, and
//! `HALLES_SUGGESTION_LISTINGS` says how many listings to make of them (a million when it does not).

use std::fs;
use std::time::{Duration, Instant};

use halles_domain::{Listing, ListingId, Title};
use halles_search_index::{Base, SuggestLimits, SuggestQuery, Suggester, TypedText, WriterSettings};
use uuid::Uuid;

use crate::corpus::{Place, categories, insert, listing, open, position};

/// What one keystroke may cost.
const GOAL: Duration = Duration::from_millis(5);

const LIMITS: SuggestLimits = SuggestLimits { searches: 5, categories: 2, listings: 3 };

#[tokio::test]
async fn every_keystroke_is_answered_in_time() {
    let Some(path) = std::env::var_os("HALLES_SUGGESTION_TITLES") else { return };
    let wanted =
        std::env::var("HALLES_SUGGESTION_LISTINGS").map_or(1_000_000, |count| count.parse().expect("a number"));
    let text = fs::read_to_string(path).expect("the titles");
    let titles: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let place = Place::new();
    let mut writer = place.writer_with("writer", WriterSettings { threads: 1, memory_bytes: 512 << 20 });
    for (number, title) in titles.iter().cycle().take(wanted).enumerate() {
        let id = i64::try_from(number + 1).expect("a number");
        let Ok(title) = Title::new(&varied(title, number / titles.len())) else { continue };
        insert(&mut writer, &Listing { id: ListingId::new(id), title, ..listing(id, "x") });
    }
    let commit = writer.commit(position(1)).expect("a commit");
    let manifest = place.snapshots.publish(&Base::default(), &commit, Uuid::new_v4()).await.expect("a generation");
    let index = open(&place, &manifest).await;

    let suggester = Suggester::default();
    let started = Instant::now();
    suggester.prepare(&index).expect("tables");
    eprintln!("{} listings, phrases read in {:?}", index.documents(), started.elapsed());
    let tree = categories();
    let mut took = Vec::new();
    for text in keystrokes(&titles) {
        let typed = TypedText::new(&text).expect("a text");
        let query = SuggestQuery { typed: &typed, asked_often: &[], tree: &tree, limits: LIMITS };
        let started = Instant::now();
        suggester.suggest(&query, &index).expect("suggestions");
        took.push((started.elapsed(), text));
    }
    took.sort();
    let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)].0;
    eprintln!("{} keystrokes: p50 {:?}, p90 {:?}, p99 {:?}", took.len(), at(50), at(90), at(99));
    for (duration, text) in took.iter().rev().take(5) {
        eprintln!("  {duration:?} {text:?}");
    }
    assert!(at(99) <= GOAL, "p99 is {:?}", at(99));
}

/// Every beginning of the first words of some titles, as they are and with a letter swapped: whoever looks for the thing
/// types these.
fn keystrokes(titles: &[&str]) -> Vec<String> {
    let mut keystrokes = Vec::new();
    for (nth, title) in titles.iter().step_by((titles.len() / 200).max(1)).enumerate() {
        let words: Vec<&str> = title.split_whitespace().take(3).collect();
        let mut letters: Vec<char> = words.join(" ").chars().take(30).collect();
        if nth % 4 == 0 && letters.len() > 4 {
            letters.swap(2, 3);
        }
        keystrokes.extend((1..=letters.len()).map(|length| letters[..length].iter().collect::<String>()));
    }
    keystrokes
}

/// Each round through the titles differs in its last word, so that a larger index has more phrases too.
fn varied(title: &str, round: usize) -> String {
    match (round, title.rsplit_once(' ')) {
        (0, _) | (_, None) => title.to_owned(),
        (_, Some((rest, last))) => format!("{rest} {last}{round}"),
    }
}
