//! Texts with numbers or names in them.

use std::time::Duration;

use halles_domain::{Language, LineRefusal, WaitingPlace};

use super::about;

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

/// What holding means, before the order.
pub fn what_is_held(language: Language, minutes: u32) -> String {
    match language {
        Language::Fr => format!("Si tout est là, vos pièces sont mises de côté pour vous pendant {minutes} minutes."),
        Language::En => format!("If all is there, your pieces are set aside for you for {minutes} minutes."),
    }
}

/// An order's number as a heading.
pub fn order_number(language: Language, number: &str) -> String {
    match language {
        Language::Fr => format!("Commande {number}"),
        Language::En => format!("Order {number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_wait_is_said_to_be() {
        assert_eq!(
            queue_text(Language::Fr, 1, None),
            "C'est bientôt votre tour. Le temps d'attente n'est pas connu pour le moment."
        );
        let told = queue_text(Language::Fr, 12, Some(Duration::from_secs(4)));
        assert_eq!(told, "Vous êtes à la place 12 dans la file : environ 4 secondes.");
    }
}
