//! What the shop's people want to be seen first, further down or not at all, as they write it down.
//!
//! One line each: for which searches, a colon, what to do, and the numbers of listings, shops or categories.
//!
//! ```text
//! noël, christmas: pin 812 1533            # these listings come first, in this order
//! téléphone: hide 99                       # never for this search
//! *: hide 17                               # never for any search
//! cadeau: raise category 40                # a little further up, among the best
//! *: lower shop 3                          # a little further down
//! ```
//!
//! A rule holds when the search has all the words of one of its phrases; case, accents and plural do not matter. Pinned
//! listings are found by searches that would not find them, but keep to every filter. Only searches with words and sorted
//! by relevance are pinned, raised and lowered; what is hidden is hidden in any order, but its own page stays.

use std::sync::Arc;

use halles_domain::{CategoryId, ListingId, SellerId};
use tantivy::{DocAddress, Score};

use super::hit_columns::HitColumns;
use super::synonyms::{Keys, phrases};
use crate::analysis::analyses;
use crate::document::as_number;

/// The most listings that one search can have pinned: a page of nothing else would be no search.
const MAX_PINNED: usize = 12;

/// The rules of the shop, ready to be applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules(Arc<Vec<Rule>>);

/// A line that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadRules {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    /// For each phrase the keys of its words, all of which a search must have; no phrase for every search.
    phrases: Vec<Vec<String>>,
    action: Action,
}

#[derive(Debug, Clone, PartialEq)]
enum Action {
    Pin(Vec<ListingId>),
    Hide(Vec<ListingId>),
    Raise(Vec<Favoured>),
    Lower(Vec<Favoured>),
}

/// What is moved up or down among the best hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Favoured {
    Listing(ListingId),
    Shop(SellerId),
    Category(CategoryId),
}

/// What the rules say about one search.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Ruled {
    /// These come first, in this order.
    pub pinned: Vec<ListingId>,
    /// These do not come at all.
    pub hidden: Vec<ListingId>,
    pub raised: Vec<Favoured>,
    pub lowered: Vec<Favoured>,
}

/// More than any score that words bring: what has so much is pinned.
pub(super) const PINNED: Score = 1_000_000.0;

/// What the first, the second … of the pinned listings score: further apart than words could make up for.
pub(super) fn pinned_scores() -> impl Iterator<Item = Score> {
    std::iter::successors(Some(2.0 * PINNED), |score| Some(score - 0.05 * PINNED)).take(MAX_PINNED)
}

/// What being raised adds, and being lowered takes away, where a perfect fit is about 1.
const FAVOUR: Score = 0.15;

impl Ruled {
    /// How far the rules move a hit up or down.
    pub fn favour(&self, columns: &[HitColumns], hit: DocAddress) -> Score {
        let is_one_of = |favoured: &[Favoured]| favoured.iter().any(|favoured| favoured.is(columns, hit));
        let raised = if is_one_of(&self.raised) { FAVOUR } else { 0.0 };
        if is_one_of(&self.lowered) { raised - FAVOUR } else { raised }
    }
}

impl Favoured {
    fn is(self, columns: &[HitColumns], hit: DocAddress) -> bool {
        let Some(columns) = HitColumns::of(columns, hit) else { return false };
        match self {
            Self::Listing(id) => columns.ids.first(hit.doc_id) == Some(as_number(id.get())),
            Self::Shop(id) => columns.sellers.first(hit.doc_id) == Some(as_number(id.get())),
            Self::Category(id) => {
                let category = as_number(i64::from(id.get()));
                columns.categories.values_for_doc(hit.doc_id).any(|known| known == category)
            }
        }
    }
}

impl Rules {
    /// Reads rules; one bad line refuses them all, so that nobody searches with half of them.
    pub fn parse(text: &str) -> Result<Self, BadRules> {
        let mut keys = Keys::new(&analyses());
        let mut rules = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if !line.is_empty() {
                rules.push(rule(line, &mut keys).map_err(|reason| BadRules { line: number + 1, reason })?);
            }
        }
        Ok(Self(Arc::new(rules)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What they say about a search for `words`.
    pub(super) fn about(&self, words: &[String]) -> Ruled {
        let mut ruled = Ruled::default();
        if self.is_empty() {
            return ruled;
        }
        let mut keys = Keys::new(&analyses());
        let asked: Vec<String> = words.iter().map(|word| keys.of(std::slice::from_ref(word))).collect();
        for rule in self.0.iter().filter(|rule| rule.holds(&asked)) {
            match &rule.action {
                Action::Pin(listings) => ruled.pinned.extend(listings),
                Action::Hide(listings) => ruled.hidden.extend(listings),
                Action::Raise(favoured) => ruled.raised.extend(favoured),
                Action::Lower(favoured) => ruled.lowered.extend(favoured),
            }
        }
        ruled.pinned.truncate(MAX_PINNED);
        ruled
    }
}

impl Rule {
    fn holds(&self, asked: &[String]) -> bool {
        let is_met = |phrase: &Vec<String>| phrase.iter().all(|key| asked.contains(key));
        self.phrases.is_empty() || self.phrases.iter().any(is_met)
    }
}

fn rule(line: &str, keys: &mut Keys) -> Result<Rule, String> {
    let (searches, action) = line.split_once(':').ok_or("a rule needs a colon after the searches that it is for")?;
    let phrases = match searches.trim() {
        "*" => Vec::new(),
        searches => phrases(searches)?,
    };
    let key_of_each = |words: Vec<String>| words.iter().map(|word| keys.of(std::slice::from_ref(word))).collect();
    Ok(Rule { phrases: phrases.into_iter().map(key_of_each).collect(), action: self::action(action)? })
}

fn action(text: &str) -> Result<Action, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((name, rest)) = words.split_first() else { return Err("a rule needs something to do".to_owned()) };
    match *name {
        "pin" if rest.len() > MAX_PINNED => Err(format!("at most {MAX_PINNED} listings can be pinned")),
        "pin" => Ok(Action::Pin(numbers(rest)?.map(ListingId::new).collect())),
        "hide" => Ok(Action::Hide(numbers(rest)?.map(ListingId::new).collect())),
        "raise" => Ok(Action::Raise(favoured(rest)?)),
        "lower" => Ok(Action::Lower(favoured(rest)?)),
        other => Err(format!("{other:?} is neither pin, hide, raise nor lower")),
    }
}

fn favoured(words: &[&str]) -> Result<Vec<Favoured>, String> {
    let Some((kind, rest)) = words.split_first() else { return Err("of what: listing, shop or category?".to_owned()) };
    let numbers = numbers(rest)?;
    match *kind {
        "listing" => Ok(numbers.map(|number| Favoured::Listing(ListingId::new(number))).collect()),
        "shop" => Ok(numbers.map(|number| Favoured::Shop(SellerId::new(number))).collect()),
        "category" => numbers
            .map(|number| i32::try_from(number).map(|number| Favoured::Category(CategoryId::new(number))))
            .collect::<Result<_, _>>()
            .map_err(|_| "there is no such category".to_owned()),
        other => Err(format!("{other:?} is neither listing, shop nor category")),
    }
}

fn numbers(words: &[&str]) -> Result<impl Iterator<Item = i64> + use<>, String> {
    let number = |word: &&str| word.parse().map_err(|_| format!("{word:?} is no number"));
    let numbers = words.iter().map(number).collect::<Result<Vec<i64>, String>>()?;
    if numbers.is_empty() { Err("a rule needs numbers".to_owned()) } else { Ok(numbers.into_iter()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SearchText;

    fn about(rules: &str, search: &str) -> Ruled {
        let rules = Rules::parse(rules).expect("good rules");
        rules.about(SearchText::new(search).expect("a text").words())
    }

    #[test]
    fn a_rule_holds_for_searches_with_all_words_of_a_phrase() {
        let rules = "# seasons\nnoël, christmas tree: pin 8 5\n*: hide 17 # broken\n";
        let pinned = |search: &str| about(rules, search).pinned.into_iter().map(ListingId::get).collect::<Vec<_>>();
        assert_eq!(pinned("décoration NOEL"), [8, 5]);
        assert_eq!(pinned("trees for christmas"), [8, 5]);
        assert_eq!(pinned("christmas"), <[i64; 0]>::default());
        assert_eq!(about(rules, "bol").hidden, [ListingId::new(17)]);
    }

    #[test]
    fn shops_and_categories_are_raised_and_lowered() {
        let ruled = about("bol: raise category 4\nbol: lower shop 3 4\nbol: raise listing 9", "bols");
        assert_eq!(ruled.raised, [Favoured::Category(CategoryId::new(4)), Favoured::Listing(ListingId::new(9))]);
        assert_eq!(ruled.lowered, [3, 4].map(|shop| Favoured::Shop(SellerId::new(shop))));
    }

    #[test]
    fn a_bad_line_is_named() {
        for (rules, line) in [
            ("bol", 1),
            ("\nbol: push 3", 2),
            ("bol: pin", 1),
            ("bol: pin three", 1),
            ("bol: raise 3", 1),
            ("bol: raise shop", 1),
            (": pin 3", 1),
            ("bol: pin 1 2 3 4 5 6 7 8 9 10 11 12 13", 1),
        ] {
            assert_eq!(Rules::parse(rules).err().map(|error| error.line), Some(line), "{rules:?}");
        }
    }
}
