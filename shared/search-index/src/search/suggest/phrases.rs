//! The phrases of a title: what somebody who looks for such a thing might type.
//!
//! Each word that carries meaning, each two of them that follow each other, and the first three, as far as no punctuation
//! stands between: "Bague en argent martelé" has "bague", "bague en argent", "bague en argent martelé", "argent" and so
//! on. Little words stay inside a phrase and never begin or end one.
//!
//! A phrase is one term of the index: its words folded, to be compared with what is typed, then its spelling, to be
//! shown. The dictionary of these terms, in order and with their frequencies, is what suggestions are read from.

use crate::analysis::{TitleWord, TitleWords};
use crate::search::asked::is_light;

/// Between the folded words and the spelling; sorts before every letter, so that a phrase comes before its continuations.
const SEPARATOR: char = '\u{1f}';

/// How many words of a title begin a phrase; what a long title says in its end is no name for the thing.
const MAX_FIRST_WORDS: usize = 8;
/// How many words that carry meaning a phrase has, at the front of the title and elsewhere.
const MAX_WORDS_IN_FRONT: usize = 3;
const MAX_WORDS: usize = 2;
/// A word alone must have so many letters to be worth suggesting.
const SHORTEST_WORD: usize = 3;
/// Nobody reads a longer suggestion.
const MAX_BYTES: usize = 60;

/// The phrases of a title, as terms.
pub(crate) fn phrases_of(title: &TitleWords<'_>) -> Vec<String> {
    let words = &title.words;
    let heavy: Vec<usize> = (0..words.len()).filter(|place| !is_light(&words[*place].folded)).collect();
    let mut phrases = Vec::new();
    for (nth, first) in heavy.iter().enumerate().take(MAX_FIRST_WORDS) {
        let longest = if nth == 0 { MAX_WORDS_IN_FRONT } else { MAX_WORDS };
        for last in heavy[nth..].iter().take(longest) {
            let phrase = &words[*first..=*last];
            if is_interrupted(title, phrase) {
                break;
            }
            phrases.extend(as_term(title, phrase).filter(|term| !phrases.contains(term)));
        }
    }
    phrases
}

/// A term's folded words and its spelling.
pub(super) fn parts_of(term: &str) -> Option<(&str, &str)> {
    term.split_once(SEPARATOR)
}

fn as_term(title: &TitleWords<'_>, words: &[TitleWord]) -> Option<String> {
    let (first, last) = (words.first()?, words.last()?);
    let is_telling = match words {
        [word] => word.folded.chars().count() >= SHORTEST_WORD && word.folded.contains(char::is_alphabetic),
        _ => true,
    };
    if !is_telling {
        return None;
    }
    let shown = title.title[first.from..last.to].to_lowercase();
    if shown.len() > MAX_BYTES {
        return None;
    }
    let mut term = String::with_capacity(2 * shown.len() + words.len());
    for word in words {
        if !term.is_empty() {
            term.push(' ');
        }
        term.push_str(&word.folded);
    }
    term.push(SEPARATOR);
    term.push_str(&shown);
    Some(term)
}

/// Whether anything but blanks, hyphens and elided articles stands between two of the words.
fn is_interrupted(title: &TitleWords<'_>, words: &[TitleWord]) -> bool {
    let joins = |sign: char| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '\'' | '’');
    words.windows(2).any(|pair| {
        let between = title.between(&pair[0], &pair[1]);
        between != " " && (between.contains(" -") || !between.chars().all(joins))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::plain;

    fn terms(title: &str) -> Vec<String> {
        phrases_of(&TitleWords::of(title, &mut plain()))
    }

    fn shown(title: &str) -> Vec<String> {
        terms(title).iter().filter_map(|term| Some(parts_of(term)?.1.to_owned())).collect()
    }

    #[test]
    fn little_words_stay_inside() {
        assert_eq!(
            shown("Bague en argent martelé"),
            ["bague", "bague en argent", "bague en argent martelé", "argent", "argent martelé", "martelé"]
        );
        assert_eq!(shown("Housse d'ordinateur pour lui")[..2], ["housse", "housse d'ordinateur"]);
    }

    #[test]
    fn punctuation_ends_a_phrase() {
        assert_eq!(shown("Bol - bleu, grès"), ["bol", "bleu", "grès"]);
    }

    #[test]
    fn sizes_and_numbers_do_not_stand_alone() {
        assert_eq!(shown("Pull S 38"), ["pull", "pull s", "pull s 38", "s 38"]);
    }

    #[test]
    fn a_term_begins_with_its_folded_words() {
        assert_eq!(terms("Œuvre D’Été")[0], "oeuvre\u{1f}œuvre");
        assert_eq!(terms("Œuvre D’Été")[1], "oeuvre ete\u{1f}œuvre d’été");
    }

    #[test]
    fn a_long_title_has_a_bounded_number_of_phrases() {
        let title: String = (0..150).map(|number| format!("mot{number} ")).collect();
        assert_eq!(terms(&title).len(), MAX_FIRST_WORDS * MAX_WORDS + 1);
    }
}
