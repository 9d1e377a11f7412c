//! Where towns are: what makes "near Lyon" a point on the map.
//!
//! Towns come from two sources: the places that listings and shops name (terms of the index, see `place_term.rs`), and a
//! list that a shop's people may bring along ([`Gazetteer`]). Either answers the same question, [`PlaceText`].

mod place_term;
mod place_text;

use std::cmp::Reverse;
use std::collections::HashMap;

use halles_domain::Coordinates;

use crate::analysis::plain;

pub(crate) use place_term::{place_terms, town_of, with_name, with_postcode};
pub use place_text::PlaceText;

/// A town.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    /// Its name as it is written there.
    pub name: String,
    /// Its postcodes; large towns have several.
    pub postcodes: Vec<String>,
    /// Its middle.
    pub coordinates: Coordinates,
    /// How likely it is meant among towns of one name: its inhabitants, or how many listings are there.
    pub weight: u64,
}

impl Town {
    /// Whether the town has a postcode that is or begins with `code`; every town has the empty one.
    fn has_code(&self, code: &str) -> bool {
        code.is_empty() || self.postcodes.iter().any(|postcode| is_in(postcode, code))
    }
}

/// Whether a postcode is the one asked for, or lies in the department asked for.
fn is_in(postcode: &str, code: &str) -> bool {
    // In postcodes, Corsica is one department still.
    let code = if matches!(code, "2A" | "2B") { "20" } else { code };
    postcode.starts_with(code)
}

/// A list of towns, in memory.
#[derive(Debug, Default)]
pub struct Gazetteer {
    towns: Vec<Town>,
    by_name: HashMap<String, Vec<usize>>,
    by_postcode: HashMap<String, Vec<usize>>,
}

impl Gazetteer {
    /// Takes in a list.
    pub fn new(towns: Vec<Town>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_postcode: HashMap<String, Vec<usize>> = HashMap::new();
        let mut plain = plain();
        for (place, town) in towns.iter().enumerate() {
            by_name.entry(place_text::fold(&town.name, &mut plain)).or_default().push(place);
            for postcode in &town.postcodes {
                by_postcode.entry(postcode.clone()).or_default().push(place);
            }
        }
        Self { towns, by_name, by_postcode }
    }

    /// How many towns there are.
    pub fn len(&self) -> usize {
        self.towns.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.towns.is_empty()
    }

    /// The towns that may be meant, the likeliest first.
    pub fn find(&self, text: &PlaceText) -> Vec<Town> {
        let places = if text.name.is_empty() { self.by_postcode.get(&text.code) } else { self.by_name.get(&text.name) };
        let towns = places.into_iter().flatten().map(|place| self.towns[*place].clone());
        likeliest(towns.collect(), text)
    }
}

/// Those of the towns that lie where the code says, the likeliest first.
pub(crate) fn likeliest(mut towns: Vec<Town>, text: &PlaceText) -> Vec<Town> {
    towns.retain(|town| town.has_code(&text.code));
    towns.sort_by(|one, other| Reverse(one.weight).cmp(&Reverse(other.weight)).then_with(|| one.name.cmp(&other.name)));
    towns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(name: &str, postcodes: &[&str], weight: u64) -> Town {
        let postcodes = postcodes.iter().map(|postcode| (*postcode).to_owned()).collect();
        Town { name: name.into(), postcodes, coordinates: Coordinates::new(45.0, 4.0).expect("a point"), weight }
    }

    fn names(gazetteer: &Gazetteer, text: &str) -> Vec<(String, u64)> {
        let found = gazetteer.find(&PlaceText::new(text).expect("a place"));
        found.into_iter().map(|town| (town.name, town.weight)).collect()
    }

    #[test]
    fn the_largest_town_of_a_name_is_the_likeliest_unless_a_code_says_otherwise() {
        let gazetteer = Gazetteer::new(vec![
            town("Saint-Denis", &["97400", "97490"], 150),
            town("Saint-Denis", &["93200", "93210"], 110),
            town("Bastia", &["20200", "20600"], 48),
            town("Pierrefitte", &["93200"], 30),
        ]);
        let both = [("Saint-Denis".to_owned(), 150), ("Saint-Denis".to_owned(), 110)];
        assert_eq!(names(&gazetteer, "ST DENIS"), both);
        assert_eq!(names(&gazetteer, "saint-denis 93"), both[1..]);
        assert_eq!(names(&gazetteer, "saint-denis (97490)"), both[..1]);
        assert_eq!(names(&gazetteer, "93200"), [both[1].clone(), ("Pierrefitte".to_owned(), 30)]);
        assert_eq!(names(&gazetteer, "Bastia 2B").len(), 1);
        assert!(names(&gazetteer, "Saint-Denis 01").is_empty() && names(&gazetteer, "Atlantis").is_empty());
    }
}
