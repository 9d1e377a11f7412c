//! A service's two ports, from start to drained stop.

use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::num::NonZero;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::Request;
use actix_service::{Service as _, apply_fn_factory};
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Response, ServerHandle, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::future::{Either, FutureExt as _, TryFutureExt as _};
use halles_resilience::{Class, Ladder};
use halles_telemetry::Telemetry;
use tokio::task::JoinHandle;

use crate::admin::{Admin, cannot_listen, flush};
use crate::admission::Admission;
use crate::backstage::Backstage;
use crate::beat::{keep_ladder_beat, keep_room_beat, keep_worker_beat};
use crate::chance::Share;
use crate::client_address::TrustedHops;
use crate::door::{self, House, Porter};
use crate::measures::Measures;
use crate::rungs::Rungs;
use crate::stop_signal::StopSignal;
use crate::{Classes, ErrorPage, HttpSettings, Problem, Readiness, Room, Signer, error_page, inputs};

/// A service that is about to listen.
pub struct Server {
    name: &'static str,
    settings: HttpSettings,
    signer: Signer,
    readiness: Readiness,
    telemetry: Telemetry,
    error_page: ErrorPage,
    classes: Classes,
    ladder: Option<Ladder>,
    room: Option<Room>,
}

impl Server {
    /// The service `name`, for its logs.
    pub fn new(
        name: &'static str,
        settings: HttpSettings,
        signer: Signer,
        readiness: Readiness,
        telemetry: Telemetry,
    ) -> Self {
        let (error_page, classes) = (error_page::plain as ErrorPage, Classes::all(Class::Listing));
        Self { name, settings, signer, readiness, telemetry, error_page, classes, ladder: None, room: None }
    }

    /// What matters how much of what is asked for; unless said, everything is a page to look at.
    #[must_use]
    pub fn classes(mut self, classes: Classes) -> Self {
        self.classes = classes;
        self
    }

    /// Moves this ladder, which the service obeys.
    #[must_use]
    pub fn ladder(mut self, ladder: Ladder) -> Self {
        self.ladder = Some(ladder);
        self
    }

    /// Leads whoever was not let in to this room, on the last rung.
    #[must_use]
    pub fn waiting_room(mut self, room: Room) -> Self {
        self.room = Some(room);
        self
    }

    /// Draws problems with this page, for people.
    #[must_use]
    pub fn error_page(mut self, page: ErrorPage) -> Self {
        self.error_page = page;
        self
    }

    /// Answers requests until the process is told to stop (SIGTERM, SIGINT), then drains. A second signal ends the
    /// process without waiting for anybody.
    pub async fn run<C>(self, routes: C) -> io::Result<()>
    where
        C: Fn(&mut ServiceConfig) + Clone + Send + 'static,
    {
        halles_telemetry::log_panics();
        let mut stop_signal = StopSignal::listen()?;
        let telemetry = self.telemetry.clone();
        let running = self.start(routes)?;
        stop_signal.next().await;
        tokio::select! {
            () = running.stop() => {}
            () = stop_signal.next() => tracing::warn!("stopped by a second signal"),
        }
        flush(&telemetry).await;
        Ok(())
    }

    /// Starts answering and returns: for tests, which stop it themselves.
    pub fn start<C>(self, routes: C) -> io::Result<RunningServer>
    where
        C: Fn(&mut ServiceConfig) + Clone + Send + 'static,
    {
        let doors = &self.settings.admission;
        let ladder = self.ladder.unwrap_or_else(|| Ladder::new(doors.ladder_times()));
        let rungs = Arc::new(Rungs::new(ladder.clone()));
        let admission = Arc::new(Admission::new(doors, self.classes, ladder, self.room));
        let backstage = Arc::new(Backstage {
            service: self.name,
            admission: Arc::clone(&admission),
            rungs: Arc::clone(&rungs),
            token: doors.rung_token.clone(),
            signer: self.signer.clone(),
        });
        let admin = Admin::start(&self.settings.admin(), &self.readiness, &self.telemetry, Some(backstage))?;
        let beats = [
            tokio::spawn(keep_ladder_beat(Arc::clone(&admission), rungs)),
            tokio::spawn(keep_room_beat(Arc::clone(&admission))),
        ];
        let house = Arc::new(House {
            request_deadline: self.settings.request_deadline(),
            admission,
            body_limit_bytes: self.settings.body_limit_bytes,
            signer: self.signer,
            error_page: self.error_page,
            measures: Measures::new(),
            readiness: self.readiness.clone(),
            slow_answer: Duration::from_millis(self.settings.slow_answer_ms),
            access_log_share: Share::new(self.settings.access_log_share),
            trace_share: Share::new(self.telemetry.trace_share()),
        });
        let (addr, handle, serving) = listen(&self.settings, house, routes)?;
        tracing::info!(service = self.name, %addr, admin = %admin.addr, "started");
        let drain_delay = Duration::from_millis(self.settings.drain_delay_ms);
        Ok(RunningServer {
            addr,
            admin_addr: admin.addr,
            readiness: self.readiness,
            drain_delay,
            handle,
            serving,
            admin,
            beats,
        })
    }
}

fn listen<C>(
    settings: &HttpSettings,
    house: Arc<House>,
    routes: C,
) -> io::Result<(SocketAddr, ServerHandle, JoinHandle<io::Result<()>>)>
where
    C: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let signer = web::Data::new(house.signer.clone());
    let body_limit_bytes = settings.body_limit_bytes;
    let hops = TrustedHops(settings.admission.trusted_hops);
    let app = move || {
        let porter = Rc::new(Porter::new(Arc::clone(&house)));
        let express_porter = Rc::clone(&porter);
        // On the worker's own thread, which is what its beat tells about.
        actix_web::rt::spawn(keep_worker_beat(Rc::downgrade(&porter)));
        let app = App::new()
            .app_data(signer.clone())
            .app_data(hops)
            .configure(|app| inputs::configure(app, body_limit_bytes))
            .configure(routes.clone())
            .default_service(web::to(nowhere))
            .wrap(from_fn(move |request, next| door::pass(Rc::clone(&porter), request, next)));
        apply_fn_factory(app, move |request: Request, app| match door::pass_at_once(&express_porter, &request) {
            Some(answer) => Either::Left(ready(Ok(Response::from(answer).map_body(|_, body| EitherBody::left(body))))),
            // Boxed, for else every answer would be moved about in a place as large as the largest handler's.
            None => Either::Right(app.call(request).map_ok(to_response).boxed_local()),
        })
    };
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, NonZero::get),
        chosen => chosen,
    };
    let server = HttpServer::new(app)
        .workers(workers)
        .backlog(settings.backlog)
        // An answer's last small packet must not wait for the peer's delayed acknowledgement, which takes 40 ms.
        .tcp_nodelay(true)
        .max_connections(settings.max_connections_per_worker)
        .keep_alive(Duration::from_millis(settings.keep_alive_ms))
        .client_request_timeout(Duration::from_millis(settings.head_timeout_ms))
        .shutdown_timeout(settings.drain_timeout_ms.div_ceil(1_000))
        .disable_signals()
        .bind((settings.host.as_str(), settings.port))
        .map_err(|error| cannot_listen(&settings.host, settings.port, &error))?;
    let addr = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    Ok((addr, handle, tokio::spawn(server)))
}

fn to_response<B: MessageBody>(answer: ServiceResponse<B>) -> Response<EitherBody<BoxBody, B>> {
    Response::from(answer).map_body(|_, body| EitherBody::right(body))
}

/// Where no route leads: a wrong address, or a right one asked in a wrong way.
async fn nowhere(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let is_right_address = request.match_pattern().is_some();
    let status = if is_right_address { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::NOT_FOUND };
    Err(Problem::from_status(status))
}

/// A service that listens.
pub struct RunningServer {
    /// Where shoppers are answered.
    pub addr: SocketAddr,
    /// Where health and metrics are.
    pub admin_addr: SocketAddr,
    readiness: Readiness,
    drain_delay: Duration,
    handle: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
    admin: Admin,
    beats: [JoinHandle<()>; 2],
}

impl RunningServer {
    /// The address of a path on the shoppers' port.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// The address of a path on the admin port.
    pub fn admin_url(&self, path: &str) -> String {
        format!("http://{}{path}", self.admin_addr)
    }

    /// Stops without losing anybody: withdraws readiness, goes on answering until the balancer must have noticed, then
    /// takes nothing new and finishes what is in flight.
    pub async fn stop(self) {
        tracing::info!("told to stop");
        self.readiness.start_draining();
        tokio::time::sleep(self.drain_delay).await;
        self.handle.stop(true).await;
        match self.serving.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the server ended badly"),
            Err(error) => tracing::error!(%error, "the server panicked"),
        }
        self.beats.iter().for_each(JoinHandle::abort);
        // The admin port is last, so that readiness can be asked to the end.
        self.admin.stop().await;
    }
}
