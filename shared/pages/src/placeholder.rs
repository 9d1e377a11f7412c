//! Drawings that stand in for photos: the same listing always gets the same one.
//!
//! What is drawn comes from the title, else from the category; in which colour, from the listing's own colour where it
//! names one; the rest (wall, table, pattern) from its number. Nothing is stored and nothing is random.

mod colour;
mod motif;
mod scene;
mod shapes;

use halles_domain::{Language, Listing};

use self::colour::Colour;
use self::motif::Motif;

/// The drawing for a listing; `category_slugs` lead from the top of the tree down to its category.
pub fn listing_svg(listing: &Listing, category_slugs: &[&str]) -> String {
    let mut seed = Seed::new(listing.id.get().unsigned_abs());
    let named_colour = COLOUR_ATTRIBUTES.iter().find_map(|name| listing.attributes.get(name)).and_then(Colour::named);
    let motif = Motif::choose(listing.title.as_str(), listing.language, category_slugs, &mut seed);
    scene::draw(motif, named_colour, &mut seed)
}

/// The drawing for a category.
pub fn category_svg(slug: &str) -> String {
    let mut seed = Seed::of_text(slug);
    let motif = Motif::choose("", Language::Fr, &[slug], &mut seed);
    scene::draw(motif, None, &mut seed)
}

/// Under these names sellers say which colour a thing has.
const COLOUR_ATTRIBUTES: [&str; 6] = ["couleur", "colour", "color", "Couleur", "Colour", "Color"];

/// A small generator of choices (SplitMix64): the same start gives the same choices, on every machine.
#[derive(Debug)]
struct Seed(u64);

impl Seed {
    const fn new(start: u64) -> Self {
        Self(start)
    }

    fn of_text(text: &str) -> Self {
        Self(text.bytes().fold(7, |hash, byte| hash * 31 % 1_000_000_007 + u64::from(byte)))
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `choices`, which must not be empty.
    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let index = self.next() % choices.len().max(1) as u64;
        choices[usize::try_from(index).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_gets_the_same_drawing() {
        assert_eq!(category_svg("ceramique"), category_svg("ceramique"));
        assert_ne!(category_svg("ceramique"), category_svg("jouets"));
    }

    #[test]
    fn every_motif_is_a_small_closed_drawing() {
        for motif in Motif::ALL {
            for start in 0..20 {
                let svg = scene::draw(motif, None, &mut Seed::new(start));
                assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>"), "{motif:?}");
                assert!(svg.len() < 6_000, "{motif:?} takes {} bytes", svg.len());
                assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count(), "{motif:?}");
                assert!(!svg.contains("NaN") && !svg.contains("style="), "{motif:?}");
            }
        }
    }
}
