//! Our own services as processes: which settings each gets from this stack.
//!
//! Everything else keeps the default that the service documents.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::Signal;

use super::postgres::{DATABASE, Postgres, Role};
use super::process::{ProcessSpec, wave};
use super::readiness::Readiness;
use crate::ports::{InstancePorts, Ports, instance_name};
use crate::secrets::Secrets;
use crate::state_dir::StateDir;

/// The packages whose programs a stack runs.
pub const PACKAGES: [&str; 8] = [
    "halles-listing",
    "halles-search",
    "halles-order",
    "halles-order-worker",
    "halles-indexer",
    "halles-migrate",
    "halles-payments",
    "halles-mailbox",
];

/// The built programs of our services.
#[derive(Debug, Clone)]
pub struct ServicePrograms {
    directory: PathBuf,
}

impl ServicePrograms {
    /// The programs in one directory, named after their packages.
    pub fn in_directory(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// One program by the name of its package.
    pub fn program(&self, package: &str) -> PathBuf {
        self.directory.join(package)
    }

    /// The packages whose program is not there.
    pub fn list_missing(&self) -> Vec<&'static str> {
        PACKAGES.into_iter().filter(|package| !self.program(package).is_file()).collect()
    }
}

/// What the services need to know about the stack around them.
pub struct Surroundings<'a> {
    /// Their programs.
    pub programs: &'a ServicePrograms,
    /// Who listens where.
    pub ports: &'a Ports,
    /// The databases.
    pub postgres: &'a Postgres,
    /// Signing key.
    pub secrets: &'a Secrets,
    /// Where the index, its scratch space and the payment provider's journal live.
    pub state: &'a StateDir,
    /// The address that the shop is reachable at.
    pub url: &'a str,
    /// What all services get on top of their own settings.
    pub shared_settings: &'a [(String, String)],
}

impl Surroundings<'_> {
    /// Workers and web services, in the order of starting.
    pub fn processes(&self) -> Vec<ProcessSpec> {
        let mut all = Vec::new();
        for (index, admin_port) in self.ports.indexer.iter().enumerate() {
            let name = instance_name("indexer", index, self.ports.indexer.len());
            all.push(self.worker("halles-indexer", &name, *admin_port, self.indexer_settings(&name)));
        }
        for (index, admin_port) in self.ports.order_worker.iter().enumerate() {
            let name = instance_name("order-worker", index, self.ports.order_worker.len());
            all.push(self.worker("halles-order-worker", &name, *admin_port, self.order_worker_settings()));
        }
        self.add_instances(&mut all, "mailbox", &[self.ports.mailbox], |_| self.mailbox_settings());
        self.add_instances(&mut all, "payments", &[self.ports.payments], |_| self.payments_settings());
        self.add_instances(&mut all, "listing", &self.ports.listing, |_| self.listing_settings());
        self.add_instances(&mut all, "search", &self.ports.search, |name| self.search_settings(name));
        self.add_instances(&mut all, "order", &self.ports.order, |_| self.order_settings());
        all
    }

    /// What `halles-migrate` needs: it alone acts as the owner of the tables.
    pub fn migrate_settings(&self) -> Vec<(String, String)> {
        settings([("STORE__PRIMARY_URL", self.postgres.primary_url(Role::Owner, DATABASE))])
    }

    fn add_instances(
        &self,
        all: &mut Vec<ProcessSpec>,
        kind: &str,
        instances: &[InstancePorts],
        settings_of: impl Fn(&str) -> Vec<(String, String)>,
    ) {
        for (index, ports) in instances.iter().enumerate() {
            let name = instance_name(kind, index, instances.len());
            let mut spec = self.worker(&format!("halles-{kind}"), &name, ports.admin_port, settings_of(&name));
            spec.wave = wave::WEB;
            spec.port = ports.port;
            spec.env.push(("HALLES_HTTP__PORT".to_owned(), ports.port.to_string()));
            spec.env.extend(settings([("HTTP__ADMISSION__RUNG_TOKEN", self.secrets.rung_token.clone())]));
            all.push(spec);
        }
    }

    fn worker(&self, package: &str, name: &str, admin_port: u16, mut env: Vec<(String, String)>) -> ProcessSpec {
        env.push(("HALLES_HTTP__ADMIN_PORT".to_owned(), admin_port.to_string()));
        env.extend_from_slice(self.shared_settings);
        ProcessSpec {
            name: name.to_owned(),
            program: self.programs.program(package),
            args: Vec::new(),
            env,
            run_as: None,
            wave: wave::WORKERS,
            port: admin_port,
            readiness: Readiness::Http { port: admin_port },
            stop_signal: Signal::SIGTERM,
            // Longer than a service's own limit for its drain.
            stop_patience: Duration::from_secs(15),
        }
    }

    fn listing_settings(&self) -> Vec<(String, String)> {
        self.reading_settings().chain(self.signing()).collect()
    }

    fn search_settings(&self, name: &str) -> Vec<(String, String)> {
        self.reading_settings().chain(self.signing()).chain(self.index(name)).collect()
    }

    fn order_settings(&self) -> Vec<(String, String)> {
        self.writing_settings()
            .chain(self.cache())
            .chain(self.changes())
            .chain(self.signing())
            .chain(self.order_log())
            .chain(self.payment())
            .chain(settings([("LINKS__PUBLIC_URL", self.url.to_owned())]))
            .collect()
    }

    fn order_worker_settings(&self) -> Vec<(String, String)> {
        self.writing_settings()
            .chain(self.changes())
            .chain(self.order_log())
            .chain(self.payment())
            .chain(self.mail())
            .collect()
    }

    /// The provider is asked at its own port; browsers reach its pages through the balancer.
    fn payment(&self) -> impl Iterator<Item = (String, String)> {
        let pairs = [
            ("PAYMENT__PROVIDER_URL", format!("http://127.0.0.1:{}", self.ports.payments.port)),
            ("PAYMENT__API_KEY", self.secrets.payment_api.clone()),
            ("PAYMENT__NOTICE_SECRET", self.secrets.payment_notice.clone()),
            ("PAYMENT__PAGE_ORIGIN", self.url.to_owned()),
        ];
        settings(pairs).into_iter()
    }

    /// Mails with links in them, to the mailbox.
    fn mail(&self) -> impl Iterator<Item = (String, String)> {
        let pairs = [
            ("MAIL__SMTP_URL", format!("smtp://127.0.0.1:{}", self.ports.smtp)),
            ("LINKS__PUBLIC_URL", self.url.to_owned()),
        ];
        settings(pairs).into_iter().chain(self.signing())
    }

    fn mailbox_settings(&self) -> Vec<(String, String)> {
        settings([("MAILBOX__SMTP_PORT", self.ports.smtp.to_string())])
    }

    fn payments_settings(&self) -> Vec<(String, String)> {
        settings([
            ("SANDBOX__API_KEY", self.secrets.payment_api.clone()),
            ("SANDBOX__NOTICE_SECRET", self.secrets.payment_notice.clone()),
            ("SANDBOX__PUBLIC_URL", self.url.to_owned()),
            ("SANDBOX__JOURNAL_PATH", text_of(&self.state.payments_journal())),
        ])
    }

    fn indexer_settings(&self, name: &str) -> Vec<(String, String)> {
        let replica = self.postgres.replica_url(Role::Reader, DATABASE);
        let primary = self.postgres.primary_url(Role::Reader, DATABASE);
        let store = settings([("STORE__REPLICA_URL", replica), ("STORE__PRIMARY_URL", primary)]);
        store.into_iter().chain(self.changes()).chain(self.index(name)).collect()
    }

    /// Reads from the standby; the primary only as the capped way out, and only with the reader's role.
    fn reading_settings(&self) -> impl Iterator<Item = (String, String)> {
        let replica = self.postgres.replica_url(Role::Reader, DATABASE);
        let primary = self.postgres.primary_url(Role::Reader, DATABASE);
        let store = settings([("STORE__REPLICA_URL", replica), ("STORE__PRIMARY_URL", primary)]);
        store.into_iter().chain(self.cache()).chain(self.changes())
    }

    fn writing_settings(&self) -> impl Iterator<Item = (String, String)> {
        let replica = self.postgres.replica_url(Role::Reader, DATABASE);
        let primary = self.postgres.primary_url(Role::Writer, DATABASE);
        settings([("STORE__REPLICA_URL", replica), ("STORE__PRIMARY_URL", primary)]).into_iter()
    }

    fn cache(&self) -> impl Iterator<Item = (String, String)> {
        settings([("CACHE__REDIS_URL", redis_url(self.ports.redis_cache))]).into_iter()
    }

    fn changes(&self) -> impl Iterator<Item = (String, String)> {
        settings([("CHANGES__REDIS_URL", redis_url(self.ports.redis_cache))]).into_iter()
    }

    fn order_log(&self) -> impl Iterator<Item = (String, String)> {
        settings([("ORDER_LOG__REDIS_URL", redis_url(self.ports.redis_order_log))]).into_iter()
    }

    fn signing(&self) -> impl Iterator<Item = (String, String)> {
        settings([("SIGNING__SECRET", self.secrets.signing.clone())]).into_iter()
    }

    fn index(&self, name: &str) -> impl Iterator<Item = (String, String)> {
        let store = format!("file://{}", text_of(&self.state.index()));
        let work = text_of(&self.state.index_work().join(name));
        settings([("INDEX__STORE_URL", store), ("INDEX__WORK_DIR", work)]).into_iter()
    }
}

fn settings<const N: usize>(pairs: [(&str, String); N]) -> Vec<(String, String)> {
    pairs.into_iter().map(|(name, value)| (format!("HALLES_{name}"), value)).collect()
}

/// The address of a Redis of this machine.
pub fn redis_url(port: u16) -> String {
    format!("redis://127.0.0.1:{port}")
}

fn text_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
