//! Everything that lives as long as the process, built once.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use anyhow::Context;
use halles_http::{Readiness, RunningServer, Server, Signer, SigningSettings};
use halles_payment::wire::{HostedPayment, HostedState};
use halles_settings::Secret;
use halles_telemetry::Telemetry;
use jiff::Timestamp;
use uuid::Uuid;

use crate::ledger::{Account, Ledger, LedgerError};
use crate::notices::{Herald, NoticePlan};
use crate::routes::routes;
use crate::settings::Settings;

/// What handlers work with. Clones share the books.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) ledger: Ledger,
    pub(crate) api_key: Secret,
    herald: Herald,
    public_url: Arc<str>,
}

impl Provider {
    /// What the shop is told about a payment. The page is at the address that browsers are said to use, or else at
    /// `asked_at`, where the shop has just asked us.
    pub(crate) fn describe(&self, account: &Account, asked_at: &str) -> HostedPayment {
        let id = account.opened.id;
        let base = if self.public_url.is_empty() { asked_at } else { &self.public_url };
        HostedPayment {
            id,
            state: account.state,
            amount_cents: account.opened.amount_cents,
            currency: account.opened.currency.clone(),
            page_url: format!("{base}/sandbox/payments/{id}"),
            refunded_cents: account.refunded_cents,
        }
    }

    /// Brings a payment to its end and sees to it that the shop is told. Must be called where tasks can be spawned.
    pub(crate) fn end(&self, id: Uuid, state: HostedState, plan: NoticePlan) -> Result<Account, LedgerError> {
        let to_tell = (plan.times > 0).then_some(plan);
        let account = self.ledger.proceed(id, state, to_tell, Timestamp::now())?;
        if let Some(plan) = to_tell {
            self.tell(id, plan);
        }
        Ok(account)
    }

    /// Takes the money in a while.
    pub(crate) fn end_later(&self, id: Uuid, plan: NoticePlan) -> Result<Account, LedgerError> {
        let account = self.ledger.proceed(id, HostedState::Processing, Some(plan), Timestamp::now())?;
        self.capture_in(id, plan);
        Ok(account)
    }

    fn capture_in(&self, id: Uuid, plan: NoticePlan) {
        let provider = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(plan.delay_ms)).await;
            if let Err(error) = provider.end(id, HostedState::Captured, NoticePlan { delay_ms: 0, ..plan }) {
                tracing::error!(%error, payment = %id, "a payment on its way did not arrive");
            }
        });
    }

    fn tell(&self, id: Uuid, plan: NoticePlan) {
        tokio::spawn(self.herald.clone().tell(self.clone(), self.ledger.clone(), id, plan));
    }

    /// Goes on with whatever was under way when the process ended.
    fn resume(&self) {
        for (id, state, plan) in self.ledger.unfinished() {
            let plan = plan.unwrap_or(NoticePlan { times: 1, delay_ms: 0 });
            if state == HostedState::Processing { self.capture_in(id, plan) } else { self.tell(id, plan) }
        }
    }
}

/// The provider before it listens.
pub struct App {
    settings: Settings,
    provider: Provider,
}

impl App {
    /// Opens the books.
    pub fn build(settings: Settings) -> anyhow::Result<Self> {
        let path = &settings.sandbox.journal_path;
        let ledger = Ledger::open((!path.is_empty()).then_some(Path::new(path))).context("the journal")?;
        let herald = Herald::new(&settings.sandbox).context("a client for notices")?;
        let public_url = settings.sandbox.public_url.trim_end_matches('/').into();
        let provider = Provider { ledger, api_key: settings.sandbox.api_key.clone(), herald, public_url };
        Ok(Self { settings, provider })
    }

    /// Serves until the process is told to stop.
    pub async fn run(self, telemetry: Telemetry) -> anyhow::Result<()> {
        let (server, provider) = self.into_server(telemetry);
        provider.resume();
        Ok(server.run(move |app| routes(app, Data::new(provider.clone()))).await?)
    }

    /// Starts serving and returns: for tests, which stop it themselves.
    pub fn start(self, telemetry: Telemetry) -> anyhow::Result<RunningServer> {
        let (server, provider) = self.into_server(telemetry);
        provider.resume();
        Ok(server.start(move |app| routes(app, Data::new(provider.clone())))?)
    }

    fn into_server(self, telemetry: Telemetry) -> (Server, Provider) {
        // Every server of ours can sign cookies; this one has none, so any key of its own will do.
        let signing = SigningSettings { secret: self.settings.sandbox.api_key.clone(), ..SigningSettings::default() };
        let server =
            Server::new("halles-payments", self.settings.http, Signer::new(&signing), Readiness::new(), telemetry);
        (server, self.provider)
    }
}
