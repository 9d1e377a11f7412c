//! Following the changes, over the stream while there is one and over the outbox while there is none.
//!
//! ```text
//!                    ┌────────── place still in the stream, or begun anew after Lost ◄─────────┐
//!                    ▼                                                                         │
//!  CatchUp ──► Streaming ── the stream breaks ──► Broken ── still away after a while ──► Polling
//!     ▲  outbox passed      ▲                       │ back in time                           │ back
//!     │  the stream's tail  └───────────────────────┴────────────────────────────────────────┘
//!     └── begun at a place in the outbox
//! ```
//!
//! After every break the feed first reads the outbox once from the last change that it has heard: a Redis that comes
//! back may have forgotten its last entries, which the relay will not tell again.

use std::time::Duration;

use halles_domain::{Change, ChangePosition, FeedEvent};
use halles_redis::RedisError;
use halles_store::{Reader, StoreError};
use tokio::time::{Instant, sleep, timeout};

use super::entry::EntryId;
use super::meters::FeedMeters;
use super::settings::ChangesSettings;
use super::stream::{ChangeStream, Entries, Tail};

/// Follows the changes. [`Self::next`] never fails and may be dropped while it waits.
pub struct ChangeFeed {
    stream: Option<ChangeStream>,
    reader: Reader,
    settings: ChangesSettings,
    meters: FeedMeters,
    state: State,
    /// Where in the stream to read on; none when nothing of the stream was heard yet.
    place: Option<Place>,
    /// The furthest change that was heard; none when not even the start could be found.
    position: Option<ChangePosition>,
    /// What was heard together with a loss, to be told after it.
    after_loss: Option<FeedEvent>,
}

/// A place in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    id: EntryId,
    /// Whether the entry there was heard. If it was, its being gone tells that others behind it may be gone too.
    is_heard: bool,
}

impl Place {
    /// The beginning of whatever the stream has.
    const START: Self = Self { id: EntryId { ms: 0, number: 0 }, is_heard: false };

    const fn heard(id: EntryId) -> Self {
        Self { id, is_heard: true }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Reads the outbox up to where the stream is, and then goes on with the stream.
    CatchUp { tail: Tail, patience_ends: Instant },
    /// Reads the stream. `bridge`: the outbox first, for what a Redis that was away may have forgotten.
    Streaming { bridge: bool },
    /// Waits for the stream to come back.
    Broken { since: Instant },
    /// Reads the outbox until the stream is back.
    Polling,
}

impl ChangeFeed {
    /// Follows from now on, and from a little earlier: see [`ChangesSettings::feed_look_back_ms`]. Neither a Redis nor
    /// a store that is away is an error; an unusable address is.
    pub async fn from_now(settings: &ChangesSettings, reader: Reader) -> Result<Self, RedisError> {
        let mut feed = Self::new(settings, reader, None).await?;
        if let Some(stream) = &feed.stream
            && let Ok(tail) = stream.tail().await
        {
            let look_back = |tail: Tail| Place { id: tail.id.earlier_by(settings.feed_look_back_ms), is_heard: false };
            feed.place = Some(tail.map_or(Place::START, look_back));
            feed.position = tail.and_then(|tail| tail.position);
            feed.state = State::Streaming { bridge: false };
        }
        if feed.position.is_none() {
            feed.position = feed.reader.fetch_change_head().await.ok();
        }
        Ok(feed)
    }

    /// Follows from a place in the outbox: everything after it is told, and then what comes.
    pub async fn from_position(
        settings: &ChangesSettings,
        reader: Reader,
        position: ChangePosition,
    ) -> Result<Self, RedisError> {
        Self::new(settings, reader, Some(position)).await
    }

    async fn new(
        settings: &ChangesSettings,
        reader: Reader,
        position: Option<ChangePosition>,
    ) -> Result<Self, RedisError> {
        let stream = ChangeStream::connect_to_follow(settings).await?;
        let meters = FeedMeters::new();
        let settings = settings.clone();
        Ok(Self { stream, reader, settings, meters, state: State::Polling, place: None, position, after_loss: None })
    }

    /// What happened next. Waits for it as long as it takes, through any outage.
    pub async fn next(&mut self) -> FeedEvent {
        if let Some(event) = self.after_loss.take() {
            return event;
        }
        loop {
            let event = match self.state {
                State::Streaming { bridge: true } => self.bridge().await,
                State::Streaming { bridge: false } => self.read_stream().await,
                State::Broken { since } => self.wait_for_stream(since).await,
                State::Polling => self.poll().await,
                State::CatchUp { tail, patience_ends } => self.catch_up(tail, patience_ends).await,
            };
            if let Some(event) = event {
                return event;
            }
        }
    }

    async fn read_stream(&mut self) -> Option<FeedEvent> {
        let (Some(stream), Some(place)) = (&self.stream, self.place) else {
            self.enter(State::Polling);
            return None;
        };
        match read_whole(stream, place, &self.settings).await {
            Ok((entries, is_whole)) => {
                self.place = entries.last.map(Place::heard).or(self.place);
                self.advance(entries.changes.last().map(|change| change.position));
                let event = self.tell(entries.changes, "stream");
                if !is_whole || entries.has_unreadable {
                    self.after_loss = event;
                    return Some(self.lost());
                }
                event
            }
            Err(error) => {
                tracing::warn!(%error, "the change stream broke off");
                self.enter(State::Broken { since: Instant::now() });
                None
            }
        }
    }

    async fn wait_for_stream(&mut self, since: Instant) -> Option<FeedEvent> {
        let Some(stream) = &self.stream else {
            self.enter(State::Polling);
            return None;
        };
        let patience = self.settings.fall_back_after().saturating_sub(since.elapsed());
        if patience.is_zero() || timeout(patience, stream.wait_until_up()).await.is_err() {
            tracing::warn!("the change stream is still away; following the outbox");
            self.enter(State::Polling);
            return None;
        }
        match self.resume().await {
            Ok(event) => event,
            Err(_) => {
                // Up and down again: not at once once more.
                sleep(Duration::from_millis(10)).await;
                None
            }
        }
    }

    /// Reads the outbox, unless the stream is back.
    async fn poll(&mut self) -> Option<FeedEvent> {
        if self.stream.as_ref().is_some_and(ChangeStream::is_up)
            && let Ok(event) = self.resume().await
        {
            return event;
        }
        match self.read_outbox().await {
            Ok(Some(event)) => return Some(event),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "the outbox cannot be read"),
        }
        let rest = self.settings.poll_every();
        match &self.stream {
            Some(stream) if !stream.is_up() => drop(timeout(rest, stream.wait_until_up()).await),
            _ => sleep(rest).await,
        }
        None
    }

    async fn bridge(&mut self) -> Option<FeedEvent> {
        match self.read_outbox().await {
            // There may be more of them.
            Ok(Some(event)) => Some(event),
            // A store that is away has nothing to tell that the stream has not.
            Ok(None) | Err(_) => {
                self.enter(State::Streaming { bridge: false });
                None
            }
        }
    }

    async fn catch_up(&mut self, tail: Tail, patience_ends: Instant) -> Option<FeedEvent> {
        if self.position >= tail.position {
            self.place = Some(Place::heard(tail.id));
            self.enter(State::Streaming { bridge: false });
            return None;
        }
        if Instant::now() >= patience_ends {
            tracing::error!("the replica does not show what the change stream has told");
            self.place = Some(Place::heard(tail.id));
            self.advance(tail.position);
            self.enter(State::Streaming { bridge: false });
            return Some(self.lost());
        }
        if let Ok(Some(event)) = self.read_outbox().await {
            return Some(event);
        }
        // The replica is behind, or away.
        sleep(Duration::from_millis(self.settings.relay_rest_ms)).await;
        None
    }

    /// Goes (back) to the stream, which is there again.
    async fn resume(&mut self) -> Result<Option<FeedEvent>, RedisError> {
        let Some(stream) = &self.stream else { return Ok(None) };
        if let Some(place) = self.place {
            let is_still_there = !place.is_heard || stream.first().await?.is_some_and(|first| first <= place.id);
            tracing::info!(is_still_there, "following the change stream again");
            self.enter(State::Streaming { bridge: true });
            if is_still_there {
                return Ok(None);
            }
            // Everything that the stream has, and nobody knows what it had.
            self.place = Some(Place::START);
            return Ok(Some(self.lost()));
        }
        let tail = stream.tail().await?;
        match (tail, self.position) {
            (Some(tail), Some(_)) => {
                let patience = Duration::from_millis(self.settings.catch_up_patience_ms);
                self.enter(State::CatchUp { tail, patience_ends: Instant::now() + patience });
                Ok(None)
            }
            (None, Some(_)) => {
                self.place = Some(Place::START);
                self.enter(State::Streaming { bridge: true });
                Ok(None)
            }
            (tail, None) => {
                // Not even the start is known.
                self.place = Some(tail.map_or(Place::START, |tail| Place::heard(tail.id)));
                self.advance(tail.and_then(|tail| tail.position));
                self.enter(State::Streaming { bridge: false });
                Ok(Some(self.lost()))
            }
        }
    }

    async fn read_outbox(&mut self) -> Result<Option<FeedEvent>, StoreError> {
        let Some(position) = self.position else {
            self.position = Some(self.reader.fetch_change_head().await?);
            return Ok(Some(self.lost()));
        };
        let changes = self.reader.list_changes_after(position, self.settings.batch_size()).await?;
        self.advance(changes.last().map(|change| change.position));
        Ok(self.tell(changes, "outbox"))
    }

    /// A relay that begins anew repeats itself; the furthest change stays the furthest.
    fn advance(&mut self, heard: Option<ChangePosition>) {
        self.position = self.position.max(heard);
    }

    fn enter(&mut self, state: State) {
        self.meters.polls(state == State::Polling);
        self.state = state;
    }

    fn tell(&self, changes: Vec<Change>, from: &'static str) -> Option<FeedEvent> {
        self.meters.heard(changes.len(), from);
        (!changes.is_empty()).then_some(FeedEvent::Changes(changes))
    }

    fn lost(&self) -> FeedEvent {
        self.meters.lost();
        tracing::warn!("changes may have gone by unheard");
        FeedEvent::Lost
    }
}

/// The entries after `place`, and whether none were cut off in between: the stream is bounded, and a feed that is far
/// behind would not notice.
async fn read_whole(
    stream: &ChangeStream,
    place: Place,
    settings: &ChangesSettings,
) -> Result<(Entries, bool), RedisError> {
    let entries = stream.read_after(place.id, settings).await?;
    if !place.is_heard || entries.last.is_none() {
        return Ok((entries, true));
    }
    // Asked after the read: an entry that is there now was there then.
    let is_whole = stream.first().await?.is_some_and(|first| first <= place.id);
    Ok((entries, is_whole))
}
