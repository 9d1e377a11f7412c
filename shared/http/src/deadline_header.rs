//! How much time is left, told from one service to the next: `X-Request-Deadline-Ms`.
//!
//! A caller can only shorten the time that a request may take here, never lengthen it, so nobody has to be trusted.

use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName};
use halles_resilience::Deadline;

/// The header; its value is a whole number of milliseconds.
pub const DEADLINE_HEADER: &str = "x-request-deadline-ms";

const NAME: HeaderName = HeaderName::from_static(DEADLINE_HEADER);

/// The deadline of a request that may take up to `longest`.
pub(crate) fn read(headers: &HeaderMap, longest: Duration) -> Deadline {
    let asked = headers.get(&NAME).and_then(|value| value.to_str().ok()?.parse().ok()).map(Duration::from_millis);
    Deadline::after(asked.map_or(longest, |asked| longest.min(asked)))
}

/// What to send along with a request to another service, so that it does not go on when nobody waits any more: name and
/// value of the header.
pub fn deadline_header(deadline: Deadline) -> (&'static str, String) {
    (DEADLINE_HEADER, deadline.remaining().as_millis().to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn a_caller_can_shorten_the_time_and_not_lengthen_it() {
        let longest = Duration::from_millis(5_000);
        let read = |value: &str| {
            let request = TestRequest::default().insert_header((DEADLINE_HEADER, value)).to_srv_request();
            read(request.headers(), longest).remaining()
        };
        let is_about = |left: Duration, millis: u64| {
            let millis = Duration::from_millis(millis);
            left <= millis && left + Duration::from_secs(1) > millis
        };
        assert!(is_about(read("2000"), 2_000));
        assert_eq!(read("0"), Duration::ZERO);
        for no_number in ["60000", "-1", "soon", "", "1.5"] {
            assert!(is_about(read(no_number), 5_000), "{no_number}");
        }
        let (name, value) = deadline_header(Deadline::after(Duration::from_millis(1_500)));
        assert_eq!(name, DEADLINE_HEADER);
        assert!((1_000..=1_500).contains(&value.parse::<u64>().expect("a number")), "{value}");
    }
}
