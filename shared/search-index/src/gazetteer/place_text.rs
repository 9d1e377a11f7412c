//! A place as people type it: a town, a postcode, or both.

use halles_domain::Invalid;
use tantivy::tokenizer::TextAnalyzer;

use crate::analysis::plain;

/// A town or postcode to be found on the map. Two texts that mean the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PlaceText {
    /// The town's name, folded; empty when only a number was typed.
    pub(crate) name: String,
    /// The postcode, or the department, which is its beginning.
    pub(crate) code: String,
}

impl PlaceText {
    /// The longest text that is accepted; no town's name has half as many letters.
    pub const MAX_CHARS: usize = 100;

    /// Parses what was typed.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        if text.chars().count() > Self::MAX_CHARS {
            return Err(Invalid::new("near", format!("must have at most {} characters", Self::MAX_CHARS)));
        }
        let (codes, names): (Vec<&str>, Vec<&str>) =
            text.split([' ', ',', '(', ')', '\t']).filter(|word| !word.is_empty()).partition(|word| is_code(word));
        Ok(Self {
            name: fold(&names.join(" "), &mut plain()),
            code: codes.first().map(|code| code.to_uppercase()).unwrap_or_default(),
        })
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.name.is_empty() && self.code.is_empty()
    }
}

/// A French postcode or the number of a department.
fn is_code(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let is_corsican = matches!(word, "2A" | "2B" | "2a" | "2b");
    is_corsican || (digits == word.len() && matches!(digits, 2 | 3 | 5))
}

/// A town's name without case, accents, hyphens and articles in front, and with "Saint" written out, as the post's
/// spelling "ST ETIENNE" and the map's "Saint-Étienne" have it.
pub(super) fn fold(name: &str, plain: &mut TextAnalyzer) -> String {
    let mut stream = plain.token_stream(name);
    let mut words: Vec<String> = Vec::new();
    while let Some(token) = stream.next() {
        if token.position_length > 1 {
            continue;
        }
        words.push(match token.text.as_str() {
            "st" => "saint".to_owned(),
            "ste" => "sainte".to_owned(),
            word => word.to_owned(),
        });
    }
    let is_article = |word: &String| matches!(word.as_str(), "le" | "la" | "les" | "l");
    if words.len() > 1 && words.first().is_some_and(is_article) {
        words.remove(0);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_and_postcodes_are_told_apart() {
        for (text, name, code) in [
            ("Saint-Étienne", "saint etienne", ""),
            ("ST ETIENNE", "saint etienne", ""),
            ("42000", "", "42000"),
            ("Saint-Denis (93)", "saint denis", "93"),
            ("saint denis, 97400", "saint denis", "97400"),
            ("Le Havre", "havre", ""),
            ("L’Haÿ-les-Roses", "hay les roses", ""),
            ("L HAY LES ROSES", "hay les roses", ""),
            ("bastia 2b", "bastia", "2B"),
            (" ( ) ", "", ""),
        ] {
            let place = PlaceText::new(text).expect("a place");
            assert_eq!((place.name.as_str(), place.code.as_str()), (name, code), "{text}");
        }
        assert!(PlaceText::new(&"x".repeat(101)).is_err());
    }
}
