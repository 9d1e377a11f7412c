//! Properties as the index keeps them: one term for each, which says both how it is compared and how it was written.

use halles_domain::{Attributes, Facet, known_attribute};

/// Stands between the parts of a term; attributes have no control characters.
const SEPARATOR: char = '\u{1f}';

/// The most properties that one listing can be narrowed by. Technical catalogues have more; those that everybody looks
/// for come first.
const MAX_FACETS: usize = 64;

/// What a facet is compared by.
fn facet_key(facet: &Facet) -> String {
    format!("{}{SEPARATOR}{}", facet.name(), facet.value())
}

/// The terms of a listing's properties.
pub(crate) fn facet_terms(attributes: &Attributes) -> impl Iterator<Item = String> {
    let mut ranked: Vec<(usize, Facet, &str, &str)> = attributes
        .iter()
        .filter_map(|(name, value)| {
            let rank = known_attribute(name).map_or(usize::MAX, |known| known.rank);
            Some((rank, Facet::of(name, value)?, name, value))
        })
        .collect();
    ranked.sort_by_key(|(rank, ..)| *rank);
    let terms = ranked.into_iter().take(MAX_FACETS);
    terms.map(|(_, facet, name, value)| format!("{}{SEPARATOR}{name}{SEPARATOR}{value}", facet_key(&facet)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(pairs: &[(&str, &str)]) -> Attributes {
        Attributes::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
            .expect("attributes")
    }

    #[test]
    fn a_term_says_how_it_is_compared_and_how_it_was_written() {
        let terms: Vec<String> = facet_terms(&attributes(&[("Couleur", "Bleu Nuit")])).collect();
        assert_eq!(terms, ["colour\u{1f}bleu nuit\u{1f}Couleur\u{1f}Bleu Nuit"]);
        let facet: Facet = "color:BLEU nuit".parse().expect("a facet");
        assert!(terms[0].starts_with(&facet_key(&facet)));
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
