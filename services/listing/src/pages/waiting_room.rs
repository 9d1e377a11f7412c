//! `GET /waiting-room`: where those wait whom the door leads here.
//!
//! One small page that loads itself again, from which whoever's turn it is goes on by itself to where they wanted to go. It
//! says so when what they came for is sold out: nobody should wait for half an hour for that. The page is drawn once for
//! each language, compressed once, and kept; a look at it costs a few lines of text.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{Language, ListingId};
use halles_http::{LocalPath, Problem, Rendered, RoomPlace, RoomStanding, Terms, Visitor, enter_market, wait_in_room};
use halles_pages::waiting_room::{Place, RoomFrame, RoomNote, Wanted};
use serde::Deserialize;

use crate::app::State;

/// The page without anybody's note in it, for each language.
pub(crate) struct RoomFrames([(Language, Rendered); Language::ALL.len()]);

impl RoomFrames {
    pub(crate) fn new() -> Self {
        Self(Language::ALL.map(|language| {
            let RoomFrame { html, note_at } = RoomFrame::draw(language);
            (language, Rendered::page(&Terms::fixed("no-store"), html, Some(note_at)))
        }))
    }

    fn in_language(&self, wanted: Language) -> &Rendered {
        let found = self.0.iter().find(|(language, _)| *language == wanted);
        &found.unwrap_or(&self.0[0]).1
    }
}

/// Where somebody wants to go.
#[derive(Debug, Deserialize)]
pub(crate) struct RoomQuery {
    #[serde(default)]
    to: String,
}

pub(crate) async fn waiting_room(
    state: Data<State>,
    visitor: Visitor,
    query: Query<RoomQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let to: LocalPath = query.to.parse().unwrap_or_else(|_| LocalPath::home());
    match state.room.ask(&request).await {
        RoomStanding::Enter(entry) => Ok(enter_market(&to, entry)),
        RoomStanding::Wait { place, expected, ticket } => {
            let wanted = wanted(&state, to.as_str()).await;
            let note = RoomNote { place: on_the_page(place), expected, to: to.as_str(), wanted };
            let frame = state.room_frames.in_language(visitor.language);
            let page = frame.answer_once(request.head(), note.render(visitor.language));
            Ok(wait_in_room(page, ticket.as_ref(), note.looks_again_in()))
        }
    }
}

/// Where somebody stands, as the page says it.
fn on_the_page(place: RoomPlace) -> Place {
    match place {
        RoomPlace::BeforeShow { begins_in, waiting } => Place::BeforeShow(begins_in, waiting),
        RoomPlace::Waiting { ahead } => Place::Ahead(ahead),
        // Both are over before a page is drawn.
        RoomPlace::YourTurn | RoomPlace::Unknown => Place::Ahead(1),
    }
}

/// What is known of the thing that somebody wants to see, out of memory or with the one read that all share.
async fn wanted(state: &State, to: &str) -> Wanted {
    let Some(id) = listing_of(to) else { return Wanted::Market };
    match state.catalogue.listing(id).await {
        Ok(found) => match found.value {
            Some(listing) if listing.is_orderable() => Wanted::Listing(listing.title.as_str().to_owned()),
            Some(listing) => Wanted::SoldOut(listing.title.as_str().to_owned()),
            None => Wanted::Market,
        },
        // Not knowing is no reason to send anybody away.
        Err(_) => Wanted::Market,
    }
}

/// The listing that a path leads to.
fn listing_of(path: &str) -> Option<ListingId> {
    let path = path.split(['?', '#']).next()?;
    path.strip_prefix("/l/")?.split('/').next()?.parse().ok()
}
