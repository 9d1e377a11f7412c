//! What a visitor sees when there is no page to show.

use halles_domain::{Category, Language};
use maud::{Markup, html};

use crate::texts::colon;
use crate::{Shell, Visit, address, icon, texts};

/// What went wrong, as far as a visitor can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no such page.
    NotFound,
    /// There was one, and there never will be again.
    Gone,
    /// There will be one again.
    Paused,
    /// The address or form makes no sense.
    BadRequest,
    /// A form came from another site.
    Forbidden,
    /// We are too busy, or something that we need is away.
    Busy,
    /// Our bug.
    OurFault,
}

impl Trouble {
    /// The trouble behind an HTTP status.
    pub const fn of_status(status: u16) -> Self {
        match status {
            404 => Self::NotFound,
            410 => Self::Gone,
            401 | 403 => Self::Forbidden,
            400..=499 if status != 429 && status != 408 => Self::BadRequest,
            429 | 408 | 502..=504 => Self::Busy,
            _ => Self::OurFault,
        }
    }

    fn words(self, language: Language) -> (&'static str, &'static str) {
        let texts = texts(language);
        match self {
            Self::NotFound => (texts.not_found_title, texts.not_found_text),
            Self::Gone => (texts.gone_title, texts.gone_text),
            Self::Paused => (texts.paused_title, texts.paused_text),
            Self::BadRequest => (texts.bad_request_title, texts.bad_request_text),
            Self::Forbidden => (texts.forbidden_title, texts.forbidden_text),
            Self::Busy => (texts.busy_title, texts.busy_text),
            Self::OurFault => (texts.our_fault_title, texts.our_fault_text),
        }
    }
}

/// What else to tell and offer; every part may be left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offer<'a> {
    /// What exactly was wrong, safe to show.
    pub detail: Option<&'a str>,
    /// The request's name, to quote when asking for help.
    pub reference: Option<&'a str>,
    /// Aisles to start again from.
    pub categories: &'a [&'a Category],
}

/// The whole page for `trouble`.
pub fn error_page(visit: &Visit<'_>, trouble: Trouble, offer: &Offer<'_>) -> String {
    let (title, _) = trouble.words(visit.language);
    Shell::new(visit, title).unlisted().render(&content(visit, trouble, offer))
}

fn content(visit: &Visit<'_>, trouble: Trouble, offer: &Offer<'_>) -> Markup {
    let texts = texts(visit.language);
    let (title, text) = trouble.words(visit.language);
    html! {
        div.trouble {
            (icon::closed_stall())
            h1 { (title) }
            p.lead { (text) }
            @if let Some(detail) = offer.detail { p.trouble-detail { (detail) } }
            div.actions {
                @if trouble == Trouble::Busy {
                    a.button href=(visit.path_and_query) { (texts.try_again) }
                    a.button.button-quiet href="/" { (texts.back_home) }
                } @else {
                    a.button href="/" { (texts.back_home) }
                }
            }
            @if !offer.categories.is_empty() {
                nav.chips aria-label=(texts.categories) {
                    @for category in offer.categories {
                        a.chip href=(address::category(&category.slug)) { (category.name(visit.language)) }
                    }
                }
            }
            @if let Some(reference) = offer.reference {
                p.reference { (texts.reference) (colon(visit.language)) code { (reference) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_words() {
        assert_eq!(Trouble::of_status(404), Trouble::NotFound);
        assert_eq!(Trouble::of_status(422), Trouble::BadRequest);
        assert_eq!(Trouble::of_status(429), Trouble::Busy);
        assert_eq!(Trouble::of_status(503), Trouble::Busy);
        assert_eq!(Trouble::of_status(500), Trouble::OurFault);
    }

    #[test]
    fn a_busy_market_offers_another_try_of_the_same_page() {
        let visit = Visit { language: Language::Fr, basket_pieces: 0, path_and_query: "/c/bols?min=\"3" };
        let page = error_page(&visit, Trouble::Busy, &Offer::default());
        assert!(page.contains("href=\"/c/bols?min=&quot;3\""));
        assert!(page.contains("noindex"));
    }
}
