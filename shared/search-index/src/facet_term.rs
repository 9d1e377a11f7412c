//! Properties as the index keeps them: one term for each, which says both how it is compared and how it was written.

use halles_domain::{Attributes, Facet};

/// Stands between the parts of a term; attributes have no control characters.
const SEPARATOR: char = '\u{1f}';

/// The most properties that one listing can be narrowed by. Technical catalogues have more; those that everybody looks
/// for come first.
const MAX_FACETS: usize = 64;

/// A term taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FacetTerm<'a> {
    /// The folded name and value, as one text that no other property has.
    pub key: &'a str,
    /// The folded name.
    pub name: &'a str,
    /// The folded value.
    pub value: &'a str,
    /// The name as it was written.
    pub written_name: &'a str,
    /// The value as it was written.
    pub written_value: &'a str,
}

impl<'a> FacetTerm<'a> {
    /// Reads a term of the index.
    pub fn parse(term: &'a str) -> Option<Self> {
        let mut parts = term.split(SEPARATOR);
        let (name, value) = (parts.next()?, parts.next()?);
        let (written_name, written_value) = (parts.next()?, parts.next()?);
        let key = &term[..name.len() + SEPARATOR.len_utf8() + value.len()];
        Some(Self { key, name, value, written_name, written_value })
    }
}

/// How the terms of a property's value begin, and no others.
pub(crate) fn beginning_of_value(facet: &Facet) -> String {
    format!("{}{SEPARATOR}{}{SEPARATOR}", facet.name(), facet.value())
}

/// How the terms of a property begin, and no others.
pub(crate) fn beginning_of_name(name: &str) -> String {
    format!("{name}{SEPARATOR}")
}

/// The terms of a listing's properties.
pub(crate) fn facet_terms(attributes: &Attributes) -> impl Iterator<Item = String> {
    let ranked = attributes.iter().filter_map(|(name, value)| {
        let facet = Facet::of(name, value)?;
        Some((facet.rank(), facet, name, value))
    });
    let mut ranked: Vec<(usize, Facet, &str, &str)> = ranked.collect();
    ranked.sort_by_key(|(rank, ..)| *rank);
    let terms = ranked.into_iter().take(MAX_FACETS);
    terms.map(|(_, facet, name, value)| term(&facet, name, value))
}

/// Put together by hand: every property of every listing goes through here.
fn term(facet: &Facet, name: &str, value: &str) -> String {
    let parts = [facet.name(), facet.value(), name, value];
    let mut term = String::with_capacity(parts.iter().map(|part| part.len() + SEPARATOR.len_utf8()).sum());
    for part in parts {
        if !term.is_empty() {
            term.push(SEPARATOR);
        }
        term.push_str(part);
    }
    term
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(pairs: &[(&str, &str)]) -> Attributes {
        Attributes::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
            .expect("attributes")
    }

    #[test]
    fn a_term_is_read_as_it_was_written() {
        let terms: Vec<String> = facet_terms(&attributes(&[("Couleur", "Bleu Nuit")])).collect();
        let term = FacetTerm::parse(&terms[0]).expect("a term");
        assert_eq!((term.name, term.value), ("colour", "bleu nuit"));
        assert_eq!((term.written_name, term.written_value), ("Couleur", "Bleu Nuit"));
        let facet: Facet = "color:BLEU nuit".parse().expect("a facet");
        assert!(terms[0].starts_with(&beginning_of_value(&facet)));
        assert!(terms[0].starts_with(term.key));
    }

    #[test]
    fn a_data_sheet_is_cut_behind_what_everybody_looks_for() {
        let many: Vec<(String, String)> = (0..200).map(|number| (format!("a{number}"), "x".to_owned())).collect();
        let mut pairs: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.push(("Taille", "M"));
        let terms: Vec<String> = facet_terms(&attributes(&pairs)).collect();
        assert_eq!(terms.len(), MAX_FACETS);
        assert!(terms[0].starts_with("size\u{1f}m\u{1f}"), "{:?}", terms[0]);
    }
}
