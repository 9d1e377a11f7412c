//! French words without the endings of plural and agreement.
//!
//! Works on folded lower-case words, so that it gives the same stem with and without accents. Deliberately light: "bols"
//! finds "bol" and "vertes" finds "vert", but nothing turns a verb into its noun.

use tantivy::tokenizer::{Token, TokenFilter, TokenStream, Tokenizer};

/// The filter that reduces each French word to its stem.
#[derive(Clone)]
pub(super) struct FrenchStem;

impl TokenFilter for FrenchStem {
    type Tokenizer<T: Tokenizer> = FrenchStemTokenizer<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> FrenchStemTokenizer<T> {
        FrenchStemTokenizer(tokenizer)
    }
}

#[derive(Clone)]
pub(super) struct FrenchStemTokenizer<T>(T);

impl<T: Tokenizer> Tokenizer for FrenchStemTokenizer<T> {
    type TokenStream<'a> = FrenchStemStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        FrenchStemStream(self.0.token_stream(text))
    }
}

pub(super) struct FrenchStemStream<T>(T);

impl<T: TokenStream> TokenStream for FrenchStemStream<T> {
    fn advance(&mut self) -> bool {
        if !self.0.advance() {
            return false;
        }
        stem(&mut self.0.token_mut().text);
        true
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

/// Shorter words are sizes, units and roots.
const SHORTEST_STEMMED: usize = 4;

fn stem(word: &mut String) {
    if word.len() < SHORTEST_STEMMED || !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return;
    }
    cut_plural(word);
    even_out_gender(word);
    // "emaillee" → "emaill" and "tasse" → "tass".
    while word.len() >= SHORTEST_STEMMED && word.ends_with('e') {
        word.pop();
    }
    // "bonne" → "bonn" → "bon", "violette" → "violett" → "violet".
    if word.len() >= SHORTEST_STEMMED && ["ll", "nn", "tt"].iter().any(|double| word.ends_with(double)) {
        word.pop();
    }
}

fn cut_plural(word: &mut String) {
    if word.ends_with("aux") && !word.ends_with("eaux") && word.len() > SHORTEST_STEMMED {
        word.truncate(word.len() - "ux".len());
        word.push('l');
    } else if word.ends_with("ux") || (word.ends_with('s') && !word.ends_with("ss")) {
        word.pop();
    }
}

fn even_out_gender(word: &mut String) {
    const SHORTEST: usize = 6;
    if word.len() < SHORTEST {
        return;
    }
    if word.ends_with("euse") {
        // "heureuse" like "heureux", which has lost its x.
        word.truncate(word.len() - "se".len());
    } else if word.ends_with("ive") {
        word.truncate(word.len() - "ve".len());
        word.push('f');
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    fn stemmed(word: &str) -> String {
        let mut word = word.to_owned();
        stem(&mut word);
        word
    }

    #[test]
    fn forms_of_one_word_meet() {
        for forms in [
            ["bol", "bols"].as_slice(),
            &["emaille", "emaillee", "emaillees", "emailles"],
            &["heureux", "heureuse", "heureuses"],
            &["sportif", "sportive", "sportives"],
            &["bon", "bonne", "bonnes", "bons"],
            &["cheval", "chevaux"],
            &["chapeau", "chapeaux"],
            &["bleu", "bleue", "bleus", "bleues"],
            &["ancien", "anciens", "ancienne"],
            &["rouge", "rouges"],
        ] {
            let stems: Vec<String> = forms.iter().map(|form| stemmed(form)).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{forms:?} became {stems:?}");
        }
    }

    #[test]
    fn short_words_and_codes_stay() {
        for word in ["s", "xl", "os", "bas", "lin", "gt5s", "a4es"] {
            assert_eq!(stemmed(word), word);
        }
    }
}
