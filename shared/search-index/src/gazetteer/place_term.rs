//! A town as a term of the index, so that whoever searches near one finds it by the names that listings and shops give.
//!
//! Each place makes two terms, one that begins with its folded name and one that begins with its postcode; both go on
//! with all that is known of it. How many listings have a term tells how much a place weighs.

use halles_domain::{Coordinates, Place};
use tantivy::tokenizer::TextAnalyzer;

use super::{Town, place_text::fold};

const SEPARATOR: char = '\u{1f}';

/// The beginning of the terms of all places with this folded name.
pub(crate) fn with_name(folded: &str) -> String {
    format!("n{folded}{SEPARATOR}")
}

/// The beginning of the terms of all places with this postcode.
pub(crate) fn with_postcode(postcode: &str) -> String {
    format!("p{postcode}{SEPARATOR}")
}

/// The terms of a place; none when it is on no map.
pub(crate) fn place_terms(place: &Place, plain: &mut TextAnalyzer) -> Vec<String> {
    let Some(coordinates) = place.coordinates else { return Vec::new() };
    let postcode = place.postcode.as_deref().unwrap_or_default();
    let (town, latitude, longitude) = (&place.town, coordinates.latitude(), coordinates.longitude());
    if town.contains(SEPARATOR) || postcode.contains(SEPARATOR) {
        return Vec::new();
    }
    let rest = format!("{town}{SEPARATOR}{postcode}{SEPARATOR}{latitude}{SEPARATOR}{longitude}");
    let mut terms = vec![format!("{}{rest}", with_name(&fold(town, plain)))];
    if !postcode.is_empty() {
        terms.push(format!("{}{rest}", with_postcode(postcode)));
    }
    terms
}

/// The town that a term stands for.
pub(crate) fn town_of(term: &str, listings: u32) -> Option<Town> {
    let mut parts = term.split(SEPARATOR).skip(1);
    let (name, postcode) = (parts.next()?, parts.next()?);
    let coordinates = Coordinates::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?).ok()?;
    let postcodes = if postcode.is_empty() { Vec::new() } else { vec![postcode.to_owned()] };
    Some(Town { name: name.to_owned(), postcodes, coordinates, weight: u64::from(listings) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::plain;

    #[test]
    fn a_place_comes_back_from_each_of_its_terms() {
        let coordinates = Coordinates::new(48.783_3, 2.333).expect("a point");
        let postcode = Some("94240".to_owned());
        let place = Place { town: "L'Haÿ-les-Roses".into(), postcode, coordinates: Some(coordinates) };
        let terms = place_terms(&place, &mut plain());
        assert!(terms[0].starts_with(&with_name("hay les roses")), "{terms:?}");
        assert!(terms[1].starts_with(&with_postcode("94240")));
        for term in terms {
            let town = town_of(&term, 7).expect("a town");
            assert_eq!((town.name.as_str(), town.postcodes[0].as_str()), ("L'Haÿ-les-Roses", "94240"));
            assert_eq!((town.coordinates, town.weight), (coordinates, 7));
        }
    }

    #[test]
    fn what_is_on_no_map_has_no_terms() {
        assert!(place_terms(&Place { town: "Ici".into(), postcode: None, coordinates: None }, &mut plain()).is_empty());
    }
}
