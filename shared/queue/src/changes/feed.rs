//! Following the changes, over the stream while there is one and over the outbox while there is none.
//!
//! ```text
//!                      ┌──── the stream is back ◄──────────────────────────────┐
//!                      ▼                                                       │
//!  CatchUp ───► Streaming ── the stream breaks ──► Broken ── still away ──► Polling
//!     ▲ heard     │    ▲                             │ back in time
//!     └── a gap ◄─┘    └─────────────────────────────┘
//! ```
//!
//! Each entry of the stream names the change in front of it. So whatever happened to the stream (trimmed, emptied, its
//! last entries forgotten in a failover), the next entry shows that something is missing, and the outbox is read until
//! that has been heard. If no next entry comes, a look into the outbox in every quiet moment finds what is missing. Only
//! what the replica does not show either, however long it is waited for, is a loss.
//!
//! What the fleet shares (L2) must be dropped by somebody even when nobody was there for a while. So feeds that begin now
//! note in Redis how far they have heard, and begin where the last of them left off.

use std::time::Duration;

use halles_domain::{Change, ChangePosition, FeedEvent};
use halles_redis::RedisError;
use halles_store::{Reader, StoreError};
use tokio::time::{Instant, sleep, timeout};

use super::entry::EntryId;
use super::meters::FeedMeters;
use super::settings::ChangesSettings;
use super::stream::{ChangeStream, Entry};

/// How often a feed notes how far it has heard. What lies in between is heard again by the next to begin.
const NOTE_EVERY: Duration = Duration::from_secs(1);

/// Noting it is worth no more than this: the next try is near.
const NOTE_PATIENCE: Duration = Duration::from_millis(50);

/// Follows the changes. [`Self::next`] never fails and may be dropped while it waits.
pub struct ChangeFeed {
    stream: Option<ChangeStream>,
    reader: Reader,
    settings: ChangesSettings,
    meters: FeedMeters,
    state: State,
    /// The last entry of the stream that was read, or the place in front of the first to read.
    place: EntryId,
    /// Up to here entries of the stream are told although their changes lie before `position`.
    look_back_ends: EntryId,
    /// Everything up to this change was heard; none when not even the start could be found.
    position: Option<ChangePosition>,
    /// What was heard together with a loss, to be told after it.
    after_loss: Option<FeedEvent>,
    notes: Notes,
}

/// Whether this feed notes how far it has heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notes {
    /// It does, and has noted this at this moment.
    Taken { at: Option<Instant>, position: Option<ChangePosition> },
    /// Not this one: it began somewhere else, or it has lost something that the next to begin can still be told.
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Reads the outbox up to a change that the stream presupposes, and then goes on with the stream.
    CatchUp { until: ChangePosition, patience_ends: Instant },
    /// Reads the stream.
    Streaming,
    /// Waits for the stream to come back.
    Broken { since: Instant },
    /// Reads the outbox until the stream is back.
    Polling,
}

impl ChangeFeed {
    /// Follows from now on, and from a little earlier: see [`ChangesSettings::feed_look_back_ms`]; and from where the
    /// last to follow in this way left off, however long ago. Whoever takes the next event has dealt with this one.
    /// Neither a Redis nor a store that is away is an error; an unusable address is.
    pub async fn from_now(settings: &ChangesSettings, reader: Reader) -> Result<Self, RedisError> {
        let mut feed = Self::new(settings, reader, None).await?;
        feed.notes = Notes::Taken { at: None, position: None };
        let mut is_stream_empty = true;
        if let Some(stream) = &feed.stream
            && let (Ok(tail), Ok(heard)) = (stream.tail().await, stream.fetch_heard().await)
        {
            if let Some(tail) = tail {
                feed.place = tail.id.earlier_by(settings.feed_look_back_ms);
                feed.look_back_ends = tail.id;
                is_stream_empty = false;
            }
            // Without it the first entry is the start.
            feed.position = heard;
            feed.state = State::Streaming;
        }
        if feed.position.is_none() && is_stream_empty {
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
        Ok(Self {
            stream: ChangeStream::connect_to_follow(settings).await?,
            reader,
            settings: settings.clone(),
            meters: FeedMeters::new(),
            state: State::Polling,
            place: EntryId::default(),
            look_back_ends: EntryId::default(),
            position,
            after_loss: None,
            notes: Notes::No,
        })
    }

    /// What happened next. Waits for it as long as it takes, through any outage.
    pub async fn next(&mut self) -> FeedEvent {
        if let Some(event) = self.after_loss.take() {
            return event;
        }
        loop {
            self.note_heard().await;
            let event = match self.state {
                State::Streaming => self.read_stream().await,
                State::CatchUp { until, patience_ends } => self.catch_up(until, patience_ends).await,
                State::Broken { since } => self.wait_for_stream(since).await,
                State::Polling => self.poll().await,
            };
            if let Some(event) = event {
                return event;
            }
        }
    }

    /// Everything up to our position was dealt with by whoever asks for the next event.
    async fn note_heard(&mut self) {
        let (Notes::Taken { at, position: noted }, Some(stream)) = (self.notes, &self.stream) else { return };
        let is_time = at.is_none_or(|at| at.elapsed() >= NOTE_EVERY);
        let Some(position) = self.position.filter(|_| is_time && self.state == State::Streaming) else { return };
        if noted == Some(position) {
            return;
        }
        self.notes = Notes::Taken { at: Some(Instant::now()), position: Some(position) };
        if !matches!(timeout(NOTE_PATIENCE, stream.save_heard(position)).await, Ok(Ok(()))) {
            self.notes = Notes::Taken { at: Some(Instant::now()), position: noted };
        }
    }

    async fn read_stream(&mut self) -> Option<FeedEvent> {
        let Some(stream) = &self.stream else {
            self.enter(State::Polling);
            return None;
        };
        match stream.read_after(self.place, &self.settings).await {
            Ok(entries) if entries.is_empty() => self.look_into_outbox().await,
            Ok(entries) => self.take_in(&entries),
            Err(error) => {
                tracing::warn!(%error, "the change stream broke off");
                self.enter(State::Broken { since: Instant::now() });
                None
            }
        }
    }

    /// Takes entries up to the first one in front of which something is missing.
    fn take_in(&mut self, entries: &[Entry]) -> Option<FeedEvent> {
        let mut changes = Vec::with_capacity(entries.len());
        let mut has_unreadable = false;
        for entry in entries {
            let Some(link) = entry.link else {
                has_unreadable = true;
                // What it told is lost, so the next one cannot be asked for it.
                self.position = None;
                self.place = entry.id;
                continue;
            };
            let is_looked_back_at = entry.id <= self.look_back_ends;
            if self.position.is_some_and(|position| link.after > position) {
                self.begin_catching_up(link.after);
                break;
            }
            if is_looked_back_at || self.position.is_none_or(|position| link.change.position > position) {
                changes.push(link.change);
            }
            self.advance(Some(link.change.position));
            self.place = entry.id;
        }
        let event = self.tell(changes, "stream");
        if has_unreadable {
            self.after_loss = event;
            return Some(self.lost());
        }
        event
    }

    /// Nothing has come for a while: either nothing has happened, or the stream was emptied, which shows nowhere else.
    async fn look_into_outbox(&mut self) -> Option<FeedEvent> {
        // A store that does not answer must not hold up the stream.
        match timeout(self.settings.feed_block(), self.read_outbox()).await {
            Ok(Ok(event)) => event,
            _ => None,
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

    async fn catch_up(&mut self, until: ChangePosition, patience_ends: Instant) -> Option<FeedEvent> {
        if self.position.is_some_and(|position| position >= until) {
            self.enter(State::Streaming);
            return None;
        }
        if Instant::now() >= patience_ends {
            tracing::error!("the replica does not show what the change stream presupposes");
            self.advance(Some(until));
            self.enter(State::Streaming);
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
        let tail = stream.tail().await?;
        tracing::info!("following the change stream again");
        self.enter(State::Streaming);
        let Some(tail) = tail else {
            self.place = EntryId::default();
            return Ok(self.position.is_none().then(|| self.lost()));
        };
        let is_first_sight = self.place == EntryId::default();
        if self.position.is_none() {
            self.place = tail.id;
            return Ok(Some(self.lost()));
        }
        match tail.link {
            // A feed that begins at a place in the outbox need not read all that the stream still has from before.
            Some(link) if is_first_sight => {
                self.place = tail.id;
                self.begin_catching_up(link.change.position);
            }
            // Another server whose clock is behind: none of its entries would come after our place.
            _ if tail.id < self.place => self.place = EntryId::default(),
            _ => {}
        }
        Ok(None)
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

    fn begin_catching_up(&mut self, until: ChangePosition) {
        let patience = Duration::from_millis(self.settings.catch_up_patience_ms);
        self.enter(State::CatchUp { until, patience_ends: Instant::now() + patience });
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

    fn lost(&mut self) -> FeedEvent {
        self.notes = Notes::No;
        self.meters.lost();
        tracing::warn!("changes may have gone by unheard");
        FeedEvent::Lost
    }
}
