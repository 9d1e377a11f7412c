//! Everything that lives as long as the process, built once.

use std::io;
use std::sync::Arc;

use actix_web::web;
use halles_cache::{Catalogue, RedisError, room_desk};
use halles_http::{Ladder, Need, Readiness, Room, RunningServer, Server, Signer};
use halles_queue::changes::ChangeFeed;
use halles_store::{Reader, StoreError};
use halles_telemetry::Telemetry;
use tokio::task::JoinHandle;

use crate::docs::Docs;
use crate::error_page::error_page;
use crate::pages::{Assets, RoomFrames};
use crate::ready::{Printer, ReadyAnswers, ready_answers};
use crate::routes::{classes, routes};
use crate::warm_up::warm_up;
use crate::{ListingSettings, Settings};

/// What handlers work with.
pub(crate) struct State {
    /// The catalogue, read through the cache.
    pub(crate) catalogue: Catalogue,
    /// Pages and documents that are ready to send.
    pub(crate) ready: ReadyAnswers,
    /// Puts them into their final form.
    pub(crate) printer: Printer,
    /// How much the pages show.
    pub(crate) sizes: ListingSettings,
    /// Stylesheet and drawings, ready to send.
    pub(crate) assets: Assets,
    /// The API's description and the page to read it on.
    pub(crate) docs: Docs,
    /// What to give up when there is too much to do.
    pub(crate) ladder: Ladder,
    /// Where people wait when there are too many.
    pub(crate) room: Room,
    /// The page that they wait on.
    pub(crate) room_frames: RoomFrames,
}

/// The service before it listens.
pub struct App {
    settings: Settings,
    state: Arc<State>,
    readiness: Readiness,
    beside: Beside,
}

/// Why the service could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store's settings cannot be used.
    #[error("the store cannot be set up")]
    Store(#[from] StoreError),
    /// The address of a Redis cannot be used. (One that is away is waited for.)
    #[error("Redis cannot be set up")]
    Redis(#[from] RedisError),
    /// A port cannot be listened on.
    #[error(transparent)]
    Listen(#[from] io::Error),
}

impl App {
    /// Connects everything. Succeeds while Redis or the databases are away: they are waited for in use.
    pub async fn build(settings: Settings) -> Result<Self, StartError> {
        let reader = Reader::new(&settings.store)?;
        let catalogue = Catalogue::connect(reader.clone(), &settings.cache).await?;
        let feed = ChangeFeed::from_now(&settings.changes, reader).await?;
        let following_changes = tokio::spawn(follow_changes(feed, catalogue.clone()));
        let readiness = Readiness::new();
        watch_catalogue(&readiness, &catalogue);
        let ladder = settings.http.ladder_with_room();
        let desk = room_desk(&settings.cache, "listing").await?;
        let room = Room::new(desk, Signer::new(&settings.signing), &settings.http.waiting_room);
        let state = Arc::new(State {
            ready: ready_answers(&settings.ready, &catalogue).obeying(ladder.clone()),
            catalogue,
            printer: Printer::new(&settings.caching),
            sizes: settings.listing.clone(),
            assets: Assets::new(),
            docs: Docs::new(),
            ladder,
            room,
            room_frames: RoomFrames::new(),
        });
        let beside = Beside([following_changes, warm_up(&readiness, &state)]);
        Ok(Self { settings, state, readiness, beside })
    }

    /// Serves until the process is told to stop.
    pub async fn run(self, telemetry: Telemetry) -> Result<(), StartError> {
        let (server, state, _beside) = self.into_server(telemetry);
        Ok(server.run(move |app| routes(app, web::Data::from(Arc::clone(&state)))).await?)
    }

    /// Starts serving and returns: for tests, which stop it themselves.
    pub fn start(self, telemetry: Telemetry) -> Result<(RunningServer, impl Drop + use<>), StartError> {
        let (server, state, beside) = self.into_server(telemetry);
        let running = server.start(move |app| routes(app, web::Data::from(Arc::clone(&state))))?;
        Ok((running, beside))
    }

    fn into_server(self, telemetry: Telemetry) -> (Server, Arc<State>, Beside) {
        let signer = Signer::new(&self.settings.signing);
        let server = Server::new("halles-listing", self.settings.http, signer, self.readiness, telemetry);
        let server = server.error_page(error_page).classes(classes()).ladder(self.state.ladder.clone());
        let server = server.waiting_room(self.state.room.clone());
        (server, self.state, self.beside)
    }
}

/// The category tree is on almost every page: without having had it once, there is nothing to serve.
fn watch_catalogue(readiness: &Readiness, catalogue: &Catalogue) {
    let catalogue = catalogue.clone();
    readiness.add("catalogue", Need::Once, move || {
        let catalogue = catalogue.clone();
        async move { catalogue.category_tree().await.map(|_| ()) }
    });
}

/// Tells the cache what changed.
async fn follow_changes(mut feed: ChangeFeed, catalogue: Catalogue) {
    loop {
        let event = feed.next().await;
        catalogue.apply(&event).await;
    }
}

/// What goes on beside the requests, and ends with the app: nobody follows changes for a cache that is gone.
struct Beside([JoinHandle<()>; 2]);

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}
