//! The admin port: health and metrics, and the frame of a worker that has nothing else to answer.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::header;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Context;
use halles_resilience::Shutdown;
use halles_telemetry::{OPEN_METRICS, Telemetry};
use tokio::task::JoinHandle;

use crate::backstage::{self, Backstage};
use crate::stop_signal::StopSignal;
use crate::{AdminSettings, Readiness};

/// An answer older than this many probe intervals is no answer any more.
const OLDEST_ANSWER_INTERVALS: u32 = 3;

/// The admin port, listening.
pub(crate) struct Admin {
    pub(crate) addr: SocketAddr,
    handle: ServerHandle,
    probes: Vec<JoinHandle<()>>,
}

impl Admin {
    /// Listens. What serves shoppers shows its door here, too.
    pub(crate) fn start(
        settings: &AdminSettings,
        readiness: &Readiness,
        telemetry: &Telemetry,
        backstage: Option<Arc<Backstage>>,
    ) -> io::Result<Self> {
        let oldest_answer = settings.probe_interval() * OLDEST_ANSWER_INTERVALS + settings.probe_timeout();
        let state =
            web::Data::new(AdminState { readiness: readiness.clone(), telemetry: telemetry.clone(), oldest_answer });
        let app = move || {
            App::new()
                .app_data(state.clone())
                .route("/livez", web::get().to(livez))
                .route("/readyz", web::get().to(readyz))
                .route("/metrics", web::get().to(metrics))
                .configure(|app| backstage.iter().for_each(|backstage| backstage::routes(app, backstage)))
        };
        // One thread of its own: a busy instance still says that it is alive.
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = server
            .bind((settings.host.as_str(), settings.admin_port))
            .map_err(|error| cannot_listen(&settings.host, settings.admin_port, &error))?;
        let addr = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        let probes = readiness.watch(settings.probe_interval(), settings.probe_timeout());
        Ok(Self { addr, handle, probes })
    }

    pub(crate) async fn stop(self) {
        self.probes.iter().for_each(JoinHandle::abort);
        self.handle.stop(false).await;
    }
}

/// Names the port, because "address in use" alone sends people searching.
pub(crate) fn cannot_listen(host: &str, port: u16, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot listen on {host}:{port}: {error}"))
}

struct AdminState {
    readiness: Readiness,
    telemetry: Telemetry,
    oldest_answer: Duration,
}

/// Answers as long as the process can; asks nobody else, because a restart would cure nobody else.
async fn livez() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(serde_json::json!({ "alive": true }))
}

async fn readyz(state: web::Data<AdminState>) -> HttpResponse {
    let report = state.readiness.report(state.oldest_answer);
    let mut answer = if report.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    if !report.ready {
        answer.insert_header((header::RETRY_AFTER, 1));
    }
    answer.insert_header((header::CACHE_CONTROL, "no-store")).json(report)
}

/// Prometheus asks for OpenMetrics, which has room for exemplars; people and older readers get the plain text.
async fn metrics(state: web::Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let accepted = request.headers().get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    let wants_open_metrics = accepted.is_some_and(|accepted| accepted.contains("application/openmetrics-text"));
    let (media_type, text) = if wants_open_metrics {
        (OPEN_METRICS, state.telemetry.open_metrics_text())
    } else {
        ("text/plain; version=0.0.4", state.telemetry.prometheus_text())
    };
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, media_type)).body(text)
}

/// The frame of a worker: an admin port, and the order to stop passed on to the work.
pub struct AdminServer {
    name: &'static str,
    settings: AdminSettings,
    readiness: Readiness,
    telemetry: Telemetry,
}

impl AdminServer {
    /// The frame of the worker `name`.
    pub fn new(name: &'static str, settings: AdminSettings, readiness: Readiness, telemetry: Telemetry) -> Self {
        Self { name, settings, readiness, telemetry }
    }

    /// Does `work` until it ends by itself or the process is told to stop. Told to stop, readiness is withdrawn, the
    /// work is asked to finish what it has in hand, and it is left behind when that takes longer than it may. A second
    /// signal ends the process at once.
    pub async fn run<F>(self, work: impl FnOnce(Shutdown) -> F) -> anyhow::Result<()>
    where
        F: Future<Output = anyhow::Result<()>>,
    {
        halles_telemetry::log_panics();
        let mut stop_signal = StopSignal::listen().context("cannot listen for signals")?;
        let admin = Admin::start(&self.settings, &self.readiness, &self.telemetry, None)?;
        tracing::info!(service = self.name, admin = %admin.addr, "started");
        let shutdown = Shutdown::new();
        let mut work = Box::pin(work(shutdown.clone()));
        let outcome = tokio::select! {
            outcome = &mut work => outcome,
            () = stop_signal.next() => {
                tracing::info!("told to stop");
                self.readiness.start_draining();
                shutdown.request();
                tokio::select! {
                    outcome = tokio::time::timeout(self.settings.drain_timeout(), &mut work) => {
                        outcome.context("the work in hand was not finished in time").flatten()
                    }
                    () = stop_signal.next() => Err(anyhow::anyhow!("stopped by a second signal")),
                }
            }
        };
        admin.stop().await;
        flush(&self.telemetry).await;
        outcome
    }
}

/// Hands over what is left; off the async threads, because it blocks.
pub(crate) async fn flush(telemetry: &Telemetry) {
    tracing::info!("stopped");
    let telemetry = telemetry.clone();
    // It fails only if it panics, and there is nobody left to tell.
    let _ = tokio::task::spawn_blocking(move || telemetry.flush()).await;
}
