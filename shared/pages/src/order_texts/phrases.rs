//! Texts with numbers, names or times in them.

use std::time::Duration;

use halles_domain::{Invalid, Language, LineRefusal, WaitingPlace};
use jiff::{Timestamp, tz::TimeZone};

/// The shop's own time, which every time on a page says it is.
const SHOP_TIME_ZONE: &str = "Europe/Paris";

/// The label of a line's quantity, for those who do not see which line it stands in.
pub fn quantity_of(language: Language, title: &str) -> String {
    match language {
        Language::Fr => format!("Quantité de {title}"),
        Language::En => format!("Quantity of {title}"),
    }
}

/// The label of a line's removal.
pub fn remove_of(language: Language, title: &str) -> String {
    match language {
        Language::Fr => format!("Retirer {title}"),
        Language::En => format!("Remove {title}"),
    }
}

/// That the quantity was lowered to what there is.
pub fn capped(language: Language, available: u32) -> String {
    match (language, available) {
        (Language::Fr, 1) => "Il n'en reste qu'une : la quantité a été ramenée à 1.".into(),
        (Language::Fr, _) => format!("Il n'en reste que {available} : la quantité a été ramenée à {available}."),
        (Language::En, 1) => "Only one is left, so the quantity is now 1.".into(),
        (Language::En, _) => format!("Only {available} are left, so the quantity is now {available}."),
    }
}

/// How many are left, when it is fewer than wanted.
fn how_many_left(language: Language, available: u32) -> String {
    match (language, available) {
        (Language::Fr, 0) => "Épuisé.".into(),
        (Language::Fr, 1) => "Il n'en reste qu'une.".into(),
        (Language::Fr, _) => format!("Il n'en reste que {available}."),
        (Language::En, 0) => "Sold out.".into(),
        (Language::En, 1) => "Only one is left.".into(),
        (Language::En, _) => format!("Only {available} are left."),
    }
}

/// Why a line stands in the way.
pub fn line_refusal(language: Language, refusal: LineRefusal) -> String {
    let text = match (language, refusal) {
        (_, LineRefusal::OutOfStock { available }) => return how_many_left(language, available),
        (_, LineRefusal::PersonalLimit { most }) => return personal_limit(language, most),
        (Language::Fr, LineRefusal::NotForSale) => "N'est plus en vente.",
        (Language::Fr, LineRefusal::NoPrice) => "N'a pas de prix et ne peut pas être commandée en ligne.",
        (Language::Fr, LineRefusal::MixedCurrencies) => "Vendue dans une autre devise : commandez-la séparément.",
        (Language::Fr, LineRefusal::TotalTooLarge) => "Dépasse le montant qu'une commande peut avoir.",
        (Language::En, LineRefusal::NotForSale) => "No longer for sale.",
        (Language::En, LineRefusal::NoPrice) => "Has no price and cannot be ordered online.",
        (Language::En, LineRefusal::MixedCurrencies) => "Sold in another currency: please order it separately.",
        (Language::En, LineRefusal::TotalTooLarge) => "More than one order may come to.",
    };
    text.to_owned()
}

/// That one person may not have more, all their orders together.
fn personal_limit(language: Language, most: u32) -> String {
    match language {
        Language::Fr => format!("Au plus {most} par personne, commandes en cours comprises."),
        Language::En => format!("At most {most} for one person, orders under way included."),
    }
}

/// Where an order that waits for its turn stands.
pub fn waiting_place(language: Language, waiting: WaitingPlace) -> String {
    let WaitingPlace { place, may_come_free } = waiting;
    let place = match (language, place) {
        (Language::Fr, 1) => "Vous êtes le prochain.".to_owned(),
        (Language::Fr, _) => format!("Vous êtes à la place {place}."),
        (Language::En, 1) => "You are next.".to_owned(),
        (Language::En, _) => format!("You are number {place} in the queue."),
    };
    let pieces = match (language, may_come_free) {
        (Language::Fr, 0) => return place,
        (Language::Fr, 1) => "Une pièce est réservée pour quelqu'un d'autre et peut se libérer.".to_owned(),
        (Language::Fr, _) => format!("{may_come_free} pièces sont réservées pour d'autres et peuvent se libérer."),
        (Language::En, 0) => return place,
        (Language::En, 1) => "One piece is held for somebody else and may come free.".to_owned(),
        (Language::En, _) => format!("{may_come_free} pieces are held for others and may come free."),
    };
    format!("{place} {pieces}")
}

/// Where a request that is being checked stands, and how long that takes as far as anybody knows.
pub fn queue_text(language: Language, place: u64, expected: Option<Duration>) -> String {
    let place = match (language, place) {
        (Language::Fr, 0 | 1) => "C'est bientôt votre tour".to_owned(),
        (Language::Fr, _) => format!("Vous êtes à la place {place} dans la file"),
        (Language::En, 0 | 1) => "It is nearly your turn".to_owned(),
        (Language::En, _) => format!("You are number {place} in line"),
    };
    match (language, expected) {
        (Language::Fr, Some(expected)) => format!("{place} : {}.", about(language, expected)),
        (Language::Fr, None) => format!("{place}. Le temps d'attente n'est pas connu pour le moment."),
        (Language::En, Some(expected)) => format!("{place}: {}.", about(language, expected)),
        (Language::En, None) => format!("{place}. How long it takes is not known at the moment."),
    }
}

/// A time to wait, rounded up: nobody is kept waiting for longer than they were told.
pub fn about(language: Language, time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let minutes = seconds.div_ceil(60);
    match (language, seconds) {
        (Language::Fr, 0..=2) => "quelques secondes".to_owned(),
        (Language::Fr, 3..=90) => format!("environ {} secondes", round_up(seconds)),
        (Language::Fr, _) => format!("environ {minutes} minutes"),
        (Language::En, 0..=2) => "a few seconds".to_owned(),
        (Language::En, 3..=90) => format!("about {} seconds", round_up(seconds)),
        (Language::En, _) => format!("about {minutes} minutes"),
    }
}

/// Seconds that people can take in: every one up to ten, then every fifth.
const fn round_up(seconds: u64) -> u64 {
    if seconds <= 10 { seconds } else { seconds.div_ceil(5) * 5 }
}

/// What holding means, before the order.
pub fn what_is_held(language: Language, minutes: u32) -> String {
    match language {
        Language::Fr => format!("Si tout est là, vos pièces sont mises de côté pour vous pendant {minutes} minutes."),
        Language::En => format!("If all is there, your pieces are set aside for you for {minutes} minutes."),
    }
}

/// Until when pieces are held: `jusqu'à 15 h 04, heure de Paris`.
pub fn held_until(language: Language, until: Timestamp) -> String {
    let moment = moment(language, until);
    match language {
        Language::Fr => format!("jusqu'au {moment}"),
        Language::En => format!("until {moment}"),
    }
}

/// How long that still is, rounded down so that nobody counts on a minute that is not there.
pub fn minutes_left(language: Language, until: Timestamp, now: Timestamp) -> String {
    let minutes = until.duration_since(now).as_secs().max(0) / 60;
    match (language, minutes) {
        (Language::Fr, 0) => "encore moins d'une minute".into(),
        (Language::Fr, 1) => "encore une minute".into(),
        (Language::Fr, _) => format!("encore {minutes} minutes"),
        (Language::En, 0) => "less than a minute left".into(),
        (Language::En, 1) => "one minute left".into(),
        (Language::En, _) => format!("{minutes} minutes left"),
    }
}

/// When the order was taken.
pub fn placed_at(language: Language, at: Timestamp) -> String {
    let moment = moment(language, at);
    match language {
        Language::Fr => format!("Reçue le {moment}"),
        Language::En => format!("Taken on {moment}"),
    }
}

/// A moment in the shop's own time; in universal time where the system knows no time zones. Either way it says which.
fn moment(language: Language, at: Timestamp) -> String {
    let (zone, zone_name) = match TimeZone::get(SHOP_TIME_ZONE) {
        Ok(zone) if language == Language::Fr => (zone, "heure de Paris"),
        Ok(zone) => (zone, "Paris time"),
        Err(_) => (TimeZone::UTC, "UTC"),
    };
    let local = at.to_zoned(zone);
    let (day, month) = (local.day(), usize::from(local.month().unsigned_abs()) - 1);
    match language {
        Language::Fr => {
            let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
            format!("{day} {} à {}\u{a0}h\u{a0}{:02} ({zone_name})", MONTHS_FR[month], local.hour(), local.minute())
        }
        Language::En => format!("{day} {}, {:02}:{:02} ({zone_name})", MONTHS_EN[month], local.hour(), local.minute()),
    }
}

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An order's number as a heading.
pub fn order_number(language: Language, number: &str) -> String {
    match language {
        Language::Fr => format!("Commande {number}"),
        Language::En => format!("Order {number}"),
    }
}

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
    fn a_time_says_whose_time_it_is() {
        let at: Timestamp = "2025-07-01T13:04:00Z".parse().expect("a time");
        let french = moment(Language::Fr, at);
        assert!(
            french == "1er juillet à 15\u{a0}h\u{a0}04 (heure de Paris)"
                || french == "1er juillet à 13\u{a0}h\u{a0}04 (UTC)",
            "{french}"
        );
        assert!(moment(Language::En, at).starts_with("1 July, 1"));
    }

    #[test]
    fn minutes_are_rounded_down() {
        let until: Timestamp = "2025-07-01T13:04:00Z".parse().expect("a time");
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        assert_eq!(minutes_left(Language::En, until, at("2025-07-01T12:34:01Z")), "29 minutes left");
        assert_eq!(minutes_left(Language::Fr, until, at("2025-07-01T13:03:01Z")), "encore moins d'une minute");
        assert_eq!(minutes_left(Language::Fr, until, at("2025-07-01T14:00:00Z")), "encore moins d'une minute");
    }

    #[test]
    fn a_wait_is_rounded_up_and_an_unknown_one_is_said_to_be() {
        let english = |seconds| about(Language::En, Duration::from_millis(seconds));
        assert_eq!(english(1_900), "a few seconds");
        assert_eq!(english(4_100), "about 5 seconds");
        assert_eq!(english(31_000), "about 35 seconds");
        assert_eq!(english(121_000), "about 3 minutes");
        assert_eq!(
            queue_text(Language::Fr, 1, None),
            "C'est bientôt votre tour. Le temps d'attente n'est pas connu pour le moment."
        );
        let told = queue_text(Language::Fr, 12, Some(Duration::from_secs(4)));
        assert_eq!(told, "Vous êtes à la place 12 dans la file : environ 4 secondes.");
    }

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
