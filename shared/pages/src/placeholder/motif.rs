//! What is drawn: found in the words of the title, else in those of the category.

mod words;

use halles_domain::{Language, Slug};

use self::words::{THINGS, TRADES, Words};
use super::Seed;

/// A thing that we can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motif {
    Bag,
    Belt,
    Blanket,
    Board,
    Bottle,
    Bowl,
    Box,
    Brooch,
    Candle,
    Car,
    Card,
    Cubes,
    Cushion,
    Dress,
    Earrings,
    Garland,
    Hat,
    Jar,
    Jumper,
    Lamp,
    Mirror,
    Mug,
    Necklace,
    Notebook,
    Parcel,
    PendantLamp,
    Plate,
    Print,
    Purse,
    Rabbit,
    Ring,
    Rug,
    Screen,
    Shoes,
    Soap,
    Stool,
    Teapot,
    Vase,
    Wicker,
    Wreath,
}

use Motif::*;

impl Motif {
    /// Every motif.
    #[cfg(test)]
    pub(super) const ALL: [Self; 40] = [
        Bag,
        Belt,
        Blanket,
        Board,
        Bottle,
        Bowl,
        Box,
        Brooch,
        Candle,
        Car,
        Card,
        Cubes,
        Cushion,
        Dress,
        Earrings,
        Garland,
        Hat,
        Jar,
        Jumper,
        Lamp,
        Mirror,
        Mug,
        Necklace,
        Notebook,
        Parcel,
        PendantLamp,
        Plate,
        Print,
        Purse,
        Rabbit,
        Ring,
        Rug,
        Screen,
        Shoes,
        Soap,
        Stool,
        Teapot,
        Vase,
        Wicker,
        Wreath,
    ];

    /// The best motif for a title in a category; `slugs` lead from the top of the tree down.
    pub(super) fn choose(title: &str, language: Language, slugs: &[&str], seed: &mut Seed) -> Self {
        let of_title = || {
            let title = Slug::from_text(title)?;
            let mut words = title.as_str().split('-');
            // French names the thing first ("bol bleu en grès"), English last ("blue stoneware bowl").
            match language {
                Language::Fr => words.find_map(|word| drawn_for(&THINGS, word)),
                Language::En => words.rev().find_map(|word| drawn_for(&THINGS, word)),
            }
        };
        let of_category = || {
            let mut words = slugs.iter().rev().flat_map(|slug| slug.split('-'));
            words.find_map(|word| drawn_for(&THINGS, word).or_else(|| drawn_for(&TRADES, word)))
        };
        let motifs = match of_category() {
            // A "notebook" among computers is not made of paper.
            Some([Screen]) => Some(&[Screen] as &[Self]),
            category => of_title().or(category),
        };
        motifs.map_or(Parcel, |motifs| seed.pick(motifs))
    }
}

/// The motifs for a word, in the singular or the plural.
fn drawn_for(table: &'static [Words], word: &str) -> Option<&'static [Motif]> {
    let singular = word.strip_suffix(['s', 'x']).unwrap_or(word);
    let known = table.iter().find(|(words, _)| words.contains(&word) || words.contains(&singular));
    known.map(|(_, motifs)| *motifs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(title: &str, language: Language, slugs: &[&str]) -> Motif {
        Motif::choose(title, language, slugs, &mut Seed::new(1))
    }

    #[test]
    fn what_a_thing_is_comes_before_where_it_hangs() {
        assert_eq!(chosen("Grand saladier en grès", Language::Fr, &["ceramique"]), Bowl);
        assert_eq!(chosen("Bougie parfumée au miel", Language::Fr, &["bougies-savons"]), Candle);
        assert_eq!(chosen("Créoles martelées", Language::Fr, &["bijoux"]), Earrings);
        assert_eq!(chosen("Zoé", Language::Fr, &["bijoux", "bagues"]), Ring);
        assert_eq!(chosen("Cup-shaped honey jar", Language::En, &["jouets"]), Jar);
    }

    #[test]
    fn a_word_is_not_taken_for_its_beginning() {
        assert_eq!(chosen("Carte postale", Language::Fr, &[]), Card);
        assert_eq!(chosen("Carnet relié", Language::Fr, &[]), Notebook);
        assert_eq!(chosen("15 inch Notebook", Language::En, &["icecat", "icecat-portables"]), Screen);
    }

    #[test]
    fn the_unknown_comes_in_a_parcel() {
        assert_eq!(chosen("????", Language::Fr, &["divers"]), Parcel);
        assert_eq!(chosen("", Language::En, &[]), Parcel);
    }
}
