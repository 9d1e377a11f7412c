//! Sentences with slots.
//!
//! `{thing}` and its like are words of the listing. `{est|sont}` chooses by number, `{fait|faite|faits|faites}` by gender
//! and number. A name with a capital gives a capital. What is no name is left as it stands, which a test would see.

use super::communes::Commune;
use super::grammar::{Agreement, at_town, capitalise, of_town};

/// What the slots of a sentence are filled with.
#[derive(Debug)]
pub struct Words<'a> {
    /// The thing's name in the language of the sentence.
    pub thing: &'a str,
    /// How words agree with it.
    pub agreement: Agreement,
    /// "en grès", "stoneware".
    pub stuff: &'a str,
    /// The colour as it agrees with the thing; may be empty.
    pub colour: &'a str,
    /// Where it is made.
    pub commune: &'static Commune,
    /// What it could be given for.
    pub occasion: &'a str,
    /// Its measure, with the unit.
    pub measure: &'a str,
}

/// Writes `template` to `out`, its slots filled.
pub fn render(template: &str, words: &Words<'_>, out: &mut String) {
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((slot, after)) = tail.split_once('}') else { return };
        fill(slot, words, out);
        rest = after;
    }
    out.push_str(rest);
}

fn fill(slot: &str, words: &Words<'_>, out: &mut String) {
    let start = out.len();
    if slot.contains('|') {
        let mut forms = [""; 4];
        let mut count = 0;
        for (place, form) in forms.iter_mut().zip(slot.split('|')) {
            *place = form;
            count += 1;
        }
        out.push_str(words.agreement.choose(&forms[..count]));
        return;
    }
    fill_by_name(slot, words, out);
    if slot.starts_with(char::is_uppercase) {
        capitalise(out, start);
    }
}

fn fill_by_name(slot: &str, words: &Words<'_>, out: &mut String) {
    let agreement = words.agreement;
    match slot {
        "thing" => out.push_str(words.thing),
        "le" | "Le" => out.push_str(agreement.definite(words.thing)),
        "un" | "Un" => out.push_str(agreement.indefinite()),
        "ce" | "Ce" => out.push_str(agreement.demonstrative(words.thing)),
        "il" | "Il" => out.push_str(agreement.pronoun()),
        "stuff" => out.push_str(words.stuff),
        "colour" => out.push_str(words.colour),
        "town" => out.push_str(words.commune.name),
        "of_town" => out.push_str(&of_town(words.commune.name)),
        "at_town" => out.push_str(&at_town(words.commune.name)),
        "department" => out.push_str(words.commune.department),
        "occasion" => out.push_str(words.occasion),
        "measure" => out.push_str(words.measure),
        unknown => {
            out.push('{');
            out.push_str(unknown);
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::communes::COMMUNES;
    use super::*;

    #[test]
    fn slots_agree_with_the_thing() {
        let commune = COMMUNES.iter().find(|commune| commune.name == "Uzès").expect("in the table");
        let words = Words {
            thing: "assiettes",
            agreement: Agreement::FEMININE_PLURAL,
            stuff: "en grès",
            colour: "blanches",
            commune,
            occasion: "un mariage",
            measure: "",
        };
        let mut out = String::new();
        render(
            "{Ce} {thing} {colour} {est|sont} {fait|faite|faits|faites} {at_town}. {Le}{thing} {of_town}.",
            &words,
            &mut out,
        );
        assert_eq!(out, "Ces assiettes blanches sont faites à Uzès. Les assiettes d'Uzès.");
        out.clear();
        render("un {inconnu", &words, &mut out);
        assert_eq!(out, "un ", "a broken template harms nobody");
    }
}
