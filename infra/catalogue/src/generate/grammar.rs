//! The little French grammar that catalogue texts need: articles, agreement, elision and towns with an article.

use std::borrow::Cow;

use super::trade::{Adjective, Colour};

/// The gender and number that words take after a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Whether the noun is feminine.
    pub feminine: bool,
    /// Whether it is plural.
    pub plural: bool,
}

impl Agreement {
    /// As with "bol".
    pub const MASCULINE: Self = Self { feminine: false, plural: false };
    /// As with "tasse".
    pub const FEMININE: Self = Self { feminine: true, plural: false };
    /// As with "gants".
    pub const MASCULINE_PLURAL: Self = Self { feminine: false, plural: true };
    /// As with "boucles d'oreilles".
    pub const FEMININE_PLURAL: Self = Self { feminine: true, plural: true };

    /// un, une, des.
    pub const fn indefinite(self) -> &'static str {
        match (self.plural, self.feminine) {
            (true, _) => "des",
            (false, true) => "une",
            (false, false) => "un",
        }
    }

    /// le, la, les, or l' before a vowel; with the blank that belongs after it.
    pub fn definite(self, noun: &str) -> &'static str {
        match (self.plural, self.feminine) {
            (true, _) => "les ",
            (false, _) if elides(noun) => "l'",
            (false, true) => "la ",
            (false, false) => "le ",
        }
    }

    /// ce, cet, cette, ces.
    pub fn demonstrative(self, noun: &str) -> &'static str {
        match (self.plural, self.feminine) {
            (true, _) => "ces",
            (false, true) => "cette",
            (false, false) if elides(noun) => "cet",
            (false, false) => "ce",
        }
    }

    /// il, elle, ils, elles.
    pub const fn pronoun(self) -> &'static str {
        match (self.plural, self.feminine) {
            (false, false) => "il",
            (false, true) => "elle",
            (true, false) => "ils",
            (true, true) => "elles",
        }
    }

    /// Which of two or four forms fits: singular and plural, or masculine, feminine and their plurals.
    pub fn choose<'a>(self, forms: &[&'a str]) -> &'a str {
        let index = match forms.len() {
            2 => usize::from(self.plural),
            _ => usize::from(self.feminine) + 2 * usize::from(self.plural),
        };
        forms.get(index).copied().unwrap_or_default()
    }
}

/// The form of an adjective that agrees.
pub fn agree(adjective: &Adjective, agreement: Agreement) -> Cow<'static, str> {
    let singular = if agreement.feminine { adjective.feminine } else { adjective.masculine };
    if agreement.plural { pluralise(singular) } else { Cow::Borrowed(singular) }
}

/// The form of a colour that agrees, or its only form.
pub fn agree_colour(colour: &Colour, agreement: Agreement) -> Cow<'static, str> {
    if colour.agrees { agree(&colour.adjective, agreement) } else { Cow::Borrowed(colour.adjective.masculine) }
}

/// Every adjective of the tables follows one of these rules. Of several words ("tourné à la main") the first agrees;
/// "bio" never does.
fn pluralise(singular: &'static str) -> Cow<'static, str> {
    let (word, rest) = singular.split_at(singular.find(' ').unwrap_or(singular.len()));
    if word.ends_with('s') || word.ends_with('x') || word == "bio" {
        return Cow::Borrowed(singular);
    }
    Cow::Owned(match word.strip_suffix("al") {
        Some(stem) => format!("{stem}aux{rest}"),
        None if word.ends_with("eau") => format!("{word}x{rest}"),
        None => format!("{word}s{rest}"),
    })
}

/// Whether le, de, ce and the like lose their vowel before this word.
pub fn elides(word: &str) -> bool {
    let lower = word.to_lowercase();
    match lower.chars().next() {
        Some('h') => SILENT_H.iter().any(|start| lower.starts_with(start)),
        Some(first) => "aàâeéèêëiîïoôuùûœæ".contains(first),
        None => false,
    }
}

/// Beginnings of the words with a silent h that occur here; the others ("hochet", "housse") keep their distance.
const SILENT_H: [&str; 9] = ["herb", "hiver", "huil", "horlog", "habit", "homm", "haguenau", "honfleur", "hyères"];

/// "de" with a noun: "d'olivier", "de chêne".
pub fn of(word: &str) -> String {
    if elides(word) { format!("d'{word}") } else { format!("de {word}") }
}

/// "de" with a town: "d'Uzès", "du Mans", "de La Rochelle".
pub fn of_town(town: &str) -> String {
    match town.split_once(' ') {
        Some(("Le", rest)) => format!("du {rest}"),
        Some(("Les", rest)) => format!("des {rest}"),
        _ => of(town),
    }
}

/// "à" with a town: "à Uzès", "au Mans", "à La Rochelle".
pub fn at_town(town: &str) -> String {
    match town.split_once(' ') {
        Some(("Le", rest)) => format!("au {rest}"),
        Some(("Les", rest)) => format!("aux {rest}"),
        _ => format!("à {town}"),
    }
}

/// The text with its first letter in upper case.
pub fn capitalise(text: &mut String, from: usize) {
    let Some(first) = text.get(from..).and_then(|tail| tail.chars().next()) else { return };
    if first.is_lowercase() {
        let upper: String = first.to_uppercase().collect();
        text.replace_range(from..from + first.len_utf8(), &upper);
    }
}

#[cfg(test)]
mod tests {
    use super::super::trade::{adjective, colour, shade};
    use super::*;

    #[test]
    fn articles_look_at_gender_number_and_the_next_letter() {
        assert_eq!(Agreement::MASCULINE.definite("bol"), "le ");
        assert_eq!(Agreement::FEMININE.definite("assiette"), "l'");
        assert_eq!(Agreement::FEMININE.definite("huile d'olive"), "l'");
        assert_eq!(Agreement::FEMININE.definite("housse"), "la ");
        assert_eq!(Agreement::MASCULINE.demonstrative("abat-jour"), "cet");
        assert_eq!(Agreement::MASCULINE.demonstrative("hochet"), "ce");
        assert_eq!(Agreement::FEMININE_PLURAL.demonstrative("assiettes"), "ces");
        assert_eq!(Agreement::FEMININE_PLURAL.indefinite(), "des");
    }

    #[test]
    fn adjectives_agree() {
        let glazed = adjective("émaillé", "émaillée", "glazed");
        assert_eq!(agree(&glazed, Agreement::MASCULINE), "émaillé");
        assert_eq!(agree(&glazed, Agreement::FEMININE_PLURAL), "émaillées");
        let thrown = adjective("tourné à la main", "tournée à la main", "hand-thrown");
        assert_eq!(agree(&thrown, Agreement::MASCULINE_PLURAL), "tournés à la main");
        let plural = |masculine, feminine| agree(&adjective(masculine, feminine, ""), Agreement::MASCULINE_PLURAL);
        assert_eq!((plural("artisanal", "artisanale"), plural("bio", "bio")), ("artisanaux".into(), "bio".into()));
        assert_eq!(agree_colour(&colour("gris", "grise", "grey"), Agreement::MASCULINE_PLURAL), "gris");
        assert_eq!(agree_colour(&colour("blanc", "blanche", "white"), Agreement::FEMININE_PLURAL), "blanches");
        assert_eq!(agree_colour(&shade("bleu nuit", "midnight blue"), Agreement::FEMININE_PLURAL), "bleu nuit");
    }

    #[test]
    fn prepositions_know_towns_and_vowels() {
        assert_eq!(of_town("Uzès"), "d'Uzès");
        assert_eq!(of_town("Étretat"), "d'Étretat");
        assert_eq!(of_town("Honfleur"), "d'Honfleur");
        assert_eq!(of_town("Henrichemont"), "de Henrichemont");
        assert_eq!(of_town("Le Mans"), "du Mans");
        assert_eq!(of_town("La Rochelle"), "de La Rochelle");
        assert_eq!(at_town("Le Puy-en-Velay"), "au Puy-en-Velay");
        assert_eq!(at_town("L'Isle-sur-la-Sorgue"), "à L'Isle-sur-la-Sorgue");
        assert_eq!(of("olivier"), "d'olivier");
    }

    #[test]
    fn the_first_letter_grows_even_with_an_accent() {
        let mut text = String::from("« étagère");
        capitalise(&mut text, "« ".len());
        assert_eq!(text, "« Étagère");
    }
}
