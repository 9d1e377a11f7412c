//! The way through the room, as answers: led there, waiting there, let in.
//!
//! | answer | status | [`ROOM_HEADER`] |
//! | --- | --- | --- |
//! | led to the room by the door | 303; 503 with `Retry-After` for programs | `led` |
//! | the room's page | 202: what was asked for is not done yet | `waiting` |
//! | let in, and on to what was asked for | 303 | `entered` |
//!
//! None of them may be kept by anybody.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use crate::LocalPath;

/// Where those who wait are led.
pub const ROOM_PATH: &str = "/waiting-room";

/// Which step on the way through the room an answer is. No other answer has it.
pub const ROOM_HEADER: HeaderName = HeaderName::from_static("x-waiting-room");

/// By which a page is loaded again. In a header, so that the page's bytes are the same for everybody.
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// The way to the room for whoever wanted to go to `path`, and from there on to it.
pub(crate) fn lead_to_room(path: &str) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, room_for(path))).insert_header((header::CACHE_CONTROL, "no-store"));
    mark_as_led(answer.finish())
}

/// Says of an answer that it stands for the way to the room.
pub(crate) fn mark_as_led<B>(mut answer: HttpResponse<B>) -> HttpResponse<B> {
    answer.headers_mut().insert(ROOM_HEADER, HeaderValue::from_static("led"));
    answer
}

/// Makes `page` the answer for somebody who waits, with their ticket if it is a new one; their browser looks again after
/// `again`.
pub fn wait_in_room<B>(mut page: HttpResponse<B>, ticket: Option<&Cookie<'_>>, again: Duration) -> HttpResponse<B> {
    *page.status_mut() = StatusCode::ACCEPTED;
    let headers = page.headers_mut();
    headers.insert(ROOM_HEADER, HeaderValue::from_static("waiting"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(REFRESH, HeaderValue::from(again.as_secs().max(1)));
    if let Some(ticket) = ticket {
        // Its parts are digits, letters and a few signs, which a header always takes.
        let _ = page.add_cookie(ticket);
    }
    page
}

/// On to where they wanted to go, with the entry that was just given, if any.
pub fn enter_market(to: &LocalPath, entry: Option<Cookie<'_>>) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer
        .insert_header((header::LOCATION, to.as_str()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((ROOM_HEADER, "entered"));
    if let Some(entry) = entry {
        answer.cookie(entry);
    }
    answer.finish()
}

/// The path of the room for whoever wanted to go to `path`.
fn room_for(path: &str) -> String {
    let mut address = format!("{ROOM_PATH}?to=");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_is_kept_and_cannot_break_out() {
        assert_eq!(room_for("/search?q=a%20b&page=2"), "/waiting-room?to=/search%3Fq%3Da%2520b%26page%3D2");
        assert_eq!(room_for("/l/1\r\nx: y"), "/waiting-room?to=/l/1%0D%0Ax%3A%20y");
    }

    #[test]
    fn every_step_says_that_it_is_one_and_is_kept_by_nobody() {
        let waits = wait_in_room(HttpResponse::Ok().finish(), None, Duration::from_secs(7));
        assert_eq!(waits.status(), StatusCode::ACCEPTED);
        assert_eq!(waits.headers().get(REFRESH), Some(&HeaderValue::from(7)));
        let enters = enter_market(&LocalPath::home(), None);
        for (answer, step) in [(lead_to_room("/"), "led"), (waits, "waiting"), (enters, "entered")] {
            assert_eq!(answer.headers().get(ROOM_HEADER), Some(&HeaderValue::from_static(step)));
            let kept = answer.headers().get(header::CACHE_CONTROL).expect("terms").to_str().expect("text");
            assert!(kept.contains("no-store"), "{kept}");
        }
    }
}
