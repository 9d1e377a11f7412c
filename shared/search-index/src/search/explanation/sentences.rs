//! An explanation for a person, in either language: one line for each thing asked for, then what the rules did.

use halles_domain::Language;

use super::{ExplainedWord, HitExplanation};
use crate::search::asked::MetBy;
use crate::search::terms::FoundIn;

impl HitExplanation {
    /// The explanation as lines of plain text.
    pub fn in_words(&self, language: Language) -> Vec<String> {
        let mut lines: Vec<String> = self.words.iter().map(|word| line(word, language)).collect();
        if self.is_pinned {
            lines.push(
                either(language, "mis en avant par la place de marché", "put first by the marketplace").to_owned(),
            );
        }
        if self.is_moved {
            let moved =
                either(language, "déplacé par une règle de la place de marché", "moved by a rule of the marketplace");
            lines.push(moved.to_owned());
        }
        lines
    }
}

const fn either(language: Language, french: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Fr => french,
        Language::En => english,
    }
}

fn line(word: &ExplainedWord, language: Language) -> String {
    let Some(met) = &word.met else {
        return format!("{} {}", quoted(&word.asked, language), either(language, "n'y est pas", "is not in it"));
    };
    let as_what = met.how.map(|how| format!(" {} {},", stands_for(how, language), quoted(&met.words, language)));
    let places: Vec<&str> = met.places.iter().map(|place| named(*place, language)).collect();
    let asked = quoted(&word.asked, language);
    let colon = either(language, " :", ":");
    format!("{asked}{colon}{} {}", as_what.unwrap_or_default(), places.join(", "))
}

fn quoted(words: &str, language: Language) -> String {
    match language {
        Language::Fr => format!("« {words} »"),
        Language::En => format!("“{words}”"),
    }
}

const fn stands_for(how: MetBy, language: Language) -> &'static str {
    match how {
        MetBy::Synonym => either(language, "aussi appelé", "also called"),
        MetBy::Joined => either(language, "écrit aussi", "also written"),
        MetBy::Split => either(language, "compris comme", "taken for"),
        MetBy::Unfinished => either(language, "début de", "the beginning of"),
        MetBy::OneTypo | MetBy::TwoTypos => either(language, "corrigé en", "corrected to"),
        MetBy::Guess => either(language, "proche de", "looks like"),
    }
}

const fn named(place: FoundIn, language: Language) -> &'static str {
    match place {
        FoundIn::Title => either(language, "dans le titre", "in the title"),
        FoundIn::Category => either(language, "dans la catégorie", "in the category"),
        FoundIn::Shop => either(language, "dans le nom de la boutique", "in the shop's name"),
        FoundIn::Description => either(language, "dans la description", "in the description"),
        FoundIn::Attributes => either(language, "dans les caractéristiques", "in the properties"),
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::ListingId;

    use super::*;
    use crate::search::Met;

    #[test]
    fn an_explanation_reads_as_a_person_would_say_it() {
        let met = |how, places| Some(Met { words: "réfrigérateur".to_owned(), how, places });
        let asked = |met| ExplainedWord { asked: "frigo".to_owned(), met };
        let words = vec![
            asked(met(Some(MetBy::Synonym), vec![FoundIn::Title, FoundIn::Description])),
            asked(met(None, vec![FoundIn::Category])),
            asked(None),
        ];
        let explanation = HitExplanation { id: ListingId::new(1), words, is_pinned: true, is_moved: false };
        let french = [
            "« frigo » : aussi appelé « réfrigérateur », dans le titre, dans la description",
            "« frigo » : dans la catégorie",
            "« frigo » n'y est pas",
            "mis en avant par la place de marché",
        ];
        assert_eq!(explanation.in_words(Language::Fr), french);
        assert_eq!(
            explanation.in_words(Language::En)[0],
            "“frigo”: also called “réfrigérateur”, in the title, in the description"
        );
    }
}
