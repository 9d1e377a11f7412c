//! Properties that results can be narrowed by, named so that one property has one name however sellers write it.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use crate::{Invalid, folded};

/// A property that handmade goods share, with the names that sellers give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownAttribute {
    /// Its French name, in lower case.
    pub french: &'static str,
    /// Its English name, in lower case; also what it is called in addresses.
    pub english: &'static str,
    /// Its place among the known ones: what everybody looks for comes first.
    pub rank: usize,
}

/// French and English names, and what else the property is called, without accents.
const KNOWN: [(&str, &str, &[&str]); 18] = [
    ("couleur", "colour", &["color"]),
    ("matière", "material", &["materials", "matieres"]),
    ("taille", "size", &[]),
    ("technique", "technique", &[]),
    ("style", "style", &[]),
    ("parfum", "scent", &["fragrance"]),
    ("saveur", "flavour", &["flavor"]),
    ("marque", "brand", &[]),
    ("âge", "age", &[]),
    ("contenance", "capacity", &["volume"]),
    ("poids", "weight", &[]),
    ("poids net", "net weight", &[]),
    ("hauteur", "height", &[]),
    ("longueur", "length", &[]),
    ("largeur", "width", &[]),
    ("diamètre", "diameter", &[]),
    ("dimensions", "dimensions", &["dimension"]),
    ("entretien", "care", &[]),
];

/// Every name of every known property, without accents, and the property's rank.
static RANKS: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let ranked = KNOWN.iter().enumerate();
    let names = ranked.flat_map(|(rank, (french, english, others))| {
        [*french, *english].into_iter().chain(others.iter().copied()).map(move |name| (folded(name), rank))
    });
    names.collect()
});

/// The known property of this name, whatever its language, case and accents.
pub fn known_attribute(name: &str) -> Option<KnownAttribute> {
    let rank = *RANKS.get(&plain_name(name))?;
    let (french, english, _) = KNOWN[rank];
    Some(KnownAttribute { french, english, rank })
}

/// One value of one property, such as `colour:bleu nuit`. Values that differ only in case, accents and blanks are one,
/// and so are the names of a known property in all languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Facet {
    name: String,
    value: String,
}

impl Facet {
    /// The longest name that narrows anything, in characters.
    pub const MAX_NAME_CHARS: usize = 40;
    /// The longest value: whatever is longer is a text to read, not one of a few to choose from.
    pub const MAX_VALUE_CHARS: usize = 60;

    /// The facet of a property; none when its name or its value are too long to choose by, or empty.
    pub fn of(name: &str, value: &str) -> Option<Self> {
        let name = plain_name(name);
        let name = RANKS.get(&name).map(|rank| KNOWN[*rank].1.to_owned()).unwrap_or(name);
        let value = folded(value);
        let is_lawful = |text: &str, most| !text.is_empty() && text.chars().count() <= most;
        let can_be_chosen = is_lawful(&name, Self::MAX_NAME_CHARS) && is_lawful(&value, Self::MAX_VALUE_CHARS);
        can_be_chosen.then_some(Self { name, value })
    }

    /// The property's name, folded; the English one of a known property.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its place among the known properties, where what everybody looks for comes first; unknown ones come last.
    pub fn rank(&self) -> usize {
        RANKS.get(&self.name).copied().unwrap_or(usize::MAX)
    }

    /// The value, folded.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.value)
    }
}

impl FromStr for Facet {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parts = text.split_once(':').and_then(|(name, value)| Self::of(name, value));
        parts.ok_or_else(|| Invalid::new("facet", "must be a property and one of its values, such as colour:blue"))
    }
}

/// A name as it is compared. A colon would end it in addresses.
fn plain_name(name: &str) -> String {
    folded(&name.replace(['_', '-', ':'], " "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facet(name: &str, value: &str) -> String {
        Facet::of(name, value).expect("a facet").to_string()
    }

    #[test]
    fn one_property_has_one_name() {
        assert_eq!(facet("Couleur", "Bleu  Nuit"), "colour:bleu nuit");
        assert_eq!(facet("color", "BLEU NUIT"), "colour:bleu nuit");
        assert_eq!(facet("Matière", "Grès"), facet("matiere", "gres"));
        assert_eq!(facet("display_resolution", "1:1"), "display resolution:1:1");
        assert_eq!(facet("display-resolution", "1:1"), "display resolution:1:1");
    }

    #[test]
    fn long_texts_are_nothing_to_choose_from() {
        assert_eq!(Facet::of("Notice", &"x".repeat(61)), None);
        assert_eq!(Facet::of(&"x".repeat(41), "y"), None);
        assert_eq!(Facet::of("", "y"), None);
        assert_eq!(Facet::of("x", "  "), None);
    }

    #[test]
    fn what_everybody_looks_for_comes_first() {
        let rank = |name| known_attribute(name).map(|known| known.rank);
        assert!(rank("Color") < rank("Entretien"));
        assert_eq!(rank("Bohrfutter"), None);
        let rank = |name| Facet::of(name, "x").map(|facet| facet.rank());
        assert_eq!(rank("Couleur"), known_attribute("color").map(|known| known.rank));
        assert_eq!(rank("Bohrfutter"), Some(usize::MAX));
    }

    proptest! {
        #[test]
        fn a_facet_is_read_as_it_is_written(name in "\\PC{1,20}", value in "\\PC{1,30}") {
            if let Some(facet) = Facet::of(&name, &value) {
                prop_assert_eq!(facet.to_string().parse(), Ok(facet));
            }
        }
    }
}
