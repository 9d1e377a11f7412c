//! What a query asks for: its words as units, each of which may be met in several ways.
//!
//! A first look takes the words as they were typed, with what the shop's people call synonyms and words that are also
//! written as one ("head set", "headset"). When that finds little, a second, lenient look also takes words that may have
//! been meant: the last word as a beginning, others with typos or a lost blank. When even that finds nothing at all,
//! `guesses.rs` takes anything that looks like a word. Each way is worth less than the one before it: see [`MetBy`].

use std::collections::HashMap;

use tantivy::Score;
use tantivy::tokenizer::TextAnalyzer;

use super::SearchText;
use super::guesses::guesses;
use super::synonyms::{Keys, Phrase, Synonyms};
use super::vocabulary::{KnownWord, Vocabulary};
use crate::analysis::{PLAIN, analyse_word};

/// A word of so many letters may have one typo; below, nearly every word is one letter from another.
const LETTERS_FOR_ONE_TYPO: usize = 5;
/// A word of so many letters may have two.
const LETTERS_FOR_TWO_TYPOS: usize = 9;
/// Nobody means another word of more letters; looking for one would cost more with each.
pub(super) const LONGEST_GUESSED: usize = 40;
/// The shortest beginning that is completed.
const LETTERS_TO_COMPLETE: usize = 2;

/// A known word is only taken for a mistake when another one is so many times as common.
const MISTAKEN_IF_RARER: u64 = 10;
/// A word in so many listings is what was meant.
const SURELY_MEANT: u64 = 100;

/// Articles and prepositions. They may be missing from a listing when the query has other words; they are kept in the
/// index, and asked for when there is nothing else. No single letter that is a size may ever stand here.
const LIGHT_WORDS: [&str; 34] = [
    "le", "la", "les", "un", "une", "des", "de", "du", "en", "et", "ou", "pour", "avec", "sans", "sur", "par", "dans",
    "a", "au", "aux", "the", "an", "of", "for", "and", "with", "in", "on", "to", "by", "or", "from", "à", "où",
];

/// Whether a folded word carries so little that a listing may lack it.
pub(super) fn is_light(word: &str) -> bool {
    LIGHT_WORDS.contains(&word)
}

/// One thing that a listing should have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    /// The words as they were typed.
    pub exact: Vec<String>,
    /// What else will do.
    pub others: Vec<Way>,
}

/// Another way to meet a unit: all of the words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    pub words: Vec<String>,
    pub how: MetBy,
    /// Its words count as at least this common, so that a rare guess does not outweigh a common one.
    pub frequency: u64,
}

/// How something else comes to stand for what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetBy {
    /// The shop's people say that it means the same.
    Synonym,
    /// Two words are also known as one.
    Joined,
    /// The word is two known ones without the blank between them.
    Split,
    /// The word is the beginning of a longer one.
    Unfinished,
    /// One letter is wrong, missing or too much, or two have changed places.
    OneTypo,
    /// Two such mistakes.
    TwoTypos,
    /// It looks like it, and nothing else was found.
    Guess,
}

impl Way {
    /// What it is worth, where the exact words are worth 1.
    pub const fn worth(&self) -> Score {
        match self.how {
            MetBy::Synonym => 0.9,
            MetBy::Split => 0.7,
            MetBy::OneTypo => 0.6,
            MetBy::Joined | MetBy::Unfinished => 0.5,
            MetBy::TwoTypos => 0.2,
            MetBy::Guess => 0.1,
        }
    }

    /// Whether this is probably what was meant instead of what was typed.
    const fn is_correction(&self) -> bool {
        matches!(self.how, MetBy::Split | MetBy::OneTypo | MetBy::TwoTypos)
    }

    /// Ways by one word each, as common as the commonest of them.
    pub fn each_of(words: Vec<KnownWord>, how: MetBy) -> impl Iterator<Item = Self> {
        let frequency = words.first().map_or(0, |commonest| commonest.frequency);
        words.into_iter().map(move |known| Self { words: vec![known.word], how, frequency })
    }
}

/// How much is taken for what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leniency {
    /// Only what was typed.
    Exact,
    /// Also what may have been meant.
    Lenient,
    /// Anything that looks like it.
    Guessing,
}

/// A query, understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Asked {
    pub units: Vec<Unit>,
    /// Words that are probably mistakes, with what was probably meant.
    pub corrections: HashMap<String, String>,
}

impl Asked {
    /// Every word that a listing may have been found by.
    pub fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for unit in &self.units {
            let others = unit.others.iter().flat_map(|way| &way.words);
            words.extend(unit.exact.iter().chain(others).cloned());
        }
        words.sort_unstable();
        words.dedup();
        words
    }

    /// The query with its probable mistakes put right; nothing when there are none.
    pub fn corrected(&self, text: &SearchText) -> Option<String> {
        let right = |word: &String| self.corrections.get(word).unwrap_or(word).clone();
        let words: Vec<String> = text.words().iter().map(right).collect();
        (!self.corrections.is_empty()).then(|| words.join(" "))
    }
}

/// The words that must be found: all but the light ones, unless there are only such.
pub(super) fn heavy_words(text: &SearchText) -> Vec<String> {
    let heavy: Vec<String> = text.words().iter().filter(|word| !is_light(word)).cloned().collect();
    if heavy.is_empty() { text.words().to_vec() } else { heavy }
}

/// Understands words in the vocabulary of an index.
pub(super) struct Reading<'a> {
    vocabulary: Vocabulary<'a>,
    synonyms: &'a Synonyms,
    leniency: Leniency,
    plain: Option<TextAnalyzer>,
    keys: Keys,
}

impl<'a> Reading<'a> {
    pub fn new(vocabulary: Vocabulary<'a>, synonyms: &'a Synonyms, leniency: Leniency) -> Self {
        let analyses = vocabulary.analyses();
        let (plain, keys) = (analyses.get(PLAIN), Keys::new(analyses));
        Self { vocabulary, synonyms, leniency, plain, keys }
    }

    /// Cuts `words` into units.
    pub fn read(&mut self, words: &[String]) -> tantivy::Result<Asked> {
        let mut asked = Asked::default();
        let mut place = 0;
        while place < words.len() {
            let rest = &words[place..];
            let unit = match self.synonyms.at_front_of(rest, &mut self.keys) {
                Some((length, meanings)) => self.synonymous(&rest[..length], meanings)?,
                None => match self.joined(rest)? {
                    Some(unit) => unit,
                    None => self.single(rest)?,
                },
            };
            place += unit.exact.len();
            if let (Some(meant), [word]) = (unit.correction(), unit.exact.as_slice()) {
                asked.corrections.insert(word.clone(), meant.join(" "));
            }
            asked.units.push(unit);
        }
        Ok(asked)
    }

    fn synonymous(&mut self, exact: &[String], meanings: &[Phrase]) -> tantivy::Result<Unit> {
        // A rare synonym is no better a find than the common word that was typed.
        let frequency = match exact {
            [word] => self.folded(word).map_or(Ok(0), |word| self.vocabulary.frequency(&word))?,
            _ => 0,
        };
        let others = meanings.iter().map(|phrase| Way { words: phrase.clone(), how: MetBy::Synonym, frequency });
        Ok(Unit { exact: exact.to_vec(), others: others.collect() })
    }

    /// Two words that are also known as one.
    fn joined(&mut self, words: &[String]) -> tantivy::Result<Option<Unit>> {
        let [one, other, ..] = words else { return Ok(None) };
        let (Some(front), Some(back)) = (self.folded(one), self.folded(other)) else { return Ok(None) };
        let joined = front + &back;
        if self.vocabulary.frequency(&joined)? == 0 {
            return Ok(None);
        }
        let way = Way { words: vec![joined], how: MetBy::Joined, frequency: 0 };
        Ok(Some(Unit { exact: vec![one.clone(), other.clone()], others: vec![way] }))
    }

    fn single(&mut self, words: &[String]) -> tantivy::Result<Unit> {
        let exact = vec![words[0].clone()];
        let folded = match self.leniency {
            Leniency::Exact => None,
            Leniency::Lenient | Leniency::Guessing => self.folded(&words[0]),
        };
        let Some(word) = folded else { return Ok(Unit { exact, others: Vec::new() }) };
        let is_last = words.len() == 1;
        let mut others = self.perhaps_meant(&word, is_last)?;
        // Two halves that no listing has together are no reason not to look further.
        let is_hopeless = others.iter().all(|way| way.how == MetBy::Split);
        if self.leniency == Leniency::Guessing && is_hopeless {
            others.extend(guesses(&self.vocabulary, self.plain.as_mut(), &words[0])?);
        }
        Ok(Unit { exact, others })
    }

    fn perhaps_meant(&self, word: &str, is_last: bool) -> tantivy::Result<Vec<Way>> {
        let frequency = self.vocabulary.frequency(word)?;
        let enough = frequency.saturating_mul(MISTAKEN_IF_RARER).max(1);
        let is_commoner = |known: &KnownWord| known.frequency >= enough;
        let mut ways = Vec::new();
        if frequency >= SURELY_MEANT {
            return Ok(ways);
        }
        let letters = word.chars().count();
        if is_last && letters >= LETTERS_TO_COMPLETE {
            let longer = self.vocabulary.completions(word)?.into_iter().filter(is_commoner).collect();
            ways.extend(Way::each_of(longer, MetBy::Unfinished));
        }
        if !may_have_typos(word) {
            return Ok(ways);
        }
        if let Some((halves, rarer)) = self.vocabulary.halves(word)?.filter(|(_, rarer)| *rarer >= enough) {
            let words = halves.to_vec();
            ways.push(Way { words, how: MetBy::Split, frequency: rarer });
        }
        let mut near = self.vocabulary.near(word, 1)?;
        if near.is_empty() && frequency == 0 {
            // The vocabulary knows words with their endings: the word may stand there in the other number.
            let other_number = word.strip_suffix('s').map_or_else(|| format!("{word}s"), str::to_owned);
            near = self.vocabulary.near(&other_number, 1)?;
        }
        let mut how = MetBy::OneTypo;
        if near.is_empty() && frequency == 0 && letters >= LETTERS_FOR_TWO_TYPOS {
            near = self.vocabulary.near(word, 2)?;
            how = MetBy::TwoTypos;
        }
        near.retain(is_commoner);
        ways.extend(Way::each_of(near, how));
        Ok(ways)
    }

    /// A word without accents, in one piece.
    fn folded(&mut self, word: &str) -> Option<String> {
        let word = analyse_word(self.plain.as_mut()?, word)?;
        Some(word.joined.unwrap_or_else(|| word.parts.concat()))
    }
}

/// Whether a word is long enough to be mistyped rather than another one, and no code.
pub(super) fn may_have_typos(word: &str) -> bool {
    (LETTERS_FOR_ONE_TYPO..=LONGEST_GUESSED).contains(&word.chars().count())
        && !word.contains(|letter: char| letter.is_ascii_digit())
}

impl Unit {
    /// What was probably meant instead: the commonest word a typo away, or the two halves of one that lost its blank.
    fn correction(&self) -> Option<&Vec<String>> {
        self.others.iter().find(|way| way.is_correction()).map(|way| &way.words)
    }
}
