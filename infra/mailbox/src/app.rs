//! The mailbox's two doors: SMTP for mails, HTTP for readers.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::Path;

use actix_web::web::Data;
use anyhow::Context;
use halles_http::{Readiness, RunningServer, Server, Signer, SigningSettings};
use halles_telemetry::Telemetry;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::letters::Letters;
use crate::page::routes;
use crate::settings::{MailboxSettings, Settings};
use crate::smtp;

/// The mailbox before it listens.
pub struct App {
    settings: Settings,
    letters: Letters,
}

/// A mailbox that listens, for tests; dropped, it takes no more mails.
pub struct Running {
    /// The pages.
    pub server: RunningServer,
    /// Where mails are taken.
    pub smtp_addr: SocketAddr,
    _taking: JoinSet<()>,
}

impl App {
    /// An empty mailbox.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let MailboxSettings { max_mails, register_path, .. } = &settings.mailbox;
        let mut letters = Letters::new(*max_mails as usize);
        if !register_path.is_empty() {
            letters = letters.registered_in(Path::new(register_path)).context("the register of mails")?;
        }
        Ok(Self { settings, letters })
    }

    /// Takes mails and shows them until the process is told to stop.
    pub async fn run(self, telemetry: Telemetry) -> anyhow::Result<()> {
        let (_taking, _addr) = self.take_mails()?;
        let letters = self.letters.clone();
        let server = self.into_server(telemetry);
        Ok(server.run(move |app| routes(app, Data::new(letters.clone()))).await?)
    }

    /// Starts and returns: for tests.
    pub fn start(self, telemetry: Telemetry) -> anyhow::Result<Running> {
        let (taking, smtp_addr) = self.take_mails()?;
        let letters = self.letters.clone();
        let server = self.into_server(telemetry).start(move |app| routes(app, Data::new(letters.clone())))?;
        Ok(Running { server, smtp_addr, _taking: taking })
    }

    fn take_mails(&self) -> anyhow::Result<(JoinSet<()>, SocketAddr)> {
        let place = (self.settings.http.host.as_str(), self.settings.mailbox.smtp_port);
        let listener = StdListener::bind(place).with_context(|| format!("cannot listen on {}:{}", place.0, place.1))?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let listener = TcpListener::from_std(listener)?;
        let mut taking = JoinSet::new();
        taking.spawn(smtp::listen(listener, self.letters.clone(), self.settings.mailbox.max_mail_bytes as usize));
        tracing::info!(%addr, "taking mails");
        Ok((taking, addr))
    }

    fn into_server(self, telemetry: Telemetry) -> Server {
        // Every server of ours can sign cookies; this one has none, so no key is needed.
        let signer = Signer::new(&SigningSettings::default());
        Server::new("halles-mailbox", self.settings.http, signer, Readiness::new(), telemetry)
    }
}
