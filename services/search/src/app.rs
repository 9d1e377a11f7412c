//! Everything that lives as long as the process, built once.

use std::io;
use std::sync::Arc;

use actix_web::web;
use halles_cache::{Catalogue, RedisError, room_desk};
use halles_http::{Ladder, Need, Readiness, Rendered, Room, RunningServer, Server, Signer};
use halles_queue::changes::ChangeFeed;
use halles_search_index::{LocalFiles, SnapshotError, Snapshots, WorkDirectory};
use halles_store::{Reader, StoreError};
use halles_telemetry::Telemetry;
use tokio::task::JoinHandle;

use crate::error_page::error_page;
use crate::measures::Measures;
use crate::ready::{Printer, ReadyAnswers, ready_answers};
use crate::routes::{classes, routes};
use crate::searcher::Searcher;
use crate::snapshot_follower::SnapshotFollower;
use crate::suggesting::Suggesting;
use crate::suggestions::{ReadySuggestions, ready_suggestions};
use crate::towns_file::{self, BadTowns};
use crate::unhurried::Unhurried;
use crate::warm_up::warm_up;
use crate::{SearchSettings, Settings, openapi};

/// What handlers work with.
pub(crate) struct State {
    /// The index behind its wall.
    pub(crate) searcher: Searcher,
    /// The catalogue, read through the cache.
    pub(crate) catalogue: Catalogue,
    /// Answers that are ready to send.
    pub(crate) ready: ReadyAnswers,
    /// What is suggested while somebody types.
    pub(crate) suggesting: Suggesting,
    /// Lists of suggestions that are ready to send.
    pub(crate) ready_suggestions: ReadySuggestions,
    /// Puts them into their final form.
    pub(crate) printer: Printer,
    /// How searches are answered.
    pub(crate) settings: SearchSettings,
    /// The API's description.
    pub(crate) openapi: Rendered,
    /// What to give up when there is too much to do.
    pub(crate) ladder: Ladder,
}

/// The service before it listens.
pub struct App {
    settings: Settings,
    state: Arc<State>,
    readiness: Readiness,
    /// Who is in, when people wait in front of the market.
    room: Room,
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
    /// The index's store or this process's own directory cannot be used.
    #[error("the index cannot be set up: {0}")]
    Index(#[from] SnapshotError),
    /// The list of towns cannot be used.
    #[error(transparent)]
    Towns(#[from] BadTowns),
    /// A port cannot be listened on.
    #[error(transparent)]
    Listen(#[from] io::Error),
}

impl App {
    /// Connects everything. Succeeds while Redis, the databases or the index are away: they are waited for in use.
    pub async fn build(settings: Settings) -> Result<Self, StartError> {
        let reader = Reader::new(&settings.store)?;
        let catalogue = Catalogue::connect(reader.clone(), &settings.cache).await?;
        let feed = ChangeFeed::from_now(&settings.changes, reader).await?;
        let measures = Measures::new();
        let gazetteer = towns_file::read(&settings.search.towns_path)?;
        let snapshots = Snapshots::open(&settings.index)?;
        let work_directory = WorkDirectory::take(&settings.index.work_dir)?;
        let local = LocalFiles::open(&work_directory.join("generations")).await?;
        let (follower, index) = SnapshotFollower::new(snapshots, local, measures.clone());
        let ladder = settings.http.ladder_with_room();
        let desk = room_desk(&settings.cache, "search").await?;
        let room = Room::new(desk, Signer::new(&settings.signing), &settings.http.waiting_room);
        let state = Arc::new(State {
            suggesting: Suggesting::new(index.clone(), &settings.suggestions, measures.clone()),
            searcher: Searcher::new(index, gazetteer, &settings.search, measures),
            catalogue: catalogue.clone(),
            ready: ready_answers(&settings.ready, &catalogue).obeying(ladder.clone()),
            ready_suggestions: ready_suggestions(&settings.suggestions.ready, &catalogue),
            printer: Printer::new(&settings.caching),
            settings: settings.search.clone(),
            openapi: openapi::document(),
            ladder,
        });
        let readiness = Readiness::new();
        watch(&readiness, &state);
        let warming_up = warm_up(&readiness, &state);
        let unhurried = Unhurried::start()?;
        let following_index = unhurried.spawn(follower.run(settings.search.poll_interval()));
        let following_changes = tokio::spawn(follow_changes(feed, catalogue));
        let following_phrases = unhurried.spawn(follow_phrases(Arc::clone(&state)));
        let following_edits = tokio::spawn(state.searcher.edited().clone().follow());
        let tasks = [following_index, following_changes, following_phrases, following_edits, warming_up];
        let beside = Beside { tasks, _unhurried: unhurried, _work_directory: work_directory };
        Ok(Self { settings, state, readiness, room, beside })
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
        let server = Server::new("halles-search", self.settings.http, signer, self.readiness, telemetry);
        let server = server.error_page(error_page).classes(classes()).ladder(self.state.ladder.clone());
        let server = server.waiting_room(self.room);
        (server, self.state, self.beside)
    }
}

fn watch(readiness: &Readiness, state: &Arc<State>) {
    let watched = Arc::clone(state);
    // Once loaded, an index stays: without the object store this instance still answers, from what it has.
    readiness.add("index", Need::Once, move || {
        let has_index = watched.searcher.has_index();
        async move { if has_index { Ok(()) } else { Err("no index is loaded yet") } }
    });
    let catalogue = state.catalogue.clone();
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

/// Keeps the phrases that are suggested those of the index.
async fn follow_phrases(state: Arc<State>) {
    state.suggesting.follow().await;
}

/// What goes on beside the requests, and ends with the app.
struct Beside {
    tasks: [JoinHandle<()>; 5],
    _unhurried: Unhurried,
    _work_directory: WorkDirectory,
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
