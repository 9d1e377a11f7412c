//! Marks in a listing's texts the words that it was found by.
//!
//! Works on the texts as they are shown, with the analysis that the index was built with: whatever form of a word finds a
//! listing is marked in it, and nothing else. Marks are ranges of bytes, so the text itself is never touched, and escaping
//! it is left to whoever shows it.

use std::collections::HashSet;
use std::ops::Range;

use halles_domain::Language;
use tantivy::tokenizer::TextAnalyzer;

use crate::analysis::{analyse_word, analysis_of};

/// How much of a long text is looked at; a snippet from its end would tell little about it anyway.
const LOOKED_AT_BYTES: usize = 2_000;

/// What a snippet shows before its first mark: enough words to understand it.
const CHARS_BEFORE: usize = 40;

/// Marks the words of one search.
pub struct Highlighter {
    french: Marker,
    english: Marker,
}

/// A piece of a longer text, with marks in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, on one line, with "…" where something was left out.
    pub text: String,
    /// The marked words.
    pub marks: Vec<Range<usize>>,
}

impl Highlighter {
    /// For the words that the hits were found by.
    pub fn new(words: &[String]) -> Self {
        Self { french: Marker::new(Language::Fr, words), english: Marker::new(Language::En, words) }
    }

    /// The words to be marked in a text of this language, from left to right.
    pub fn marks(&mut self, text: &str, language: Language) -> Vec<Range<usize>> {
        self.of(language).marks(text).into_iter().map(|mark| mark.range).collect()
    }

    /// The piece of `text` that has the most different words, if it has any that `title` lacks.
    pub fn snippet(&mut self, text: &str, title: &str, language: Language, max_chars: usize) -> Option<Snippet> {
        let marker = self.of(language);
        let in_title: HashSet<String> = marker.marks(title).into_iter().map(|mark| mark.term).collect();
        let text = beginning_of(text, LOOKED_AT_BYTES);
        let marks = marker.marks(text);
        if marks.iter().all(|mark| in_title.contains(&mark.term)) {
            return None;
        }
        let snippet = cut(text, &marks, best_window(text, &marks, max_chars));
        // A word longer than the whole snippet cannot be shown.
        Some(snippet).filter(|snippet| !snippet.marks.is_empty())
    }

    fn of(&mut self, language: Language) -> &mut Marker {
        match language {
            Language::Fr => &mut self.french,
            Language::En => &mut self.english,
        }
    }
}

/// Marks words in texts of one language.
struct Marker {
    analysis: TextAnalyzer,
    terms: HashSet<String>,
}

struct Mark {
    range: Range<usize>,
    term: String,
}

impl Marker {
    fn new(language: Language, words: &[String]) -> Self {
        let mut analysis = analysis_of(language);
        let analysed: Vec<_> = words.iter().filter_map(|word| analyse_word(&mut analysis, word)).collect();
        let terms = analysed.into_iter().flat_map(|word| word.parts.into_iter().chain(word.joined)).collect();
        Self { analysis, terms }
    }

    fn marks(&mut self, text: &str) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        let mut stream = self.analysis.token_stream(text);
        while let Some(token) = stream.next() {
            if !self.terms.contains(&token.text) {
                continue;
            }
            let range = token.offset_from..token.offset_to;
            match marks.last_mut() {
                // A compound and its parts overlap; the longer one is marked.
                Some(last) if range.start < last.range.end => last.range.end = last.range.end.max(range.end),
                _ => marks.push(Mark { range, term: token.text.clone() }),
            }
        }
        marks
    }
}

fn beginning_of(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

/// Where the most different marked words stand together.
fn best_window(text: &str, marks: &[Mark], max_chars: usize) -> Range<usize> {
    let windows = marks.iter().map(|first| {
        let start = word_start(text, back(text, first.range.start, CHARS_BEFORE));
        start..word_end(text, on(text, start, max_chars)).max(start)
    });
    let different = |window: &Range<usize>| {
        let inside = marks.iter().filter(|mark| window.start <= mark.range.start && mark.range.end <= window.end);
        inside.map(|mark| mark.term.as_str()).collect::<HashSet<_>>().len()
    };
    // Of equals the first.
    windows.rev().max_by_key(different).unwrap_or_default()
}

fn cut(text: &str, marks: &[Mark], window: Range<usize>) -> Snippet {
    let mut snippet = String::from(if window.start > 0 { "… " } else { "" });
    let mut kept = Vec::new();
    let inside = marks.iter().filter(|mark| window.start <= mark.range.start && mark.range.end <= window.end);
    let mut at = window.start;
    for mark in inside {
        push_on_one_line(&mut snippet, &text[at..mark.range.start]);
        let start = snippet.len();
        snippet.push_str(&text[mark.range.clone()]);
        kept.push(start..snippet.len());
        at = mark.range.end;
    }
    push_on_one_line(&mut snippet, &text[at..window.end]);
    snippet.truncate(snippet.trim_end().len());
    if window.end < text.trim_end().len() {
        snippet.push_str(" …");
    }
    Snippet { text: snippet, marks: kept }
}

/// Every run of blanks and line breaks becomes one blank.
fn push_on_one_line(line: &mut String, text: &str) {
    for letter in text.chars() {
        match letter.is_whitespace() {
            true if line.is_empty() || line.ends_with(' ') => {}
            true => line.push(' '),
            false => line.push(letter),
        }
    }
}

/// So many characters before `from`.
fn back(text: &str, from: usize, chars: usize) -> usize {
    text[..from].char_indices().rev().take(chars).last().map_or(from, |(place, _)| place)
}

/// So many characters behind `from`.
fn on(text: &str, from: usize, chars: usize) -> usize {
    text[from..].char_indices().nth(chars).map_or(text.len(), |(place, _)| from + place)
}

/// Where the first whole word begins from here on.
fn word_start(text: &str, from: usize) -> usize {
    if from == 0 || text[..from].ends_with(char::is_whitespace) {
        return from;
    }
    text[from..].find(char::is_whitespace).map_or(from, |blank| from + blank + 1)
}

/// Where the last whole word ends up to here.
fn word_end(text: &str, to: usize) -> usize {
    if to == text.len() {
        return to;
    }
    text[..to].rfind(char::is_whitespace).unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn highlighter(words: &[&str]) -> Highlighter {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Highlighter::new(&words)
    }

    fn marked(words: &[&str], text: &str, language: Language) -> Vec<String> {
        let marks = highlighter(words).marks(text, language);
        marks.into_iter().map(|mark| text[mark].to_owned()).collect()
    }

    #[test]
    fn every_form_of_a_word_is_marked() {
        assert_eq!(marked(&["bols", "emaille"], "Bol émaillé, bols, bolide", Language::Fr), ["Bol", "émaillé", "bols"]);
        assert_eq!(marked(&["tshirt"], "Un t-shirt brodé", Language::Fr), ["t-shirt"]);
        assert_eq!(marked(&["ete"], "Théière d'été", Language::Fr), ["été"]);
        assert_eq!(marked(&["mitten"], "Knitted mittens", Language::En), ["mittens"]);
        assert!(marked(&[], "Bol", Language::Fr).is_empty());
    }

    #[test]
    fn a_snippet_shows_the_words_that_the_title_lacks() {
        let text =
            "Tourné à la main dans notre atelier.\n\nÉmail bleu, cuit au four à bois, puis poli longuement à l'agate.";
        let snippet = highlighter(&["bol", "bleu", "agate"]).snippet(text, "Bol", Language::Fr, 60);
        let snippet = snippet.expect("a snippet");
        assert_eq!(snippet.text, "… à la main dans notre atelier. Émail bleu, cuit au four à …");
        let marks: Vec<&str> = snippet.marks.iter().map(|mark| &snippet.text[mark.clone()]).collect();
        assert_eq!(marks, ["bleu"]);
        assert_eq!(highlighter(&["bol"]).snippet("Un bol.", "Bol", Language::Fr, 60), None, "the title says it");
        assert_eq!(highlighter(&["bol"]).snippet("", "Tasse", Language::Fr, 60), None);
    }

    #[test]
    fn the_place_with_the_most_words_is_shown() {
        let text = format!("Du grès. {} Du grès bleu.", "Longue histoire. ".repeat(10));
        let snippet = highlighter(&["gres", "bleu"]).snippet(&text, "Bol", Language::Fr, 60).expect("a snippet");
        assert!(snippet.text.ends_with("Du grès bleu."), "{snippet:?}");
        assert_eq!(snippet.marks.len(), 2);
    }

    proptest! {
        #[test]
        fn marks_are_words_of_any_text(
            text in "(bol|BOLS|grès|é|<b>|&|\\PC| |\n|-|'){0,60}",
            words in proptest::collection::vec("bol|gres|t-shirt|\\PC{1,3}", 0..4),
            max_chars in 1_usize..50,
        ) {
            let mut highlighter = Highlighter::new(&words);
            let mut end = 0;
            for mark in highlighter.marks(&text, Language::Fr) {
                prop_assert!(mark.start >= end && !text[mark.clone()].is_empty());
                end = mark.end;
            }
            if let Some(snippet) = highlighter.snippet(&text, "", Language::Fr, max_chars) {
                prop_assert!(snippet.text.chars().count() <= max_chars + 2 * "… ".chars().count());
                for mark in snippet.marks {
                    prop_assert!(!snippet.text[mark].is_empty());
                }
            }
        }
    }
}
