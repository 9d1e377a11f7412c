//! Chance: shoppers do not all want the same.

use rand::seq::IndexedRandom;

/// One of `choices`, if there are any.
pub fn any<T>(choices: &[T]) -> Option<&T> {
    choices.choose(&mut rand::rng())
}

/// What shoppers type, in the languages and with the carelessness of real ones.
const SEARCHES: [&str; 24] = [
    "bol",
    "tasse en grès",
    "bougie parfumée",
    "collier",
    "sac en cuir",
    "lampe",
    "savon",
    "bague argent",
    "coussin lin",
    "carnet",
    "doudou",
    "miel",
    "vase",
    "boucles d'oreilles",
    "echarpe laine",
    "panier",
    "affiche",
    "cadeau naissance",
    "theiere",
    "bracelet perles",
    "bowl",
    "linen dress",
    "soy candle",
    "wooden toy",
];

/// Something to search for.
pub fn search_words() -> &'static str {
    any(&SEARCHES).copied().unwrap_or("bol")
}
