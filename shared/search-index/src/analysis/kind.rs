//! Which words of a title say what kind of thing is offered, so that a search for a monitor finds monitors before
//! monitor stands.
//!
//! In an English title it is the last word of a run of words: before a preposition, a number, a colour, a comma, or the
//! end ("Adjustable Monitor **Stand** for 22 in. Monitors, Black"). In a French title it is what stands before the first
//! preposition or comma ("**Support** d'écran réglable, noir"). A guess by word order, so it only ever adds to a score.

use halles_domain::Language;

use super::title::{TitleWord, TitleWords};

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
pub(crate) fn kinds_of_title(title: &TitleWords<'_>, language: Language) -> String {
    let kinds: Vec<&str> = match language {
        Language::Fr => french_kinds(title).map(|word| title.written(word)).collect(),
        Language::En => english_kinds(title).map(|word| title.written(word)).collect(),
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

fn french_kinds<'a>(title: &'a TitleWords<'_>) -> impl Iterator<Item = &'a TitleWord> {
    let words = &title.words;
    let prepositions = words.iter().position(|word| FRENCH_BREAKS.contains(&word.folded.as_str()));
    let commas = words.windows(2).position(|pair| is_interrupted(title, &pair[0], &pair[1])).map(|last| last + 1);
    let end = prepositions.into_iter().chain(commas).min().unwrap_or(words.len());
    words[..end].iter()
}

fn english_kinds<'a>(title: &'a TitleWords<'_>) -> impl Iterator<Item = &'a TitleWord> {
    let ends_a_run = |place: usize, word: &TitleWord| {
        let Some(next) = title.words.get(place + 1) else { return true };
        let is_code = has_digit(&next.folded) || title.written(next).chars().all(char::is_uppercase);
        is_code || !is_english_noun(&next.folded) || is_interrupted(title, word, next)
    };
    let words = title.words.iter().enumerate();
    words.filter(move |(place, word)| is_english_noun(&word.folded) && ends_a_run(*place, word)).map(|(_, word)| word)
}

fn is_english_noun(word: &str) -> bool {
    let is_long = word.chars().nth(1).is_some();
    is_long && !has_digit(word) && !ENGLISH_BREAKS.contains(&word) && !ENGLISH_QUALITIES.contains(&word)
}

fn has_digit(word: &str) -> bool {
    word.contains(|letter: char| letter.is_ascii_digit())
}

/// Whether punctuation between two words ends the thought; hyphens, apostrophes, trade marks and "&" do not.
fn is_interrupted(title: &TitleWords<'_>, word: &TitleWord, next: &TitleWord) -> bool {
    let between = title.between(word, next);
    let ends = |sign: char| !sign.is_whitespace() && !matches!(sign, '\'' | '’' | '®' | '™' | '/' | '&' | '.');
    between != "-" && between.contains(ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::plain;

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
            assert_eq!(kinds_of_title(&TitleWords::of(title, &mut plain()), Language::En), kinds, "{title}");
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
            assert_eq!(kinds_of_title(&TitleWords::of(title, &mut plain()), Language::Fr), kinds, "{title}");
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
