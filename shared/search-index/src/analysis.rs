//! How text becomes terms, the same way for listings and for queries.
//!
//! Three analyses share one way to find words (`words.rs`: elision, possessives, compounds) and to fold them (lower
//! case, accents and ligatures off), and differ in how they reduce a word to its stem:
//! - French: plural and agreement only (`french_stem.rs`); a stronger stemmer confuses more than it finds in short titles;
//! - English: Porter's second algorithm;
//! - plain: none, for names of shops, and to know words as people write them.
//!
//! There is no list of words to ignore: it would swallow the sizes S, M and L. Words that carry little are made optional
//! when a query is asked (see `search/asked.rs`).

mod english_singular;
mod french_stem;
mod kind;
mod title;
mod words;

use halles_domain::Language;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language as StemmerLanguage, LowerCaser, RemoveLongFilter, Stemmer, TextAnalyzer,
    TokenizerManager,
};

use english_singular::Singular;
use french_stem::FrenchStem;
use words::Words;

pub(crate) use kind::{kind_of_query, kinds_of_title};
pub(crate) use title::{TitleWord, TitleWords};
pub(crate) use words::query_words;

/// Name of the analysis of French texts, in the schema.
pub(crate) const FRENCH: &str = "halles_fr_1";
/// Name of the analysis of English texts, in the schema.
pub(crate) const ENGLISH: &str = "halles_en_1";
/// Name of the analysis of names, in the schema.
pub(crate) const PLAIN: &str = "halles_plain_1";

/// Longer words are part numbers of whole machines or noise; nobody types them.
const MAX_TERM_BYTES: usize = 64;

/// Every analysis, by name, for the index to use.
pub(crate) fn analyses() -> TokenizerManager {
    // With the engine's own ones for fields that are no texts.
    let analyses = TokenizerManager::default();
    analyses.register(FRENCH, french());
    analyses.register(ENGLISH, english());
    analyses.register(PLAIN, plain());
    analyses
}

/// The analyses of those who read one text after the other: an analysis keeps its memory from text to text.
pub(crate) struct Analysers {
    french: TextAnalyzer,
    english: TextAnalyzer,
    /// The one of names.
    pub plain: TextAnalyzer,
}

impl Analysers {
    /// All of them.
    pub fn new() -> Self {
        Self { french: french(), english: english(), plain: plain() }
    }

    /// The one of texts in `language`.
    pub const fn of(&mut self, language: Language) -> &mut TextAnalyzer {
        match language {
            Language::Fr => &mut self.french,
            Language::En => &mut self.english,
        }
    }
}

/// The analysis of texts in `language`.
pub(crate) fn analysis_of(language: Language) -> TextAnalyzer {
    match language {
        Language::Fr => french(),
        Language::En => english(),
    }
}

fn french() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default())
        .filter(RemoveLongFilter::limit(MAX_TERM_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(FrenchStem)
        .build()
}

fn english() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default())
        .filter(RemoveLongFilter::limit(MAX_TERM_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Singular)
        .filter(Stemmer::new(StemmerLanguage::English))
        .build()
}

/// The analysis of names: no stems.
pub(crate) fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default())
        .filter(RemoveLongFilter::limit(MAX_TERM_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// What a stem is known by where many are kept side by side: 24 bits, of which two of a vocabulary hardly ever share all.
pub(crate) fn stem_number(stem: &str) -> u64 {
    u64::from(crc32fast::hash(stem.as_bytes()) >> 8)
}

/// The stems of a text in their order, compounds by their parts.
pub(crate) fn stem_numbers(text: &str, analysis: &mut TextAnalyzer) -> Vec<u64> {
    let mut stream = analysis.token_stream(text);
    let mut stems = Vec::new();
    while let Some(token) = stream.next() {
        if token.position_length == 1 {
            stems.push(stem_number(&token.text));
        }
    }
    stems
}

/// One word of a query as an index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnalysedWord {
    /// The parts that it is made of; more than one for compounds such as "t-shirt".
    pub parts: Vec<String>,
    /// A compound written as one word ("tshirt").
    pub joined: Option<String>,
}

/// Analyses one word of a query; nothing is left of punctuation.
pub(crate) fn analyse_word(analysis: &mut TextAnalyzer, word: &str) -> Option<AnalysedWord> {
    let mut analysed = AnalysedWord { parts: Vec::new(), joined: None };
    let mut stream = analysis.token_stream(word);
    while let Some(token) = stream.next() {
        if token.position_length > 1 {
            analysed.joined = Some(token.text.clone());
        } else if !analysed.parts.contains(&token.text) {
            analysed.parts.push(token.text.clone());
        }
    }
    (!analysed.parts.is_empty()).then_some(analysed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(analysis: &str, text: &str) -> Vec<String> {
        let mut analyser = analyses().get(analysis).expect("a known analysis");
        let mut stream = analyser.token_stream(text);
        let mut terms = Vec::new();
        while let Some(token) = stream.next() {
            terms.push(token.text.clone());
        }
        terms
    }

    fn assert_same(analysis: &str, one: &str, other: &str) {
        assert_eq!(terms(analysis, one), terms(analysis, other), "{one:?} and {other:?}");
    }

    #[test]
    fn french_elision_and_accents_do_not_matter() {
        for (one, other) in [
            ("l'été", "ete"),
            ("L’ÉTÉ", "Ete"),
            ("d'œuvre", "oeuvre"),
            ("ŒUVRES", "œuvre"),
            ("qu'émaillée", "emaille"),
            ("e\u{301}te\u{301}", "été"),
        ] {
            assert_same(FRENCH, one, other);
        }
    }

    #[test]
    fn plurals_find_singulars() {
        for (one, other) in
            [("bols", "bol"), ("bijoux", "bijou"), ("manteaux", "manteau"), ("animaux", "animal"), ("vertes", "vert")]
        {
            assert_same(FRENCH, one, other);
        }
        for (one, other) in
            [("earrings", "earring"), ("bowls", "bowl"), ("knitted", "knit"), ("shelves", "shelf"), ("men's", "men")]
        {
            assert_same(ENGLISH, one, other);
        }
    }

    #[test]
    fn sizes_survive_in_every_analysis() {
        for analysis in [FRENCH, ENGLISH, PLAIN] {
            assert_eq!(
                terms(analysis, "Tailles: S M L XL, 38").split_off(1),
                ["s", "m", "l", "xl", "38"],
                "{analysis}"
            );
        }
    }

    #[test]
    fn an_elided_article_is_not_a_size() {
        assert_eq!(terms(FRENCH, "l'hiver"), ["hiver"]);
        assert_eq!(terms(FRENCH, "taille L"), ["tail", "l"]);
    }

    #[test]
    fn compounds_are_found_whole_and_in_parts() {
        assert_eq!(terms(FRENCH, "t-shirt"), ["t", "tshirt", "shirt"]);
        assert_eq!(terms(FRENCH, "Porte-monnaie"), ["port", "portemonnai", "monnai"]);
        let mut french = french();
        let word = analyse_word(&mut french, "t-shirts").expect("a word");
        assert_eq!(word, AnalysedWord { parts: vec!["t".into(), "shirt".into()], joined: Some("tshirt".into()) });
    }

    #[test]
    fn punctuation_and_null_bytes_leave_nothing() {
        let mut plain = plain();
        for nothing in ["", "\0", "+-&&||!(){}[]^\"~*?:\\/", "''''", "----", "\u{301}"] {
            assert_eq!(analyse_word(&mut plain, nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_very_long_word_is_no_term() {
        assert_eq!(terms(PLAIN, &"x".repeat(10_000)), Vec::<String>::new());
    }
}
