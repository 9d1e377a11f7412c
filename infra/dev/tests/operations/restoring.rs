//! A restore to a moment, with the scripts that `infra/runbooks/restore.md` names.
//!
//! While shoppers order, the primary is archived and copied. Then somebody deletes what should not be deleted. The
//! database of the moment before is restored beside the live one, and has every order that was promised until then, with
//! its pieces, and none of what came later.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use halles_dev::stack::postgres::{DATABASE, Postgres, SUPERUSER};
use halles_testkit::eventually;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::scene::Scene;
use crate::shoppers::Buyers;

const ARCHIVE: &str = include_str!("../../../backup/archive.sh");
const BASE: &str = include_str!("../../../backup/base.sh");
const RESTORE: &str = include_str!("../../../backup/restore.sh");
/// The checker of stock that the torture uses: no row means that all is well.
const STOCK: &str = include_str!("../../src/torture/checks/stock.sql");
/// Every order with its state and pieces, in one line each.
const ORDERS: &str = "SELECT id, state, count(listing_id), sum(quantity) FROM orders \
    LEFT JOIN order_line ON order_id = id GROUP BY id, state ORDER BY id";

const PATIENCE: Duration = Duration::from_secs(90);

pub async fn brings_back_a_moment(scene: &Scene) {
    let place = Place::prepare(scene);
    let mut archiving = place.start(ARCHIVE, &["archive"]);
    eventually("the archive is being written", PATIENCE, async || {
        place.ask(place.live, "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal'").await
            == "1"
    })
    .await;
    place.run(BASE, &["base"]).await;

    let promised = orders_of_a_while(scene, &place, "before").await;
    let (kept, moment) = (place.ask(place.live, ORDERS).await, place.ask(place.live, "SELECT now()").await);
    let lost = orders_of_a_while(scene, &place, "later").await;
    scene.sql("DELETE FROM order_transition; DELETE FROM order_line;").await;
    place.ask(place.live, "SELECT pg_switch_wal()").await;
    let all = place.ask(place.live, "SELECT pg_current_wal_lsn()").await;
    eventually("the archive has everything", PATIENCE, async || {
        let flushed = format!(
            "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal' AND flush_lsn >= '{all}'"
        );
        place.ask(place.live, &flushed).await == "1"
    })
    .await;

    place.run(RESTORE, &["base", "archive", &moment, "restored", &place.restored.to_string()]).await;
    let mut server = place.serve("restored");
    eventually("the restored database takes writes", PATIENCE, async || {
        place.try_ask(place.restored, "SELECT pg_is_in_recovery()").await.is_some_and(|answer| answer == "f")
    })
    .await;
    assert_eq!(place.ask(place.restored, ORDERS).await, kept, "every order as it was at that moment, and no other");
    for order in &promised {
        assert!(kept.contains(order.as_str()), "{order} was promised before and is not there");
    }
    assert!(lost.iter().all(|order| !kept.contains(order.as_str())), "what came later is not there");
    assert_eq!(place.ask(place.restored, STOCK).await, "", "stock is what the orders say");

    end(&mut server).await;
    end(&mut archiving).await;
    place.ask(place.live, "SELECT pg_drop_replication_slot('halles_archive')").await;
}

/// Lets shoppers order for a moment; returns what they were promised, once it is placed.
async fn orders_of_a_while(scene: &Scene, place: &Place<'_>, when: &'static str) -> Vec<String> {
    let buyers = Buyers::start(scene, when);
    sleep(Duration::from_secs(2)).await;
    let promised = buyers.stop(when).await;
    assert!(!promised.is_empty(), "nobody ordered {when}");
    eventually("all of them are placed", PATIENCE, async || {
        let placed = place.ask(place.live, "SELECT id FROM orders").await;
        promised.iter().all(|order| placed.contains(order.as_str()))
    })
    .await;
    promised
}

/// Asks a server to stop, and waits until it has.
async fn end(child: &mut Child) {
    if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
        let pid = nix::unistd::Pid::from_raw(pid);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("it runs");
    }
    child.wait().await.expect("it ends");
}

/// Where backup, archive and restored data lie, and how the servers are reached.
struct Place<'a> {
    postgres: &'a Postgres,
    directory: PathBuf,
    live: u16,
    restored: u16,
}

impl<'a> Place<'a> {
    fn prepare(scene: &'a Scene) -> Self {
        let postgres = scene.stack.postgres();
        // Beside the data, so that it is on the same disk and its user can write there.
        let directory = postgres.directory.join("rehearsal");
        std::fs::create_dir(&directory).expect("it can be made");
        if let Some(user) = &postgres.run_as {
            user.own(&directory).expect("it is ours to give");
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let restored = listener.local_addr().expect("it is bound").port();
        Self { postgres, directory, live: postgres.primary_port, restored }
    }

    /// One of the scripts, with PostgreSQL's user and its way to the primary.
    fn start(&self, script: &'static str, arguments: &[&str]) -> Child {
        let mut command = self.command(Path::new("sh"));
        command.arg("-s").arg("--").args(arguments.iter().map(|argument| self.absolute(argument)));
        let programs = self.postgres.programs.program("");
        command.env("PGBIN", programs.to_string_lossy().trim_end_matches('/')).env("PGHOST", "127.0.0.1");
        command.env("PGPORT", self.live.to_string()).env("PGUSER", "halles_replica");
        command.env("PGPASSWORD", &self.postgres.secrets.replication).stdin(Stdio::piped());
        let mut child = command.spawn().expect("a shell can be started");
        let mut stdin = child.stdin.take().expect("it was asked for");
        tokio::spawn(async move { stdin.write_all(script.as_bytes()).await });
        child
    }

    async fn run(&self, script: &'static str, arguments: &[&str]) {
        let status = self.start(script, arguments).wait().await.expect("it ends");
        assert!(status.success(), "{script}\n{arguments:?}: {status}");
    }

    /// A server on restored data.
    fn serve(&self, data: &str) -> Child {
        let mut command = self.command(&self.postgres.programs.program("postgres"));
        let log = std::fs::File::create(self.directory.join("restored.log")).expect("it can be written");
        command.arg("-D").arg(self.directory.join(data)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.spawn().expect("it can be started")
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.directory).kill_on_drop(true);
        if let Some(user) = &self.postgres.run_as {
            command.uid(user.uid).gid(user.gid).env("HOME", "/");
        }
        command
    }

    /// Names of directories become addresses; moments and ports stay as they are.
    fn absolute(&self, argument: &str) -> String {
        let is_name = argument.chars().all(|character| character.is_ascii_alphabetic());
        if is_name { self.directory.join(argument).to_string_lossy().into_owned() } else { argument.to_owned() }
    }

    async fn ask(&self, port: u16, sql: &str) -> String {
        self.try_ask(port, sql).await.unwrap_or_else(|| panic!("{sql} on {port}: no answer"))
    }

    async fn try_ask(&self, port: u16, sql: &str) -> Option<String> {
        let mut command = Command::new(self.postgres.programs.program("psql"));
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
        command.args([
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--username",
            SUPERUSER,
            "--dbname",
            DATABASE,
        ]);
        command
            .args(["--command", sql])
            .env("PGPASSWORD", &self.postgres.secrets.superuser)
            .env("PGCONNECT_TIMEOUT", "5");
        let output = command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).output().await.ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
