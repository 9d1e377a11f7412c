//! Where words begin and end.
//!
//! A word is a run of letters and digits. Runs held together by apostrophes or hyphens make a compound, and so do
//! fractions ("3/4"), decimals ("1,5") and measures ("18x18", "500gb", which is also found as "500 gb"):
//! - an elided article or pronoun is dropped ("l'été" is "été"), and so is an English possessive ("men's" is "men");
//!   otherwise "l'été" would offer the size L;
//! - what remains of a compound is found by its parts and as one word ("t-shirt" is "t", "shirt" and "tshirt").
//!
//! Loose combining accents belong to the word and leave no trace, so decomposed text reads like composed text.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Finds words in text.
#[derive(Clone, Default)]
pub(super) struct Words {
    pieces: Vec<Piece>,
    token: Token,
}

/// What stands before an apostrophe when a vowel follows, in French.
const ELIDED: [&str; 13] = ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];

/// What is measured in, after a number without a blank.
const UNITS: [&str; 44] = [
    "ah", "cl", "cm", "dl", "ft", "g", "gal", "gb", "ghz", "go", "hz", "in", "inch", "inches", "kb", "kg", "km", "kw",
    "l", "lb", "lbs", "m", "mah", "mb", "mg", "mhz", "mil", "ml", "mm", "mo", "mp", "oz", "pc", "pcs", "pk", "po",
    "qt", "sq", "tb", "to", "v", "w", "wh", "yd",
];

/// Longer chains of hyphens are dates, part numbers or drawings; only their parts are terms.
const MAX_JOINED_PARTS: usize = 4;

/// A term-to-be: a range of the text and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    from: usize,
    to: usize,
    position: usize,
    position_length: usize,
}

/// A run of letters and digits within a compound.
#[derive(Debug, Clone, Copy)]
struct Run {
    from: usize,
    to: usize,
    /// Whether an apostrophe stands right before it.
    after_apostrophe: bool,
    /// Whether an apostrophe, and then another run, follows.
    before_apostrophe: bool,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        self.pieces.clear();
        cut(text, &mut self.pieces);
        WordStream { text, pieces: self.pieces.iter(), token: &mut self.token }
    }
}

/// The words of one text.
pub(super) struct WordStream<'a> {
    text: &'a str,
    pieces: std::slice::Iter<'a, Piece>,
    token: &'a mut Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(piece) = self.pieces.next() else { return false };
        self.token.text.clear();
        self.token.text.extend(self.text[piece.from..piece.to].chars().filter_map(kept));
        self.token.offset_from = piece.from;
        self.token.offset_to = piece.to;
        self.token.position = piece.position;
        self.token.position_length = piece.position_length;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// The words of a query, compounds in one piece, so that each can be asked for by itself.
pub(crate) fn query_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    each_compound(text, |runs| {
        words.extend(runs.first().zip(runs.last()).map(|(first, last)| &text[first.from..last.to]))
    });
    words
}

fn cut(text: &str, pieces: &mut Vec<Piece>) {
    let mut position = 0;
    each_compound(text, |compound| place(text, compound, &mut position, pieces));
}

/// Hands over the runs that are held together, a compound after the other, all in the same memory: this is asked for every
/// word of every listing.
fn each_compound(text: &str, mut finish: impl FnMut(&mut Vec<Run>)) {
    let (mut compound, mut parts) = (Vec::new(), Vec::new());
    for run in Runs::new(text) {
        cut_measure(text, run, &mut parts);
        for run in parts.drain(..) {
            match compound.last_mut() {
                Some(last) if are_joined(text, last, &run) => {
                    let after_apostrophe = text[..run.from].ends_with(is_apostrophe);
                    last.before_apostrophe = after_apostrophe;
                    compound.push(Run { after_apostrophe, ..run });
                }
                Some(_) => {
                    finish(&mut compound);
                    compound.clear();
                    compound.push(run);
                }
                None => compound.push(run),
            }
        }
    }
    if !compound.is_empty() {
        finish(&mut compound);
    }
}

/// Cuts "500gb" and "18x18" where the number ends; anything else stays in one piece, so that "dv7" does.
fn cut_measure(text: &str, run: Run, parts: &mut Vec<Run>) {
    let word = &text[run.from..run.to];
    let is_digit = |letter: char| letter.is_ascii_digit();
    let digits = word.find(|letter| !is_digit(letter)).unwrap_or(word.len());
    let part = |from: usize, to: usize| Run { from: run.from + from, to: run.from + to, ..run };
    if digits == 0 || digits == word.len() {
        return parts.push(run);
    }
    let rest = &word[digits..];
    if UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(rest)) {
        return parts.extend([part(0, digits), part(digits, word.len())]);
    }
    let sides: Vec<&str> = word.split(['x', 'X']).collect();
    if sides.iter().any(|side| side.is_empty() || !side.chars().all(is_digit)) {
        return parts.push(run);
    }
    let mut from = 0;
    for side in sides {
        parts.push(part(from, from + side.len()));
        from += side.len() + "x".len();
    }
}

/// Turns a finished compound into pieces.
fn place(text: &str, compound: &mut Vec<Run>, position: &mut usize, pieces: &mut Vec<Piece>) {
    if compound.len() > 1 {
        compound.retain(|run| !is_dropped(&text[run.from..run.to], run));
    }
    let is_joined = (2..=MAX_JOINED_PARTS).contains(&compound.len());
    for (index, run) in compound.iter().enumerate() {
        pieces.push(Piece { from: run.from, to: run.to, position: *position + index, position_length: 1 });
        if let (0, true, Some(last)) = (index, is_joined, compound.last()) {
            pieces.push(Piece { from: run.from, to: last.to, position: *position, position_length: compound.len() });
        }
    }
    *position += compound.len();
}

fn is_dropped(word: &str, run: &Run) -> bool {
    let is_elided = run.before_apostrophe && ELIDED.iter().any(|elided| elided.eq_ignore_ascii_case(word));
    let is_possessive = run.after_apostrophe && !run.before_apostrophe && word.eq_ignore_ascii_case("s");
    is_elided || is_possessive
}

/// Whether nothing but one joining sign stands between two runs, or nothing at all inside a measure.
fn are_joined(text: &str, run: &Run, next: &Run) -> bool {
    let mut between = text[run.to..next.from].chars();
    match (between.next(), between.next()) {
        (None, _) => true,
        (Some(sign), None) => {
            let are_numbers = text[..run.to].ends_with(|letter: char| letter.is_ascii_digit())
                && text[next.from..].starts_with(|letter: char| letter.is_ascii_digit());
            is_apostrophe(sign) || is_hyphen(sign) || (are_numbers && matches!(sign, '/' | '.' | ',' | 'x' | 'X'))
        }
        _ => false,
    }
}

/// What of a compound stays in the word that it makes as a whole. A decimal comma is a point.
fn kept(letter: char) -> Option<char> {
    match letter {
        '/' | '.' => Some(letter),
        ',' => Some('.'),
        _ => Some(letter).filter(|letter| letter.is_alphanumeric()),
    }
}

const fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | 'ʼ' | '‘' | '`')
}

const fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}' | '\u{2011}')
}

/// Accents that were typed as letters of their own.
const fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// The runs of letters and digits of a text.
struct Runs<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Runs<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let from = self.at + self.text[self.at..].find(char::is_alphanumeric)?;
        let length = self.text[from..].find(|letter: char| !letter.is_alphanumeric() && !is_combining(letter));
        let to = length.map_or(self.text.len(), |length| from + length);
        self.at = to;
        Some(Run { from, to, after_apostrophe: false, before_apostrophe: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, usize)> {
        let mut tokenizer = Words::default();
        let mut stream = tokenizer.token_stream(text);
        let mut words = Vec::new();
        while let Some(token) = stream.next() {
            words.push((token.text.clone(), token.position));
        }
        words
    }

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn elided_words_and_possessives_are_dropped() {
        assert_eq!(texts("L'été, qu’il s'offre d'or"), ["été", "il", "offre", "or"]);
        assert_eq!(texts("men's women’s"), ["men", "women"]);
        assert_eq!(texts("rock'n'roll"), ["rock", "rocknroll", "roll"]);
    }

    #[test]
    fn compounds_keep_their_places() {
        let expected = [("un", 0), ("abat", 1), ("abatjour", 1), ("jour", 2), ("bleu", 3)];
        assert_eq!(words("un abat-jour bleu"), expected.map(|(word, position)| (word.to_owned(), position)));
    }

    #[test]
    fn a_hyphen_or_apostrophe_alone_joins_nothing() {
        assert_eq!(texts("bol - grès -- 20' 'cité' l' s"), ["bol", "grès", "20", "cité", "l", "s"]);
    }

    #[test]
    fn numbers_with_their_units_are_found_either_way() {
        assert_eq!(texts("1/2 in. 1,5 m"), ["1", "1/2", "2", "in", "1", "1.5", "5", "m"]);
        assert_eq!(
            texts("500GB 18x18 T36 dv7 8x 3x4x5"),
            ["500", "500GB", "GB", "18", "18x18", "18", "T36", "dv7", "8x", "3", "3x4x5", "4", "5"]
        );
        assert_eq!(texts("bleu,vert fin.Bol 1, 2"), ["bleu", "vert", "fin", "Bol", "1", "2"]);
    }

    #[test]
    fn a_query_keeps_compounds_in_one_piece() {
        assert_eq!(query_words("'l'été' 3/4 18x18,t-shirt- 500gb"), ["l'été", "3/4", "18x18", "t-shirt", "500gb"]);
    }

    #[test]
    fn long_chains_are_not_joined() {
        assert_eq!(texts("1-2-3-4-5"), ["1", "2", "3", "4", "5"]);
    }
}
