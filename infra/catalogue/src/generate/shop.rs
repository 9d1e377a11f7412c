//! The shops of the demo catalogue.

use halles_domain::{Coordinates, Language, Place, Slug};
use jiff::Timestamp;

use super::communes::{COMMUNES, Commune};
use super::dice::Dice;
use super::grammar::{at_town, capitalise, of};
use super::trade::Trade;
use super::trades::TRADES;

/// The kind of dice that shops throw.
const SHOPS: u64 = 1;

/// What decides how a shop's listings look.
#[derive(Debug, Clone, Copy)]
pub struct Shop {
    /// What it makes.
    pub trade: &'static Trade,
    /// Where it is.
    pub commune: &'static Commune,
    /// The language that it writes in.
    pub language: Language,
}

impl Shop {
    /// The `index`-th shop of a seed. The first ones go through the trades, so that even a small catalogue has all.
    pub fn of(seed: u64, index: u64) -> Self {
        let mut dice = Dice::of(seed, SHOPS, index);
        let chance = dice.below(TRADES.len() as u64);
        let trade = if index < TRADES.len() as u64 { index } else { chance };
        let commune = dice.pick(COMMUNES);
        let language = if dice.percent(ENGLISH_PERCENT) { Language::En } else { Language::Fr };
        Self { trade: TRADES[usize::try_from(trade).expect("below a length")], commune, language }
    }

    /// Where it is, as the database wants it.
    pub fn place(&self) -> Place {
        Place {
            town: self.commune.name.to_owned(),
            postcode: Some(self.commune.postcode.to_owned()),
            coordinates: Coordinates::new(self.commune.latitude, self.commune.longitude).ok(),
        }
    }

    /// What it says of itself.
    pub fn description(&self) -> String {
        let shelves = self.trade.shelves.iter().take(4);
        match self.language {
            Language::Fr => {
                let wares: Vec<String> = shelves.map(|shelf| shelf.name.fr.to_lowercase()).collect();
                format!(
                    "Fait main {} ({}) : {}. Chaque pièce est réalisée dans notre atelier, en petite série, et expédiée \
                     partout en Europe.",
                    at_town(self.commune.name),
                    self.commune.department,
                    wares.join(", ")
                )
            }
            Language::En => {
                let wares: Vec<String> = shelves.map(|shelf| shelf.name.en.to_lowercase()).collect();
                format!(
                    "Handmade in {} ({}, France): {}. Every piece is made in our workshop, in small numbers, and sent \
                     all over Europe.",
                    self.commune.name,
                    self.commune.department,
                    wares.join(", ")
                )
            }
        }
    }
}

/// How many shops write in English.
const ENGLISH_PERCENT: u64 = 15;

/// When the first shop opened; the others and all listings follow at fixed steps, so that a row's age does not depend on
/// how many rows there are.
pub const FIRST_OPENING: Timestamp = Timestamp::constant(1_622_527_200, 0);

/// The most shops that have names of their own.
pub const MOST_SHOPS: u64 = (FORMS.len() * FIRST_NAMES.len() * (1 + QUALIFIERS.len())) as u64;

/// The name of the `index`-th shop and its form for addresses. No two shops below [`MOST_SHOPS`] share either.
pub fn name(seed: u64, index: u64) -> (String, Slug) {
    let plain = (FORMS.len() * FIRST_NAMES.len()) as u64;
    // Walking in steps without a common divisor visits every combination once before the first repetition.
    let step = (index % plain) * STEP + seed % plain;
    let combination = usize::try_from(step % plain).expect("below a length");
    let round = usize::try_from(index / plain % (1 + QUALIFIERS.len() as u64)).expect("below a length");
    let first_name = FIRST_NAMES[combination % FIRST_NAMES.len()];
    let mut name =
        FORMS[combination / FIRST_NAMES.len()].replace("{of}", &of(first_name)).replace("{name}", first_name);
    if let Some(qualifier) = round.checked_sub(1).and_then(|round| QUALIFIERS.get(round)) {
        name.push(' ');
        name.push_str(qualifier);
    }
    capitalise(&mut name, 0);
    let slug = Slug::from_text(&name).expect("every name has letters");
    (name, slug)
}

/// A prime larger than any divisor of the number of combinations.
const STEP: u64 = 1_009;

const FORMS: [&str; 16] = [
    "Atelier {name}",
    "Les Mains {of}",
    "La Fabrique {of}",
    "Maison {name}",
    "Chez {name}",
    "Les Créations {of}",
    "Le Comptoir {of}",
    "L'Échoppe {of}",
    "{name} & Compagnie",
    "Les Trésors {of}",
    "La Malle {of}",
    "Le Grenier {of}",
    "Studio {name}",
    "Les Petits Riens {of}",
    "L'Établi {of}",
    "La Boutique {of}",
];

const FIRST_NAMES: [&str; 100] = [
    "Adèle",
    "Agathe",
    "Alban",
    "Albertine",
    "Alice",
    "Aline",
    "Alix",
    "Amandine",
    "Ambre",
    "Anatole",
    "Anselme",
    "Antonin",
    "Apolline",
    "Armand",
    "Augustine",
    "Aurore",
    "Balthazar",
    "Barnabé",
    "Basile",
    "Bérénice",
    "Blanche",
    "Camille",
    "Capucine",
    "Célestin",
    "Céleste",
    "Clémence",
    "Clotilde",
    "Colin",
    "Constance",
    "Corentin",
    "Cyprien",
    "Daphné",
    "Delphine",
    "Diane",
    "Edgar",
    "Édith",
    "Éléonore",
    "Élise",
    "Émilie",
    "Ernest",
    "Esther",
    "Étienne",
    "Eugénie",
    "Fanny",
    "Faustine",
    "Félicie",
    "Fernand",
    "Flavie",
    "Florent",
    "Gabin",
    "Gaspard",
    "Gustave",
    "Garance",
    "Honorine",
    "Inès",
    "Iris",
    "Jeanne",
    "Joséphine",
    "Jules",
    "Juliette",
    "Justine",
    "Léonie",
    "Léopold",
    "Lilou",
    "Lison",
    "Louise",
    "Lubin",
    "Lucien",
    "Madeleine",
    "Mahaut",
    "Manon",
    "Marguerite",
    "Marius",
    "Marceau",
    "Mathilde",
    "Maud",
    "Mélusine",
    "Mona",
    "Ninon",
    "Noé",
    "Octave",
    "Odette",
    "Ombeline",
    "Ondine",
    "Oscar",
    "Pauline",
    "Pénélope",
    "Prune",
    "Quentin",
    "Romane",
    "Rosalie",
    "Sidonie",
    "Simone",
    "Suzanne",
    "Thaïs",
    "Théodore",
    "Valentine",
    "Victor",
    "Violette",
    "Zoé",
];

const QUALIFIERS: [&str; 66] = [
    "du Moulin",
    "des Lilas",
    "du Marché",
    "de la Gare",
    "du Vieux Pont",
    "des Remparts",
    "du Lavoir",
    "de la Halle",
    "des Tilleuls",
    "du Beffroi",
    "de la Fontaine",
    "du Port",
    "des Dunes",
    "du Causse",
    "de la Combe",
    "des Vignes",
    "du Verger",
    "de la Source",
    "des Genêts",
    "du Ruisseau",
    "de la Colline",
    "des Oliviers",
    "du Lac",
    "de la Forge",
    "des Cerisiers",
    "du Canal",
    "de la Chapelle",
    "des Marais",
    "du Plateau",
    "de la Lande",
    "des Châtaigniers",
    "du Faubourg",
    "de la Rivière",
    "des Pins",
    "du Hameau",
    "de la Tour",
    "des Mimosas",
    "du Phare",
    "de la Crique",
    "des Bruyères",
    "du Bocage",
    "de la Clairière",
    "des Amandiers",
    "du Rocher",
    "de la Prairie",
    "des Roseaux",
    "du Sentier",
    "de la Vallée",
    "des Glycines",
    "du Puits",
    "de la Garenne",
    "des Capucins",
    "du Clocher",
    "de la Plage",
    "des Peupliers",
    "du Jardin",
    "de la Ferme",
    "des Coquelicots",
    "du Cloître",
    "de la Grange",
    "des Hirondelles",
    "du Pressoir",
    "de la Poterne",
    "des Embruns",
    "du Quai",
    "de la Butte",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_shop_has_a_name_of_its_own() {
        for seed in [0, 42, u64::MAX] {
            let slugs: HashSet<Slug> = (0..MOST_SHOPS).map(|index| name(seed, index).1).collect();
            assert_eq!(slugs.len() as u64, MOST_SHOPS);
        }
    }

    #[test]
    fn names_elide_before_a_vowel() {
        let names: Vec<String> = (0..1_600).map(|index| name(1, index).0).collect();
        assert!(names.iter().any(|name| name == "La Fabrique d'Adèle"));
        assert!(names.iter().any(|name| name == "Le Comptoir de Zoé"));
        assert!(names.iter().any(|name| name == "Atelier Zoé"));
    }

    #[test]
    fn the_first_shops_cover_every_trade() {
        let trades: HashSet<&str> = (0..12).map(|index| Shop::of(9, index).trade.slug).collect();
        assert_eq!(trades.len(), TRADES.len());
    }

    #[test]
    fn every_town_lies_in_france() {
        for commune in COMMUNES {
            assert!(
                (41.0..51.2).contains(&commune.latitude) && (-5.2..9.6).contains(&commune.longitude),
                "{commune:?}"
            );
            assert!(commune.postcode.len() == 5 && commune.postcode.bytes().all(|b| b.is_ascii_digit()), "{commune:?}");
        }
    }
}
