//! English plurals that no rule makes.
//!
//! Works on folded lower-case words, before the stemmer, which knows only the regular endings: "shelves" finds "shelf".
//! Only names of things: "women" says whom a thing is for, and hardly any listing says "woman" for that.

use tantivy::tokenizer::{Token, TokenFilter, TokenStream, Tokenizer};

/// The filter that puts an irregular plural into its singular.
#[derive(Clone)]
pub(super) struct Singular;

impl TokenFilter for Singular {
    type Tokenizer<T: Tokenizer> = SingularTokenizer<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> SingularTokenizer<T> {
        SingularTokenizer(tokenizer)
    }
}

#[derive(Clone)]
pub(super) struct SingularTokenizer<T>(T);

impl<T: Tokenizer> Tokenizer for SingularTokenizer<T> {
    type TokenStream<'a> = SingularStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        SingularStream(self.0.token_stream(text))
    }
}

pub(super) struct SingularStream<T>(T);

impl<T: TokenStream> TokenStream for SingularStream<T> {
    fn advance(&mut self) -> bool {
        if !self.0.advance() {
            return false;
        }
        let word = &mut self.0.token_mut().text;
        if let Ok(place) = IRREGULAR.binary_search_by(|(plural, _)| (*plural).cmp(word.as_str())) {
            word.clear();
            word.push_str(IRREGULAR[place].1);
        }
        true
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

/// Plurals with their singulars, in order.
const IRREGULAR: [(&str, &str); 16] = [
    ("calves", "calf"),
    ("elves", "elf"),
    ("feet", "foot"),
    ("geese", "goose"),
    ("halves", "half"),
    ("hooves", "hoof"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("loaves", "loaf"),
    ("mice", "mouse"),
    ("scarves", "scarf"),
    ("sheaves", "sheaf"),
    ("shelves", "shelf"),
    ("teeth", "tooth"),
    ("wharves", "wharf"),
    ("wolves", "wolf"),
];

#[cfg(test)]
mod tests {
    use super::IRREGULAR;

    #[test]
    fn the_plurals_stand_in_order() {
        assert!(IRREGULAR.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}
