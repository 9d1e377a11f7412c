//! The page of whoever waits in front of the market.
//!
//! A crowd looks at it again and again, so it is drawn once for each language ([`RoomFrame`]): what is one visitor's own
//! ([`RoomNote`]) is a few lines in one place of it. Needs no script and has none: the browser loads it again when the
//! answer says so, the later the longer the wait is, and never in step with others.

mod texts;

use std::ops::Range;
use std::time::Duration;

use halles_domain::Language;
use maud::{Markup, PreEscaped, html};

use self::texts::{RoomTexts, place_text, room_texts};
use crate::shell::language_switch;
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

/// What of the page is the same for everybody.
#[derive(Debug)]
pub struct RoomFrame {
    /// The whole page without anybody's note in it.
    pub html: String,
    /// Where the note belongs.
    pub note_at: Range<usize>,
}

impl RoomFrame {
    /// The frame in this language.
    pub fn draw(language: Language) -> Self {
        // No text of ours has this in it, and none of anybody else stands in the frame.
        const MARK: &str = "<!--note-->";
        let visit = Visit { language, basket_pieces: 0, path_and_query: "/waiting-room" };
        let shell = Shell::new(&visit, room_texts(language).title).unlisted().in_front();
        let html = shell.render(&html! { (PreEscaped(MARK)) });
        let start = html.find(MARK).unwrap_or(html.len());
        let html = html.replacen(MARK, "", 1);
        Self { html, note_at: start..start }
    }
}

/// What of the page is one visitor's own.
#[derive(Debug)]
pub struct RoomNote<'a> {
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
const LOOKS_AGAIN_S: (u64, u64) = (4, 30);

impl RoomNote<'_> {
    /// The note, to stand in its frame.
    pub fn render(&self, language: Language) -> String {
        let texts = room_texts(language);
        let (title, promise) = match self.place {
            Place::BeforeShow(..) => (texts.title_before, texts.promise_before),
            Place::Ahead(_) => (texts.title, texts.promise),
        };
        let back = address::with_query("/waiting-room", [("to", self.to)]);
        let note = html! {
            article.order {
                div.state.state-waiting {
                    span.state-sign { (icon::hourglass()) }
                    h1 { (title) }
                    p.lead role="status" { strong { (place_text(language, self.place, self.expected)) } }
                    p { (promise) }
                    p.muted.small { (texts.refresh) }
                }
                (self.wanted(texts))
                nav.room-language aria-label=(texts.language) { (language_switch(language, &back)) }
            }
        };
        note.into_string()
    }

    /// When their browser should look again: several times within the wait; spread by the place, so that neighbours do not
    /// come back in the same second.
    pub fn looks_again_in(&self) -> Duration {
        let (soonest, latest) = LOOKS_AGAIN_S;
        let seconds = match (self.place, self.expected) {
            // Right after the doors have opened, for everybody within ten seconds.
            (Place::BeforeShow(begins_in, waiting), _) => begins_in.as_secs() + 1 + waiting % 10,
            (Place::Ahead(ahead), Some(expected)) => expected.as_secs() / 4 + ahead % 4,
            (Place::Ahead(ahead), None) => 10 + ahead % 10,
        };
        Duration::from_secs(seconds.clamp(soonest, latest))
    }

    fn wanted(&self, texts: &RoomTexts) -> Markup {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(place: Place, expected: Option<u64>, wanted: Wanted) -> RoomNote<'static> {
        RoomNote { place, expected: expected.map(Duration::from_secs), to: "/l/7/a-bowl?x=\"1", wanted }
    }

    #[test]
    fn the_place_and_the_time_are_told_and_the_page_looks_again_in_time() {
        let soon = note(Place::Ahead(412), Some(60), Wanted::Market);
        let html = soon.render(Language::En);
        assert!(html.contains("You are number 412 in line: about 60 seconds."), "{html}");
        assert_eq!(soon.looks_again_in(), Duration::from_secs(15));
        let unknown = note(Place::Ahead(5), None, Wanted::Market).render(Language::En);
        assert!(unknown.contains("cannot say how long"), "{unknown}");
        let before = note(Place::BeforeShow(Duration::from_secs(600), 90), Some(600), Wanted::Market);
        assert!(before.render(Language::En).contains("drawn at random"), "{before:?}");
        assert_eq!(before.looks_again_in(), Duration::from_secs(30));
    }

    #[test]
    fn what_is_sold_out_is_said_at_once_and_the_place_may_be_kept() {
        let html = note(Place::Ahead(9), Some(60), Wanted::SoldOut("A <blue> bowl".to_owned())).render(Language::En);
        assert!(html.contains("All of it is sold") && html.contains("A &lt;blue&gt; bowl"), "{html}");
        assert!(html.contains("href=\"/waiting-room?to=/\""), "{html}");
        let html = note(Place::Ahead(9), Some(60), Wanted::Listing("A bowl".to_owned())).render(Language::En);
        assert!(!html.contains("sold") && html.contains("You came for:"), "{html}");
    }

    #[test]
    fn the_frame_is_a_whole_page_that_leads_nowhere_and_the_note_is_small() {
        for language in Language::ALL {
            let RoomFrame { html, note_at } = RoomFrame::draw(language);
            let (before, after) = html.split_at(note_at.start);
            assert!(before.starts_with("<!DOCTYPE html>") && before.contains("<main"), "{before}");
            assert!(after.starts_with("</main>") && after.ends_with("</html>"), "{after}");
            assert!(
                !html.contains("<form") && !html.contains("<script") && !html.contains("href=\"/basket\""),
                "{html}"
            );
            let note = note(Place::Ahead(123_456), None, Wanted::SoldOut("Un bol".repeat(10))).render(language);
            assert!(note.len() < 2_000 && note.contains("%252Fl%252F7%252Fa-bowl"), "{} bytes: {note}", note.len());
        }
    }
}
