//! `GET /waiting-room`: where those wait whom the door leads here.
//!
//! One small page that loads itself again, from which whoever's turn it is goes on by itself to where they wanted to go. It
//! says so when what they came for is sold out: nobody should wait for half an hour for that.

use actix_web::http::header::{self, ContentType};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::ListingId;
use halles_http::{LocalPath, Problem, RoomPlace, RoomStanding, Visitor};
use halles_pages::waiting_room::{Place, WaitingRoomPage, Wanted};
use serde::Deserialize;

use crate::answer::visit;
use crate::app::State;

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
        RoomStanding::Enter(entry) => {
            let mut answer = HttpResponse::SeeOther();
            answer.insert_header((header::LOCATION, to.as_str()));
            answer.insert_header((header::CACHE_CONTROL, "no-store"));
            if let Some(entry) = entry {
                answer.cookie(entry);
            }
            Ok(answer.finish())
        }
        RoomStanding::Wait { place, expected, ticket } => {
            let wanted = wanted(&state, to.as_str()).await;
            let page = WaitingRoomPage { place: on_the_page(place), expected, to: to.as_str(), wanted };
            let mut answer = HttpResponse::Ok();
            answer.insert_header(ContentType::html());
            answer.insert_header((header::CACHE_CONTROL, "private, no-store"));
            if let Some(ticket) = ticket {
                answer.cookie(ticket);
            }
            Ok(answer.body(page.render(&visit(&visitor))))
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
