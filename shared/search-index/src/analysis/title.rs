//! The words of a title, found and folded once for all that is made of them.

use tantivy::tokenizer::TextAnalyzer;

/// A title with its words, compounds by their parts.
pub(crate) struct TitleWords<'a> {
    /// The title as it was written.
    pub title: &'a str,
    /// Its words in their order.
    pub words: Vec<TitleWord>,
}

/// A word with its place in the title.
pub(crate) struct TitleWord {
    /// In lower case, without accents.
    pub folded: String,
    /// Where it begins, in bytes.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
}

impl<'a> TitleWords<'a> {
    /// Finds the words of `title` by the analysis of names.
    pub fn of(title: &'a str, plain: &mut TextAnalyzer) -> Self {
        let mut stream = plain.token_stream(title);
        let mut words = Vec::new();
        while let Some(token) = stream.next() {
            if token.position_length == 1 {
                words.push(TitleWord { folded: token.text.clone(), from: token.offset_from, to: token.offset_to });
            }
        }
        Self { title, words }
    }

    /// A word as it was written.
    pub fn written(&self, word: &TitleWord) -> &'a str {
        &self.title[word.from..word.to]
    }

    /// What stands between a word and a later one.
    pub fn between(&self, word: &TitleWord, later: &TitleWord) -> &'a str {
        &self.title[word.to..later.from]
    }
}
