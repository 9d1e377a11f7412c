//! What shoppers type: a list of searches as they are seen in shops like ours, the most wanted first, followed by a long
//! tail of words from the titles of the catalogue itself, some mistyped, some unfinished.

use std::collections::HashSet;

use halles_domain::Listing;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use crate::bench::cache::zipf::keys::ranks;

/// The head of the list.
const POPULAR: &str = include_str!("queries.txt");
/// How many different searches there are in all; the tail is what makes a cache of answers useless here.
const DIFFERENT: usize = 3_000;
/// How uneven popularity is.
const EXPONENT: f64 = 0.9;
/// The same searches in each run.
const SEED: u64 = 11;
/// Of so many searches of the tail one has a typo, and one is not finished.
const ONE_TYPO_IN: u32 = 12;
const ONE_UNFINISHED_IN: u32 = 12;
/// Shorter words are not mistyped: hardly anybody does.
const LONG_WORD: usize = 6;

/// So many requests, each with what is typed.
pub fn requests(listings: &[Listing], count: usize) -> Vec<String> {
    let searches = searches(listings);
    ranks(searches.len(), EXPONENT, count).into_iter().map(|rank| searches[rank].clone()).collect()
}

/// Every different search, the most popular first.
fn searches(listings: &[Listing]) -> Vec<String> {
    let mut dice = StdRng::seed_from_u64(SEED);
    let mut searches: Vec<String> = POPULAR.lines().map(str::to_owned).collect();
    let mut known: HashSet<String> = searches.iter().cloned().collect();
    // Titles repeat themselves, so some yield nothing new; a small catalogue has fewer different ones.
    for _ in 0..DIFFERENT * 10 {
        if searches.len() >= DIFFERENT || listings.is_empty() {
            break;
        }
        let title = listings[dice.random_range(0..listings.len())].title.as_str();
        let search = typed(title, &mut dice);
        if search.chars().count() > 2 && known.insert(search.clone()) {
            searches.push(search);
        }
    }
    searches
}

/// One to three neighbouring words of a title, as a hurried shopper types them.
fn typed(title: &str, dice: &mut impl Rng) -> String {
    let words: Vec<String> = title.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return String::new();
    }
    let first = dice.random_range(0..words.len());
    let length = dice.random_range(1..=3);
    let mut words: Vec<String> = words.into_iter().skip(first).take(length).collect();
    if dice.random_ratio(1, ONE_TYPO_IN) {
        words.iter_mut().filter(|word| word.chars().count() >= LONG_WORD).take(1).for_each(|word| swap(word, dice));
    } else if dice.random_ratio(1, ONE_UNFINISHED_IN)
        && let Some(last) = words.last_mut()
    {
        let kept = last.chars().count().div_ceil(2).max(3);
        *last = last.chars().take(kept).collect();
    }
    words.join(" ")
}

fn plain(word: &str) -> String {
    word.to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-'))
        .collect()
}

/// Swaps two neighbouring letters, not the first.
fn swap(word: &mut String, dice: &mut impl Rng) {
    let mut letters: Vec<char> = word.chars().collect();
    let place = dice.random_range(1..letters.len() - 1);
    letters.swap(place, place + 1);
    *word = letters.into_iter().collect();
}

/// A search as it stands in an address.
pub fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_words_of_titles() {
        let mut dice = StdRng::seed_from_u64(1);
        for _ in 0..200 {
            let search = typed("Saladier en grès, bleu nuit", &mut dice);
            assert!(!search.is_empty() && search.split(' ').count() <= 3, "{search:?}");
        }
    }

    #[test]
    fn the_list_has_no_search_twice() {
        let mut seen = HashSet::new();
        assert!(POPULAR.lines().all(|line| line.trim() == line && !line.is_empty() && seen.insert(line)));
    }

    #[test]
    fn the_popular_ones_are_asked_for_most() {
        let asked = requests(&[], 2_000);
        let count = |text: &str| asked.iter().filter(|search| *search == text).count();
        assert!(count("bol") > count("plaid laine") && count("plaid laine") > 0);
    }

    #[test]
    fn addresses_carry_everything() {
        assert_eq!(escaped("bol d'été"), "bol+d%27%C3%A9t%C3%A9");
    }
}
