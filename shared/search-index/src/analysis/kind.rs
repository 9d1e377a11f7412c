//! Which words of a title say what kind of thing is offered, so that a search for a monitor finds monitors before
//! monitor stands.
//!
//! In an English title it is the last word of a run of words: before a preposition, a number, a colour, a comma, or the
//! end ("Adjustable Monitor **Stand** for 22 in. Monitors, Black"). In a French title it is what stands before the first
//! preposition or comma ("**Support** d'écran réglable, noir"). A guess by word order, so it only ever adds to a score.

use halles_domain::Language;
use tantivy::tokenizer::{TokenStream as _, Tokenizer as _};

use super::words::Words;

/// After these an English title says what the thing is for, made of or sold with.
const ENGLISH_BREAKS: [&str; 17] =
    ["a", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "w", "with", "without", "x"];

/// What stands after an English noun without being one.
const ENGLISH_QUALITIES: [&str; 27] = [
    "assorted",
    "beige",
    "black",
    "blue",
    "brown",
    "clear",
    "gold",
    "gray",
    "green",
    "grey",
    "inch",
    "large",
    "medium",
    "multicolor",
    "natural",
    "orange",
    "original",
    "pack",
    "pink",
    "purple",
    "red",
    "set",
    "silver",
    "small",
    "white",
    "xl",
    "yellow",
];

/// After these a French title says what the thing is for, made of or sold with.
const FRENCH_BREAKS: [&str; 21] = [
    "a", "à", "au", "aux", "avec", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par",
    "pour", "sans", "sur",
];

/// The words of a title that say what kind of thing it is, as a text to be analysed like the title.
pub(crate) fn kinds_of_title(title: &str, language: Language) -> String {
    let words = words_of(title);
    let kinds: Vec<&str> = match language {
        Language::Fr => french_kinds(title, &words).collect(),
        Language::En => english_kinds(title, &words).collect(),
    };
    kinds.join(" ")
}

/// The place of the word that says what kind of thing a query is after.
pub(crate) fn kind_of_query(words: &[&str], language: Language) -> Option<usize> {
    if language == Language::Fr {
        return words.iter().position(|word| !FRENCH_BREAKS.contains(word) && !has_digit(word));
    }
    let is_break = |word: &&str| ENGLISH_BREAKS.contains(word);
    let end = words.iter().position(is_break).filter(|end| *end > 0).unwrap_or(words.len());
    words[..end].iter().rposition(|word| is_english_noun(word))
}

/// A word with its place in the title.
struct Word<'a> {
    text: &'a str,
    from: usize,
    to: usize,
}

fn words_of(title: &str) -> Vec<Word<'_>> {
    let mut tokenizer = Words::default();
    let mut stream = tokenizer.token_stream(title);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        if token.position_length == 1 {
            let (from, to) = (token.offset_from, token.offset_to);
            words.push(Word { text: &title[from..to], from, to });
        }
    }
    words
}

fn french_kinds<'a>(title: &'a str, words: &'a [Word<'a>]) -> impl Iterator<Item = &'a str> {
    let is_break = |word: &Word<'_>| FRENCH_BREAKS.contains(&word.text.to_lowercase().as_str());
    let prepositions = words.iter().position(is_break);
    let commas = words.windows(2).position(|pair| is_interrupted(title, &pair[0], &pair[1])).map(|last| last + 1);
    let end = prepositions.into_iter().chain(commas).min().unwrap_or(words.len());
    words[..end].iter().map(|word| word.text)
}

fn english_kinds<'a>(title: &'a str, words: &'a [Word<'a>]) -> impl Iterator<Item = &'a str> {
    let ends_a_run = |(place, word): &(usize, &Word<'_>)| {
        let Some(next) = words.get(place + 1) else { return true };
        let is_code = has_digit(next.text) || next.text.chars().all(char::is_uppercase);
        is_code || !is_english_noun(&next.text.to_lowercase()) || is_interrupted(title, word, next)
    };
    let is_noun = |word: &Word<'_>| is_english_noun(&word.text.to_lowercase());
    words
        .iter()
        .enumerate()
        .filter(ends_a_run)
        .map(|(_, word)| word)
        .filter(move |word| is_noun(word))
        .map(|word| word.text)
}

fn is_english_noun(word: &str) -> bool {
    let is_long = word.chars().nth(1).is_some();
    is_long && !has_digit(word) && !ENGLISH_BREAKS.contains(&word) && !ENGLISH_QUALITIES.contains(&word)
}

fn has_digit(word: &str) -> bool {
    word.contains(|letter: char| letter.is_ascii_digit())
}

/// Whether punctuation between two words ends the thought; hyphens, apostrophes, trade marks and "&" do not.
fn is_interrupted(title: &str, word: &Word<'_>, next: &Word<'_>) -> bool {
    let between = &title[word.to..next.from];
    let ends = |sign: char| !sign.is_whitespace() && !matches!(sign, '\'' | '’' | '®' | '™' | '/' | '&' | '.');
    between != "-" && between.contains(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_english_kind_ends_its_run_of_words() {
        for (title, kinds) in [
            ("Adjustable Monitor Stand", "Stand"),
            ("LCD Monitor 22 in. Black", "Monitor"),
            ("Phone Case for iPhone XR, Wireless Charger", "Case iPhone XR Charger"),
            ("Keyboard USB", "Keyboard USB"),
            ("T-shirt White", "shirt"),
            ("", ""),
        ] {
            assert_eq!(kinds_of_title(title, Language::En), kinds, "{title}");
        }
    }

    #[test]
    fn a_french_kind_comes_first() {
        for (title, kinds) in [
            ("Bague en argent", "Bague"),
            ("Table basse ronde, chêne massif", "Table basse ronde"),
            ("Housse d'ordinateur", "Housse"),
            ("Étui pour téléphone", "Étui"),
            ("De l'eau", ""),
        ] {
            assert_eq!(kinds_of_title(title, Language::Fr), kinds, "{title}");
        }
    }

    #[test]
    fn queries_name_a_kind_too() {
        let kind = |text: &str, language| {
            let words: Vec<&str> = text.split(' ').collect();
            kind_of_query(&words, language).map(|place| words[place].to_owned())
        };
        assert_eq!(kind("dresses for women", Language::En).as_deref(), Some("dresses"));
        assert_eq!(kind("16 gb memory card", Language::En).as_deref(), Some("card"));
        assert_eq!(kind("for women", Language::En).as_deref(), Some("women"));
        assert_eq!(kind("18x18", Language::En), None);
        assert_eq!(kind("bague en argent", Language::Fr).as_deref(), Some("bague"));
    }
}
