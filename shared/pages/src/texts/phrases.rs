//! Texts with numbers or names in them.

use halles_domain::{Language, known_attribute};

/// What the basket link says to a screen reader.
pub fn basket_label(language: Language, pieces: u32) -> String {
    match (language, pieces) {
        (Language::Fr, 0) => "Panier, vide".into(),
        (Language::Fr, 1) => "Panier, 1 article".into(),
        (Language::Fr, _) => format!("Panier, {pieces} articles"),
        (Language::En, 0) => "Basket, empty".into(),
        (Language::En, 1) => "Basket, 1 item".into(),
        (Language::En, _) => format!("Basket, {pieces} items"),
    }
}

/// What stands between a name and what is said about it: French leaves room in front of it, and never breaks the line there.
pub const fn colon(language: Language) -> &'static str {
    match language {
        Language::Fr => "\u{a0}: ",
        Language::En => ": ",
    }
}

/// That few are left.
pub fn only_left(language: Language, available: u32) -> String {
    match (language, available) {
        (Language::Fr, 1) => "Dernière pièce".into(),
        (Language::Fr, _) => format!("Plus que {available}"),
        (Language::En, 1) => "Last one".into(),
        (Language::En, _) => format!("Only {available} left"),
    }
}

/// The alternative text of a photo: "photo" is the same word in both languages.
pub fn photo_of(title: &str, number: usize) -> String {
    format!("{title}, photo {number}")
}

/// How many listings there are.
pub fn listings_of(language: Language, count: usize) -> String {
    match (language, count) {
        (Language::Fr, 0 | 1) => format!("{count} création"),
        (Language::Fr, _) => format!("{count} créations"),
        (Language::En, 1) => "1 listing".into(),
        (Language::En, _) => format!("{count} listings"),
    }
}

/// The description of a shop's page for search engines.
pub fn page_of_shop(language: Language, name: &str, town: Option<&str>) -> String {
    match (language, town) {
        (Language::Fr, Some(town)) => format!("Les créations de {name}, à {town}."),
        (Language::Fr, None) => format!("Les créations de {name}."),
        (Language::En, Some(town)) => format!("Handmade by {name} in {town}."),
        (Language::En, None) => format!("Handmade by {name}."),
    }
}

/// Since when a shop is here.
pub fn since(language: Language, year: i16) -> String {
    match language {
        Language::Fr => format!("Sur le marché depuis {year}"),
        Language::En => format!("On the market since {year}"),
    }
}

/// How far away something is, as the crow flies: to the kilometre, for a town is no point.
pub fn distance(language: Language, km: f64) -> String {
    let is_near = km < 1.0;
    match (language, is_near) {
        (Language::Fr, true) => "à moins de 1\u{a0}km".into(),
        (Language::Fr, false) => format!("à {km:.0}\u{a0}km"),
        (Language::En, true) => "less than 1\u{a0}km away".into(),
        (Language::En, false) => format!("{km:.0}\u{a0}km away"),
    }
}

/// What a screen reader says when suggestions appear.
pub fn suggestion_count(language: Language, count: usize) -> String {
    match (language, count) {
        (Language::Fr, 0) => "Aucune suggestion".into(),
        (Language::Fr, 1) => "1 suggestion".into(),
        (Language::Fr, _) => format!("{count} suggestions"),
        (Language::En, 0) => "No suggestion".into(),
        (Language::En, 1) => "1 suggestion".into(),
        (Language::En, _) => format!("{count} suggestions"),
    }
}

/// An attribute's name as shoppers read it: known names are translated, technical ones are made readable.
pub fn attribute_name(language: Language, name: &str) -> String {
    match (known_attribute(name), language) {
        (Some(known), Language::Fr) => with_capital(known.french),
        (Some(known), Language::En) => with_capital(known.english),
        (None, _) => with_capital(&name.trim().to_lowercase().replace(['_', '-'], " ")),
    }
}

/// Where an attribute stands in the table: those that everybody looks for come first.
pub fn attribute_rank(name: &str) -> usize {
    known_attribute(name).map_or(usize::MAX, |known| known.rank)
}

/// What unfolds the rest of a long table.
pub fn more_details(language: Language, count: usize) -> String {
    match language {
        Language::Fr => format!("Voir les {count} autres caractéristiques"),
        Language::En => format!("Show {count} more details"),
    }
}

fn with_capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_names_are_translated_or_made_readable() {
        assert_eq!(attribute_name(Language::Fr, "colour"), "Couleur");
        assert_eq!(attribute_name(Language::En, "matière"), "Material");
        assert_eq!(attribute_name(Language::En, "display_resolution"), "Display resolution");
        assert_eq!(attribute_name(Language::En, ""), "");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(only_left(Language::Fr, 1), "Dernière pièce");
        assert_eq!(only_left(Language::En, 3), "Only 3 left");
        assert_eq!(basket_label(Language::Fr, 2), "Panier, 2 articles");
    }
}
