//! Installing the engines through the system's package manager, on Debian and its relatives.
//!
//! It says what is missing and why before doing anything, asks only on a terminal, and keeps Debian from starting its own
//! `main` cluster, Redis or HAProxy: the stack runs its own, and nobody asked for a second one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::programs::{PostgresPrograms, find_in_path};
use crate::say::Say;
use crate::system_user::{find_sudo, is_root};

/// One thing that a command needs from the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The database server and its tools.
    Postgres,
    /// The cache and the order log.
    Redis,
    /// The load balancer.
    Haproxy,
    /// A browser without a window and its remote control, for the browser test.
    Chromium,
    /// A caching proxy that a benchmark compares us with.
    Nginx,
    /// A caching proxy that a benchmark compares us with.
    Varnish,
    /// The load of a benchmark.
    Wrk,
    /// Metrics over time, and the alerts.
    Prometheus,
}

impl Need {
    /// What `up` needs.
    pub const STACK: [Self; 3] = [Self::Postgres, Self::Redis, Self::Haproxy];
    /// What `test` needs.
    pub const TESTS: [Self; 5] = [Self::Postgres, Self::Redis, Self::Haproxy, Self::Chromium, Self::Prometheus];

    fn is_met(self) -> bool {
        match self {
            Self::Postgres => PostgresPrograms::find(None).is_some() && find_in_path("psql").is_some(),
            Self::Redis => find_in_path("redis-server").is_some(),
            Self::Haproxy => find_in_path("haproxy").is_some(),
            Self::Chromium => find_in_path("chromedriver").is_some() && find_in_path("chromium").is_some(),
            Self::Nginx => find_in_path("nginx").is_some(),
            Self::Varnish => find_in_path("varnishd").is_some(),
            Self::Wrk => find_in_path("wrk").is_some(),
            Self::Prometheus => find_in_path("prometheus").is_some() && find_in_path("promtool").is_some(),
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgresql", "postgresql-client"],
            Self::Redis => &["redis-server"],
            Self::Haproxy => &["haproxy"],
            Self::Chromium => &["chromium", "chromium-driver", "fonts-dejavu-core"],
            Self::Nginx => &["nginx"],
            Self::Varnish => &["varnish"],
            Self::Wrk => &["wrk"],
            Self::Prometheus => &["prometheus"],
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Postgres => "the primary and its streaming standby",
            Self::Redis => "the cache and the durable order log",
            Self::Haproxy => "the load balancer in front of the services",
            Self::Chromium => "the browser test",
            Self::Nginx | Self::Varnish => "a cache to be measured against",
            Self::Wrk => "the load of a benchmark",
            Self::Prometheus => "metrics over time, the alerts and their tests",
        }
    }

    fn service(self) -> Option<&'static str> {
        match self {
            Self::Postgres => Some("postgresql"),
            Self::Redis => Some("redis-server"),
            Self::Haproxy => Some("haproxy"),
            Self::Nginx => Some("nginx"),
            Self::Varnish => Some("varnish"),
            Self::Prometheus => Some("prometheus"),
            Self::Chromium | Self::Wrk => None,
        }
    }
}

/// Installs whatever of `needs` is missing.
pub fn ensure(needs: &[Need], say: &Say) -> Result<()> {
    let missing: Vec<Need> = needs.iter().copied().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say.heading("Some programs are missing");
    for need in &missing {
        say.note(&need.packages().join(", "), need.reason());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages()).copied().collect();
    let apt = find_in_path("apt-get");
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    let Some(apt) = apt else {
        bail!("this machine has no apt-get; please install {} yourself", packages.join(", "));
    };
    let sudo = find_sudo();
    if !is_root() && sudo.is_none() {
        bail!(
            "installing needs root, and there is no sudo; please run as root: {}",
            by_hand.trim_start_matches("sudo ")
        );
    }
    if say.may_ask() && !say.ask("\n  Install them now with apt-get?") {
        bail!("nothing was installed; to do it yourself: {by_hand}");
    }
    Installer { sudo: (!is_root()).then_some(sudo).flatten(), apt }.install(&missing, &packages)?;
    match missing.iter().find(|need| !need.is_met()) {
        Some(need) => bail!("apt-get finished, but {} is still missing", need.packages().join(", ")),
        None => Ok(()),
    }
}

struct Installer {
    sudo: Option<std::path::PathBuf>,
    apt: std::path::PathBuf,
}

/// Tells package scripts not to start services; see Debian's policy for `invoke-rc.d`.
const POLICY: &str = "/usr/sbin/policy-rc.d";
/// Read by PostgreSQL's package when it would create its first cluster.
const CLUSTER_DEFAULTS: &str = "/etc/postgresql-common/createcluster.conf";

impl Installer {
    fn install(&self, missing: &[Need], packages: &[&str]) -> Result<()> {
        if missing.contains(&Need::Postgres) {
            self.write_if_absent(CLUSTER_DEFAULTS, "create_main_cluster = false\n", 0o644)?;
        }
        let policy_is_ours = self.write_if_absent(POLICY, "#!/bin/sh\nexit 101\n", 0o755)?;
        let installed = self.run_apt(packages);
        if policy_is_ours {
            self.as_root("rm").arg("-f").arg(POLICY).status().context("cannot remove the policy file again")?;
        }
        installed?;
        self.disable_services(missing)
    }

    fn run_apt(&self, packages: &[&str]) -> Result<()> {
        let apt = |arguments: &[&str]| -> Result<()> {
            let mut command = self.as_root("env");
            command.arg("DEBIAN_FRONTEND=noninteractive").arg(&self.apt).args(["-q", "-y"]).args(arguments);
            let status = command.stdin(Stdio::null()).status().context("cannot run apt-get")?;
            if !status.success() {
                bail!("apt-get {} failed ({status})", arguments[0]);
            }
            Ok(())
        };
        apt(&["update"])?;
        let keep_our_defaults = ["-o", "Dpkg::Options::=--force-confold"];
        let arguments = [&["install", "--no-install-recommends"], &keep_our_defaults[..], packages].concat();
        apt(&arguments)
    }

    /// Without this, the next start of the machine would bring up servers that nobody asked for.
    fn disable_services(&self, missing: &[Need]) -> Result<()> {
        if !Path::new("/run/systemd/system").exists() {
            return Ok(());
        }
        let services: Vec<&str> = missing.iter().filter_map(|need| need.service()).collect();
        if services.is_empty() {
            return Ok(());
        }
        let mut command = self.as_root("systemctl");
        command.args(["--quiet", "disable", "--now"]).args(&services);
        command.status().context("cannot run systemctl")?;
        Ok(())
    }

    fn as_root(&self, program: &str) -> Command {
        match &self.sudo {
            Some(sudo) => {
                let mut command = Command::new(sudo);
                command.arg(program);
                command
            }
            None => Command::new(program),
        }
    }

    /// Returns whether the file is ours, and so ours to remove.
    fn write_if_absent(&self, path: &str, text: &str, mode: u32) -> Result<bool> {
        if Path::new(path).exists() {
            return Ok(false);
        }
        if self.sudo.is_none() {
            write_file(Path::new(path), text, mode).with_context(|| format!("cannot write {path}"))?;
            return Ok(true);
        }
        let mut command = self.as_root("sh");
        let script = r#"mkdir -p "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1""#;
        command.args(["-c", script, "sh", path, &format!("{mode:o}")]).stdin(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot write {path}"))?;
        child.stdin.take().context("the pipe was asked for")?.write_all(text.as_bytes())?;
        let status = child.wait()?;
        if !status.success() {
            bail!("cannot write {path} ({status})");
        }
        Ok(true)
    }
}

fn write_file(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?.write_all(text.as_bytes())
}
