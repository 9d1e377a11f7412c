//! The sentences of the waiting room in French and English.

use std::time::Duration;

use halles_domain::Language;

use super::Place;
use crate::order_status::about;

pub(super) struct RoomTexts {
    pub(super) title: &'static str,
    pub(super) title_before: &'static str,
    pub(super) promise: &'static str,
    pub(super) promise_before: &'static str,
    pub(super) refresh: &'static str,
    pub(super) wanted: &'static str,
    pub(super) sold_out: &'static str,
    pub(super) keep_place: &'static str,
    pub(super) keep_button: &'static str,
    pub(super) language: &'static str,
}

pub(super) const fn room_texts(language: Language) -> &'static RoomTexts {
    match language {
        Language::Fr => &FR,
        Language::En => &EN,
    }
}

/// Where somebody stands, in one sentence or two.
pub(super) fn place_text(language: Language, place: Place, expected: Option<Duration>) -> String {
    match (language, place) {
        (_, Place::BeforeShow(begins_in, waiting)) => before_show(language, begins_in, waiting),
        (Language::Fr, Place::Ahead(1)) => "Vous êtes le prochain.".to_owned(),
        (Language::En, Place::Ahead(1)) => "You are next.".to_owned(),
        (_, Place::Ahead(ahead)) => in_line(language, ahead, expected),
    }
}

fn before_show(language: Language, begins_in: Duration, waiting: u64) -> String {
    let time = about(language, begins_in);
    match language {
        Language::Fr => {
            let who = match waiting {
                0 | 1 => "Personne d'autre n'attend encore".to_owned(),
                _ => format!("{waiting} personnes attendent"),
            };
            format!("Les portes ouvrent dans {time}. {who} ; les places seront tirées au sort à l'ouverture.")
        }
        Language::En => {
            let who = match waiting {
                0 | 1 => "Nobody else is waiting yet".to_owned(),
                _ => format!("{waiting} people are waiting"),
            };
            format!("The doors open in {time}. {who}; places are drawn at random when they open.")
        }
    }
}

fn in_line(language: Language, ahead: u64, expected: Option<Duration>) -> String {
    let time = expected.map(|expected| about(language, expected));
    match (language, time) {
        (Language::Fr, Some(time)) => format!("Vous êtes à la place {ahead} : {time}."),
        (Language::En, Some(time)) => format!("You are number {ahead} in line: {time}."),
        (Language::Fr, None) => {
            format!(
                "Vous êtes à la place {ahead}. Personne n'entre en ce moment : nous ne savons pas dire combien de temps."
            )
        }
        (Language::En, None) => {
            format!("You are number {ahead} in line. Nobody is getting in at the moment, so we cannot say how long.")
        }
    }
}

static FR: RoomTexts = RoomTexts {
    title: "Il y a foule devant les halles",
    title_before: "Les halles vont ouvrir",
    promise: "Votre place est à vous : recharger la page ou l'ouvrir deux fois n'y change rien. Une fois entré, vous restez.",
    promise_before: "Arriver tôt ou très tôt revient au même, et recharger la page ne change rien : le sort décide. Une fois entré, vous restez.",
    refresh: "Cette page se recharge toute seule et vous fait entrer quand c'est votre tour.",
    wanted: "Vous veniez pour :",
    sold_out: "Tout est vendu pour l'instant.",
    keep_place: "Vous pouvez garder votre place pour flâner parmi les autres étals, ou revenir plus tard.",
    keep_button: "Garder ma place pour le reste",
    language: "Langue",
};

static EN: RoomTexts = RoomTexts {
    title: "There is a crowd in front of the market",
    title_before: "The market is about to open",
    promise: "Your place is yours: loading the page again or opening it twice changes nothing. Once you are in, you stay in.",
    promise_before: "Early is as good as very early, and loading the page again changes nothing: lots decide. Once you are in, you stay in.",
    refresh: "This page loads itself again, and lets you in when it is your turn.",
    wanted: "You came for:",
    sold_out: "All of it is sold at the moment.",
    keep_place: "You can keep your place to stroll between the other stalls, or come back later.",
    keep_button: "Keep my place for the rest",
    language: "Language",
};
