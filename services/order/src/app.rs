//! Everything that lives as long as the process, built once.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use anyhow::Context;
use halles_cache::{Catalogue, room_desk};
use halles_http::{CONTENT_SECURITY_POLICY, Ladder, Need, Readiness, Room, RunningServer, Server, ShopLinks, Signer};
use halles_payment::HostedProvider;
use halles_queue::changes::ChangeFeed;
use halles_queue::order_log::{Follower, OrderLog, QueueWatch, WaitingRoom};
use halles_store::{Reader, Writer};
use halles_telemetry::Telemetry;
use tokio::task::JoinSet;

use crate::Settings;
use crate::api::Document;
use crate::error_page::error_page;
use crate::live::StatusBoard;
use crate::order_id::OrderNames;
use crate::order_status::OrderStatus;
use crate::pay::Paying;
use crate::place_order::{Parts, PlaceOrder};
use crate::routes::{classes, routes};
use crate::sell::{SellerTokens, Selling};

/// What handlers work with.
pub(crate) struct State {
    /// Prices, stock and titles, read through the cache.
    pub(crate) catalogue: Catalogue,
    /// Turns intents into orders.
    pub(crate) placing: PlaceOrder,
    /// Finds and cancels orders.
    pub(crate) orders: OrderStatus,
    /// Keeps open pages of orders up to date.
    pub(crate) live: StatusBoard,
    /// Where requests stand that are not placed yet.
    pub(crate) queue: QueueWatch,
    /// How long an open page is kept open.
    pub(crate) live_lasts: Duration,
    /// After how long of silence it gets a sign of life.
    pub(crate) sign_of_life: Duration,
    /// Whether this process is about to stop.
    pub(crate) readiness: Readiness,
    /// Takes shoppers to the payment provider, and hears from it.
    pub(crate) paying: Paying,
    /// What sellers see and say.
    pub(crate) selling: Selling,
    /// What browsers are told about pages that lead there.
    paying_policy: HeaderValue,
    /// What the checkout says about holding.
    pub(crate) hold_minutes: u32,
    /// When to come back after a refusal for load.
    pub(crate) retry_after: Duration,
    /// The API's description.
    pub(crate) document: Document,
}

impl State {
    /// Lets a page's forms lead on to the provider's page: browsers look at where a form ends up.
    pub(crate) fn payable(&self, mut page: HttpResponse) -> HttpResponse {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, self.paying_policy.clone());
        page
    }
}

/// The service before it listens.
pub struct App {
    settings: Settings,
    state: Arc<State>,
    /// What to give up when there is too much to do.
    ladder: Ladder,
    /// Who is in, when people wait in front of the market.
    outside: Room,
    readiness: Readiness,
    /// End with the app, so that nobody follows anything for an app that is gone.
    followers: JoinSet<()>,
}

impl App {
    /// Connects everything. Succeeds while Redis or the databases are away: they are waited for in use.
    pub async fn build(settings: Settings) -> anyhow::Result<Self> {
        let reader = Reader::new(&settings.store).context("the store")?;
        let writer = Writer::new(&settings.store).context("the store")?;
        let catalogue = Catalogue::connect(reader.clone(), &settings.cache).await.context("the cache")?;
        let feed = ChangeFeed::from_now(&settings.changes, reader.clone()).await.context("the change stream")?;
        let log = OrderLog::connect(&settings.order_log).await.context("the order log")?;
        let log_settings = &settings.order_log;
        let room = WaitingRoom::new(log_settings.max_waiting as usize, log_settings.outcomes_remembered as usize);
        let follower = Follower::connect(log_settings, room.clone()).await.context("the order log")?;
        let names = OrderNames::new(Signer::new(&settings.signing));

        let readiness = Readiness::new();
        watch(&readiness, &log, &writer);
        let mut followers = JoinSet::new();
        followers.spawn(follower.run());
        followers.spawn(follow_changes(feed, catalogue.clone()));
        let queue = QueueWatch::new();
        followers.spawn(queue.clone().run(log.clone()));
        let live = StatusBoard::new(reader.clone(), room.clone(), &settings.live);
        followers.spawn(live.clone().run());

        let tokens = SellerTokens::new(Signer::new(&settings.signing), settings.orders.seller_token());
        let selling = Selling::new(reader.clone(), writer.clone(), tokens);
        let orders = OrderStatus::new((reader, writer.clone()), room.clone(), names.clone(), &settings.orders);
        let provider = HostedProvider::new(&settings.payment).context("the payment provider")?;
        let links = ShopLinks::new(Signer::new(&settings.signing), &settings.links);
        let paying = Paying::new(writer.clone(), Arc::new(provider), links);
        let ladder = settings.http.ladder_with_room();
        let parts = Parts { log, room, writer, names, ladder: ladder.clone() };
        let placing = PlaceOrder::new(parts, &settings.orders);
        let state = State {
            catalogue,
            placing,
            orders,
            live,
            queue,
            live_lasts: Duration::from_millis(settings.live.stream_ms),
            sign_of_life: Duration::from_millis(settings.live.sign_of_life_ms),
            readiness: readiness.clone(),
            paying,
            selling,
            paying_policy: paying_policy(&settings.payment.page_origin())?,
            hold_minutes: u32::try_from(settings.orders.hold_ms / 60_000).unwrap_or(u32::MAX).max(1),
            retry_after: Duration::from_millis(settings.orders.retry_after_ms),
            document: Document::new(),
        };
        let outside = outside(&settings).await?;
        Ok(Self { settings, state: Arc::new(state), ladder, outside, readiness, followers })
    }

    /// Serves until the process is told to stop.
    pub async fn run(self, telemetry: Telemetry) -> anyhow::Result<()> {
        let (server, state, _followers) = self.into_server(telemetry);
        Ok(server.run(move |app| routes(app, web::Data::from(Arc::clone(&state)))).await?)
    }

    /// Starts serving and returns: for tests, which stop it themselves. What comes with it must be kept as long.
    pub fn start(self, telemetry: Telemetry) -> anyhow::Result<(RunningServer, JoinSet<()>)> {
        let (server, state, followers) = self.into_server(telemetry);
        let running = server.start(move |app| routes(app, web::Data::from(Arc::clone(&state))))?;
        Ok((running, followers))
    }

    fn into_server(self, telemetry: Telemetry) -> (Server, Arc<State>, JoinSet<()>) {
        let signer = Signer::new(&self.settings.signing);
        let server = Server::new("halles-order", self.settings.http, signer, self.readiness, telemetry);
        let server = server.error_page(error_page).classes(classes()).ladder(self.ladder).waiting_room(self.outside);
        (server, self.state, self.followers)
    }
}

/// Where people wait in front of the market.
async fn outside(settings: &Settings) -> anyhow::Result<Room> {
    let desk = room_desk(&settings.cache, "order").await.context("the cache")?;
    Ok(Room::new(desk, Signer::new(&settings.signing), &settings.http.waiting_room))
}

/// The policy of all our pages, with one more place that forms may lead to.
fn paying_policy(page_origin: &str) -> anyhow::Result<HeaderValue> {
    let policy = CONTENT_SECURITY_POLICY.replace("form-action 'self'", &format!("form-action 'self' {page_origin}"));
    HeaderValue::from_str(&policy).context("the origin of the payment pages")
}

/// Orders can be taken as long as either the log or the primary is there, and status pages shown without both. So
/// both are shown, and one good moment of either is all that a start needs.
fn watch(readiness: &Readiness, log: &OrderLog, writer: &Writer) {
    let (first_log, first_writer) = (log.clone(), writer.clone());
    readiness.add("a way to take orders", Need::Once, move || {
        let (log, writer) = (first_log.clone(), first_writer.clone());
        async move {
            match log.ping().await {
                Ok(()) => Ok(()),
                Err(_) => writer.ping().await,
            }
        }
    });
    let log = log.clone();
    readiness.add("order log", Need::Never, move || {
        let log = log.clone();
        async move { log.ping().await }
    });
    let writer = writer.clone();
    readiness.add("primary", Need::Never, move || {
        let writer = writer.clone();
        async move { writer.ping().await }
    });
}

/// Tells the cache what changed.
async fn follow_changes(mut feed: ChangeFeed, catalogue: Catalogue) {
    loop {
        let event = feed.next().await;
        catalogue.apply(&event).await;
    }
}
