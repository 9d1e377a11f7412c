//! What the order's form says: its faults, and where makers send to.

use halles_domain::{Invalid, Language};

/// What is wrong with a field of the order form, in the shopper's language.
pub fn field_fault(language: Language, fault: &Invalid, is_empty: bool) -> String {
    let text = match (language, fault.field, is_empty) {
        (Language::Fr, "name", true) => "Indiquez votre nom.",
        (Language::Fr, "street", true) => "Indiquez le numéro et la rue.",
        (Language::Fr, "postcode", true) => "Indiquez le code postal.",
        (Language::Fr, "town", true) => "Indiquez la ville.",
        (Language::Fr, "email", true) => "Indiquez votre adresse e-mail.",
        (Language::Fr, "email", false) => {
            "Cette adresse e-mail ne semble pas complète : elle ressemble à nom@exemple.fr."
        }
        (Language::Fr, "country", _) => "Choisissez un pays dans la liste.",
        (Language::Fr, "name", false) => "Ce nom est trop long.",
        (Language::Fr, "street", false) => "Cette rue est trop longue.",
        (Language::Fr, "postcode", false) => "Ce code postal est trop long.",
        (Language::Fr, "town", false) => "Ce nom de ville est trop long.",
        (Language::Fr, "personalisation", _) => super::fr::TEXTS.personalisation_fault,
        (Language::En, "personalisation", _) => super::en::TEXTS.personalisation_fault,
        (Language::En, "name", true) => "Enter your name.",
        (Language::En, "street", true) => "Enter the street and number.",
        (Language::En, "postcode", true) => "Enter the postcode.",
        (Language::En, "town", true) => "Enter the town.",
        (Language::En, "email", true) => "Enter your e-mail address.",
        (Language::En, "email", false) => "This e-mail address does not look complete: it looks like name@example.org.",
        (Language::En, "country", _) => "Choose a country from the list.",
        (Language::En, "name", false) => "This name is too long.",
        (Language::En, "street", false) => "This street is too long.",
        (Language::En, "postcode", false) => "This postcode is too long.",
        (Language::En, "town", false) => "This town's name is too long.",
        (Language::Fr, ..) => return format!("Vérifiez ce champ : {}", fault.reason),
        (Language::En, ..) => return format!("Check this field: {}", fault.reason),
    };
    text.to_owned()
}

/// A country's name; an unknown code stands for itself.
pub fn country_name(language: Language, code: &str) -> &str {
    let known = match language {
        Language::Fr => COUNTRIES.iter().find(|(known, ..)| *known == code).map(|(_, french, _)| *french),
        Language::En => COUNTRIES.iter().find(|(known, ..)| *known == code).map(|(_, _, english)| *english),
    };
    known.unwrap_or(code)
}

/// Where makers send to: ISO 3166 code, French name, English name.
pub(crate) const COUNTRIES: [(&str, &str, &str); 12] = [
    ("FR", "France", "France"),
    ("BE", "Belgique", "Belgium"),
    ("CH", "Suisse", "Switzerland"),
    ("LU", "Luxembourg", "Luxembourg"),
    ("MC", "Monaco", "Monaco"),
    ("DE", "Allemagne", "Germany"),
    ("ES", "Espagne", "Spain"),
    ("IT", "Italie", "Italy"),
    ("NL", "Pays-Bas", "Netherlands"),
    ("PT", "Portugal", "Portugal"),
    ("AT", "Autriche", "Austria"),
    ("GB", "Royaume-Uni", "United Kingdom"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_the_form_is_said_in_french() {
        let faults = halles_domain::ContactForm::default().parse().expect_err("an empty form");
        assert_eq!(faults.len(), 6);
        for fault in faults {
            let text = field_fault(Language::Fr, &fault, true);
            assert!(text.starts_with("Indiquez") || text.starts_with("Choisissez"), "{text}");
        }
    }
}
