//! What a page is told while it is open, as server-sent events.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use halles_domain::Language;
use halles_http::Readiness;
use halles_pages::order_status;
use halles_queue::order_log::{LogPosition, QueuePlace, QueueWatch};
use halles_resilience::Permit;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::{Standing, Viewer};

/// How soon a browser whose answer ended asks for it anew.
const RETRY_MS: u32 = 2_000;

/// What a page needs to know: whether it is still true, and the line of it that changes.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Telling {
    /// The order's state.
    state: &'static str,
    /// How far along it is; a page that shows less loads itself again.
    step: u8,
    /// The place and the time, in words.
    text: String,
}

impl Telling {
    pub(crate) fn new(standing: Standing, queue: Option<QueuePlace>, language: Language) -> Self {
        let text = match standing {
            Standing::Pending => queue.map(|queue| order_status::queue_text(language, queue.place, queue.expected)),
            Standing::Placed { waiting, .. } => waiting.map(|waiting| order_status::waiting_text(language, waiting)),
            Standing::Nothing => None,
        };
        Self { state: standing.name(), step: standing.step(), text: text.unwrap_or_default() }
    }
}

/// One open answer.
pub(crate) struct OpenPage {
    pub(crate) viewer: Viewer,
    pub(crate) queue: QueueWatch,
    /// Where the request stands in the log, if the page knows.
    pub(crate) noted: Option<LogPosition>,
    pub(crate) language: Language,
    pub(crate) readiness: Readiness,
    pub(crate) lasts: Duration,
    pub(crate) sign_of_life: Duration,
    /// Its place among the open answers.
    pub(crate) _permit: Permit,
}

/// The events of an open page. It ends when its time is up, when nothing can change any more, or when the process is
/// about to stop.
pub(crate) fn tell(page: OpenPage) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let looks = page.queue.looks();
    let until = Instant::now() + page.lasts;
    let teller = Teller { page, looks, until, last: None, is_over: false };
    unfold(teller, |mut teller| async move { teller.next().await.map(|event| (Ok(event), teller)) })
}

struct Teller {
    page: OpenPage,
    looks: watch::Receiver<()>,
    until: Instant,
    last: Option<Telling>,
    is_over: bool,
}

impl Teller {
    async fn next(&mut self) -> Option<Bytes> {
        let silent_until = Instant::now() + self.page.sign_of_life;
        loop {
            if self.is_over || Instant::now() >= self.until || self.page.readiness.is_draining() {
                return None;
            }
            if let Some(event) = self.news() {
                return Some(event);
            }
            tokio::select! {
                is_told = self.page.viewer.changed() => self.is_over = !is_told,
                () = next_look(&mut self.looks) => {}
                () = sleep_until(silent_until.min(self.until)) => return Some(Bytes::from_static(b":\n\n")),
            }
        }
    }

    /// What has changed since the last event.
    fn news(&mut self) -> Option<Bytes> {
        let standing = self.page.viewer.standing()?;
        let queue = self.page.noted.and_then(|noted| self.page.queue.place_of(noted));
        let telling = Telling::new(standing, queue, self.page.language);
        if self.last.as_ref() == Some(&telling) {
            return None;
        }
        self.is_over = !standing.may_change();
        let retry = if self.last.is_none() { format!("retry: {RETRY_MS}\n") } else { String::new() };
        let data = serde_json::to_string(&telling).expect("words and numbers always serialize");
        self.last = Some(telling);
        Some(format!("{retry}data: {data}\n\n").into())
    }
}

/// Waits for the next look at the queue. When nobody looks at it any more, the page lives on without its place.
async fn next_look(looks: &mut watch::Receiver<()>) {
    if looks.changed().await.is_err() {
        pending().await
    }
}
