//! The page of whoever waits in front of the market.
//!
//! Needs no script: it loads itself again, the later the longer the wait is, and never in step with others.

use std::time::Duration;

use halles_domain::Language;
use maud::{Markup, html};

use crate::order_status::about;
use crate::{Shell, Visit, address, icon};

/// Where whoever waits stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The show begins in so long; so many wait for it.
    BeforeShow(Duration, u64),
    /// So many turns away, this one included.
    Ahead(u64),
}

/// What they came for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing in particular.
    Market,
    /// This, and it can be had.
    Listing(String),
    /// This, and it is sold out.
    SoldOut(String),
}

/// The waiting room's page.
#[derive(Debug)]
pub struct WaitingRoomPage<'a> {
    /// Where they stand.
    pub place: Place,
    /// How long it takes, as far as that is known.
    pub expected: Option<Duration>,
    /// Where they want to go.
    pub to: &'a str,
    /// What is there.
    pub wanted: Wanted,
}

/// How soon the page looks again at the earliest and at the latest, in seconds.
const REFRESH_S: (u64, u64) = (4, 30);

impl WaitingRoomPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let texts = texts(visit.language);
        let content = html! {
            article.order {
                div.state.state-waiting {
                    span.state-sign { (icon::hourglass()) }
                    h1 { (texts.title) }
                    p.lead role="status" { strong { (self.place_text(visit.language)) } }
                    p { (texts.promise) }
                    p.muted.small { (texts.refresh) }
                }
                (self.wanted(texts))
            }
        };
        let path = address::with_query("/waiting-room", [("to", self.to)]);
        let visit = Visit { path_and_query: &path, ..*visit };
        Shell::new(&visit, texts.title).unlisted().refresh_after(self.refresh_s()).render(&content)
    }

    fn wanted(&self, texts: &Texts) -> Markup {
        html! {
            @match &self.wanted {
                Wanted::Market => {},
                Wanted::Listing(title) => p.muted { (texts.wanted) " " strong { (title) } },
                Wanted::SoldOut(title) => section.panel role="alert" {
                    h2 { (title) }
                    p { strong { (texts.sold_out) } " " (texts.keep_place) }
                    div.actions { a.button href="/waiting-room?to=/" { (texts.keep_button) } }
                },
            }
        }
    }

    fn place_text(&self, language: Language) -> String {
        let time = self.expected.map(|expected| about(language, expected));
        match (language, self.place, time) {
            (Language::Fr, Place::BeforeShow(_, waiting), Some(time)) => {
                format!(
                    "Les portes ouvrent dans {time}. {waiting} personnes attendent ; les places seront tirées au sort à l'ouverture."
                )
            }
            (Language::En, Place::BeforeShow(_, waiting), Some(time)) => {
                format!(
                    "The doors open in {time}. {waiting} people are waiting; places are drawn at random when they open."
                )
            }
            (Language::Fr, Place::BeforeShow(..), None) => "Les portes ouvrent bientôt.".to_owned(),
            (Language::En, Place::BeforeShow(..), None) => "The doors open soon.".to_owned(),
            (Language::Fr, Place::Ahead(1), _) => "Vous êtes le prochain.".to_owned(),
            (Language::En, Place::Ahead(1), _) => "You are next.".to_owned(),
            (Language::Fr, Place::Ahead(ahead), Some(time)) => format!("Vous êtes à la place {ahead} : {time}."),
            (Language::En, Place::Ahead(ahead), Some(time)) => format!("You are number {ahead} in line: {time}."),
            (Language::Fr, Place::Ahead(ahead), None) => {
                format!(
                    "Vous êtes à la place {ahead}. Personne n'entre en ce moment : nous ne savons pas dire combien de temps."
                )
            }
            (Language::En, Place::Ahead(ahead), None) => {
                format!(
                    "You are number {ahead} in line. Nobody is getting in at the moment, so we cannot say how long."
                )
            }
        }
    }

    /// Several looks within the wait; spread by the place, so that neighbours do not come back in the same second.
    fn refresh_s(&self) -> u32 {
        let (soonest, latest) = REFRESH_S;
        let wait = match (self.place, self.expected) {
            // Right after the doors have opened, for everybody within ten seconds.
            (Place::BeforeShow(begins_in, waiting), _) => begins_in.as_secs() + 1 + waiting % 10,
            (Place::Ahead(ahead), Some(expected)) => expected.as_secs() / 4 + ahead % 4,
            (Place::Ahead(ahead), None) => 10 + ahead % 10,
        };
        u32::try_from(wait.clamp(soonest, latest)).unwrap_or(30)
    }
}

struct Texts {
    title: &'static str,
    promise: &'static str,
    refresh: &'static str,
    wanted: &'static str,
    sold_out: &'static str,
    keep_place: &'static str,
    keep_button: &'static str,
}

const fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Fr => &FR,
        Language::En => &EN,
    }
}

static FR: Texts = Texts {
    title: "Il y a foule devant les halles",
    promise: "Votre place est à vous : recharger la page ou l'ouvrir deux fois n'y change rien. Une fois entré, vous restez.",
    refresh: "Cette page se recharge toute seule et vous fait entrer quand c'est votre tour.",
    wanted: "Vous veniez pour :",
    sold_out: "Tout est vendu pour l'instant.",
    keep_place: "Vous pouvez garder votre place pour flâner parmi les autres étals, ou revenir plus tard.",
    keep_button: "Garder ma place pour le reste",
};

static EN: Texts = Texts {
    title: "There is a crowd in front of the market",
    promise: "Your place is yours: loading the page again or opening it twice changes nothing. Once you are in, you stay in.",
    refresh: "This page loads itself again, and lets you in when it is your turn.",
    wanted: "You came for:",
    sold_out: "All of it is sold at the moment.",
    keep_place: "You can keep your place to stroll between the other stalls, or come back later.",
    keep_button: "Keep my place for the rest",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn page(place: Place, expected: Option<u64>, wanted: Wanted) -> String {
        let visit = Visit { language: Language::En, basket_pieces: 0, path_and_query: "/waiting-room" };
        let expected = expected.map(Duration::from_secs);
        WaitingRoomPage { place, expected, to: "/l/7/a-bowl?x=\"1", wanted }.render(&visit)
    }

    #[test]
    fn the_place_and_the_time_are_told_and_the_page_looks_again_in_time() {
        let html = page(Place::Ahead(412), Some(60), Wanted::Market);
        assert!(html.contains("You are number 412 in line: about 60 seconds."), "{html}");
        assert!(html.contains("http-equiv=\"refresh\" content=\"15\""), "{html}");
        let html = page(Place::Ahead(5), None, Wanted::Market);
        assert!(html.contains("cannot say how long"), "{html}");
        let html = page(Place::BeforeShow(Duration::from_secs(600), 90), Some(600), Wanted::Market);
        assert!(html.contains("drawn at random") && html.contains("content=\"30\""), "{html}");
    }

    #[test]
    fn what_is_sold_out_is_said_at_once_and_the_place_may_be_kept() {
        let html = page(Place::Ahead(9), Some(60), Wanted::SoldOut("A <blue> bowl".to_owned()));
        assert!(html.contains("All of it is sold") && html.contains("A &lt;blue&gt; bowl"), "{html}");
        assert!(html.contains("href=\"/waiting-room?to=/\""), "{html}");
        let html = page(Place::Ahead(9), Some(60), Wanted::Listing("A bowl".to_owned()));
        assert!(!html.contains("sold") && html.contains("You came for:"), "{html}");
    }
}
