//! The sentences of the results page in French and English.

use halles_domain::Language;

/// The fixed texts of one language.
#[derive(Debug)]
pub(super) struct SearchTexts {
    pub results: &'static str,
    pub partial: &'static str,
    pub narrow: &'static str,
    pub chosen: &'static str,
    pub by_category: &'static str,
    pub by_price: &'static str,
    pub filter: &'static str,
    pub close: &'static str,
    pub currency: &'static str,
    pub cut_short: &'static str,
    pub consolation: &'static str,
    pub why: &'static str,
    pub how_ordered: &'static str,
    pub price_from: &'static str,
    pub price_to: &'static str,
    pub sort: &'static str,
    pub sort_relevance: &'static str,
    pub sort_newest: &'static str,
    pub sort_price_asc: &'static str,
    pub sort_price_desc: &'static str,
    pub sort_distance: &'static str,
    pub by_place: &'static str,
    pub near: &'static str,
    pub radius: &'static str,
    pub nothing_title: &'static str,
    pub nothing_text: &'static str,
    pub nothing_filtered_text: &'static str,
    pub clear_filters: &'static str,
    pub back_home: &'static str,
    pub browse_aisles: &'static str,
    pub past_the_end_title: &'static str,
    pub past_the_end_text: &'static str,
    pub first_page: &'static str,
    pub pages: &'static str,
    pub previous_page: &'static str,
    pub next_page: &'static str,
}

impl SearchTexts {
    /// The texts in `language`.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::Fr => &FRENCH,
            Language::En => &ENGLISH,
        }
    }
}

static FRENCH: SearchTexts = SearchTexts {
    results: "Résultats",
    partial: "Peu de créations réunissent tous ces mots, ou aucune : en voici aussi qui n’en ont qu’une partie.",
    narrow: "Affiner et trier",
    chosen: "Filtres choisis",
    by_category: "Étals",
    by_price: "Prix",
    filter: "Filtrer et trier",
    close: "Fermer",
    currency: "Devise",
    cut_short: "La recherche a duré trop longtemps : voici ce qu'elle a trouvé jusque-là. Il y en a peut-être davantage.",
    consolation: "En attendant, les nouveautés",
    why: "Pourquoi ces résultats ?",
    how_ordered: "La pertinence met devant les créations qui ont tous les mots, surtout dans leur titre, puis celles qui en ont une partie. À égalité, ce qui peut être commandé passe devant. Aucune boutique ne paie pour sa place.",
    price_from: "De",
    price_to: "À",
    sort: "Trier par",
    sort_relevance: "Pertinence",
    sort_newest: "Nouveautés d'abord",
    sort_price_asc: "Prix croissant",
    sort_price_desc: "Prix décroissant",
    sort_distance: "Distance",
    by_place: "Autour de",
    near: "Ville ou code postal",
    radius: "Dans un rayon de",
    nothing_title: "Nous n'avons rien trouvé",
    nothing_text: "Vérifiez l'orthographe, essayez un mot plus simple ou moins de mots, ou flânez entre les étals.",
    nothing_filtered_text: "Rien ne correspond avec ces filtres. Sans eux, il y a peut-être votre bonheur.",
    clear_filters: "Chercher sans filtre",
    back_home: "Retour à l'accueil",
    browse_aisles: "Flâner entre les étals",
    past_the_end_title: "Vous avez tout vu",
    past_the_end_text: "Cette page est au-delà des derniers résultats.",
    first_page: "Retour au début",
    pages: "Pages de résultats",
    previous_page: "Page précédente",
    next_page: "Page suivante",
};

static ENGLISH: SearchTexts = SearchTexts {
    results: "Results",
    partial: "Few creations have all of these words, or none has: here are also some that have only part of them.",
    narrow: "Narrow and sort",
    chosen: "Chosen filters",
    by_category: "Aisles",
    by_price: "Price",
    filter: "Filter and sort",
    close: "Close",
    currency: "Currency",
    cut_short: "The search took too long: this is what it found until then. There may be more.",
    consolation: "Meanwhile, what is new",
    why: "Why these results?",
    how_ordered: "The best match puts first the creations that have all words, above all in their title, then those that have some. Among equals, what can be ordered comes first. No shop pays for its place.",
    price_from: "From",
    price_to: "To",
    sort: "Sort by",
    sort_relevance: "Best match",
    sort_newest: "Newest first",
    sort_price_asc: "Price, low to high",
    sort_price_desc: "Price, high to low",
    sort_distance: "Distance",
    by_place: "Near",
    near: "Town or postcode",
    radius: "Within",
    nothing_title: "We found nothing",
    nothing_text: "Check the spelling, try a simpler word or fewer words, or stroll along the stalls.",
    nothing_filtered_text: "Nothing matches with these filters. Without them there may be just the thing.",
    clear_filters: "Search without filters",
    back_home: "Back to the home page",
    browse_aisles: "Stroll along the stalls",
    past_the_end_title: "You have seen it all",
    past_the_end_text: "This page lies beyond the last results.",
    first_page: "Back to the start",
    pages: "Pages of results",
    previous_page: "Previous page",
    next_page: "Next page",
};

/// The page's heading: what was looked for.
pub(super) fn title(language: Language, text: &str) -> String {
    match (language, text) {
        (Language::Fr, "") => "Toutes les créations".into(),
        (Language::Fr, text) => format!("« {text} »"),
        (Language::En, "") => "All creations".into(),
        (Language::En, text) => format!("“{text}”"),
    }
}

/// How many were found.
pub(super) fn found(language: Language, total: u64) -> String {
    match (language, total) {
        (Language::Fr, 0) => "Aucune création trouvée".into(),
        (Language::Fr, 1) => "1 création trouvée".into(),
        (Language::Fr, _) => format!("{} créations trouvées", thousands(total, '\u{202f}')),
        (Language::En, 0) => "No creation found".into(),
        (Language::En, 1) => "1 creation found".into(),
        (Language::En, _) => format!("{} creations found", thousands(total, ',')),
    }
}

/// Which page this is.
pub(super) fn page_of_pages(language: Language, page: u32, pages: u32) -> String {
    match language {
        Language::Fr => format!("Page {page} sur {pages}"),
        Language::En => format!("Page {page} of {pages}"),
    }
}

/// A range of prices in whole units. Without a currency's sign on both ends it would read as a date.
pub(super) fn price_band(language: Language, sign: &str, (min, max): (Option<&str>, Option<&str>)) -> String {
    let amount = |units: &str| match language {
        Language::Fr => format!("{}\u{a0}{sign}", units.replace('.', ",")),
        Language::En => format!("{sign}{}", units.replace(',', ".")),
    };
    match (language, min, max) {
        (Language::Fr, None, Some(max)) => format!("jusqu'à {}", amount(max)),
        (Language::Fr, Some(min), None) => format!("à partir de {}", amount(min)),
        (Language::Fr, Some(min), Some(max)) => format!("de {} à {}", amount(min), amount(max)),
        (Language::En, None, Some(max)) => format!("up to {}", amount(max)),
        (Language::En, Some(min), None) => format!("from {}", amount(min)),
        (Language::En, Some(min), Some(max)) => format!("{} to {}", amount(min), amount(max)),
        (_, None, None) => String::new(),
    }
}

/// What comes before and after the words that were probably meant.
pub(super) const fn did_you_mean(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Fr => ("Vouliez-vous dire ", "\u{a0}?"),
        Language::En => ("Did you mean ", "?"),
    }
}

/// What opens the sheet on a phone, with in how many ways the search is narrowed.
pub(super) fn narrow(language: Language, chosen: usize) -> String {
    let words = SearchTexts::of(language).narrow;
    if chosen == 0 { words.to_owned() } else { format!("{words} ({chosen})") }
}

/// What sends the form.
pub(super) const fn show_results(language: Language) -> &'static str {
    match language {
        Language::Fr => "Voir les résultats",
        Language::En => "Show the results",
    }
}

/// That there are more values than are shown.
pub(super) fn more_values(language: Language, more: usize) -> String {
    match (language, more) {
        (Language::Fr, 1) => "et 1 autre, plus rare".into(),
        (Language::Fr, _) => format!("et {more} autres, plus rares"),
        (Language::En, _) => format!("and {more} more, less common"),
    }
}

/// What letting go of one kind of choice would find.
pub(super) fn without(language: Language, title: &str, count: u64) -> String {
    match language {
        Language::Fr => format!("Sans « {title} » : {}", found(language, count)),
        Language::En => format!("Without “{title}”: {}", found(language, count)),
    }
}

/// A place with how far around it is looked.
pub(super) fn near(language: Language, place: &str, radius: &str) -> String {
    match language {
        Language::Fr => format!("à {radius}\u{a0}km de {place}"),
        Language::En => format!("within {radius}\u{a0}km of {place}"),
    }
}

/// That a place is on no list.
pub(super) fn unknown_place(language: Language, place: &str) -> String {
    match language {
        Language::Fr => format!(
            "Nous ne trouvons pas « {place} » : essayez une ville plus grande ou un code postal. En attendant, voici tout, où que ce soit."
        ),
        Language::En => format!(
            "We cannot find “{place}”: try a larger town or a postcode. Meanwhile, here is everything, wherever it is."
        ),
    }
}

/// Before other towns of the same name.
pub(super) const fn or_near(language: Language) -> &'static str {
    match language {
        Language::Fr => "Ou autour de",
        Language::En => "Or near",
    }
}

/// What a chosen filter's link does.
pub(super) fn remove_filter(language: Language, what: &str) -> String {
    match language {
        Language::Fr => format!("Retirer le filtre : {what}"),
        Language::En => format!("Remove the filter: {what}"),
    }
}

fn thousands(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        assert_eq!(found(Language::En, 1_234_567), "1,234,567 creations found");
        assert_eq!(found(Language::Fr, 1), "1 création trouvée");
        assert_eq!(price_band(Language::Fr, "€", (Some("12.5"), None)), "à partir de 12,5\u{a0}€");
        assert_eq!(price_band(Language::En, "£", (None, Some("20"))), "up to £20");
    }
}
