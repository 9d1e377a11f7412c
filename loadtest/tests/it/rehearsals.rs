//! Whole rehearsals, by the program itself, against a shop whose faults are known: verdicts, exit statuses, reports.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::known_server::{Manner, serve};

/// One page that has what every kind of page must have.
const PAGE: &str = r#"<a href="/c/bols">Bols</a><a href="/l/1/bol">Bol</a><script type="application/ld+json">{}</script><input name="q">"#;

struct Rehearsal {
    directory: TempDir,
    host: String,
}

impl Rehearsal {
    fn of(manner: Manner) -> Self {
        let rehearsal = Self {
            directory: tempfile::tempdir().expect("a directory"),
            host: format!("http://{}", serve(Manner { body: PAGE, ..manner })),
        };
        rehearsal.write_event("");
        rehearsal
    }

    /// 200 page views a second at the peak, of a show of a second and a half.
    fn write_event(&self, more: &str) {
        let promises: String = ["home", "category", "listing", "search"]
            .map(|class| format!("[promises.{class}]\np99_ms = 1000\nmax_failed = 0.001\n"))
            .concat();
        let text = format!(
            "name = \"A short show\"\nair = 2027-01-10T21:05:00\ntime_zone = \"Europe/Paris\"\n\
             [crowd]\nunit = \"page_views_per_minute\"\npoints = [[-20, 600], [0, 600], [10, 12000], [40, 600]]\n\
             [mix]\nhome = 0.2\ncategory = 0.2\nlisting = 0.4\nsearch = 0.2\nfeatured = 0.8\n{promises}{more}"
        );
        fs::write(self.path("event.toml"), text).expect("a file");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn arrive(&self, more: &[&str]) -> Output {
        let (event, report) = (self.path("event.toml"), self.path("report"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_halles-rehearse"));
        command
            .arg("arrive")
            .arg(event)
            .args(["--host", &self.host, "--speed", "2400", "--max-lag-ms", "500"])
            .arg("--report")
            .arg(report);
        command.args(more).output().expect("it runs")
    }

    fn report(&self) -> Value {
        let text = fs::read_to_string(self.path("report/report.json")).expect("a report");
        serde_json::from_str(&text).expect("JSON")
    }

    fn page(&self) -> String {
        fs::read_to_string(self.path("report/report.html")).expect("a page")
    }
}

#[test]
fn a_shop_that_keeps_its_promises_is_go() {
    let rehearsal = Rehearsal::of(Manner::default());
    let output = rehearsal.arrive(&["--commit", "abc123"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("GO: Every promise held."), "{told}");
    let report = rehearsal.report();
    assert_eq!((&report["verdict"], &report["setting"]["commit"]), (&Value::from("go"), &Value::from("abc123")));
    let offered = report["all"]["offered"].as_u64().expect("a count");
    assert_eq!(report["all"]["endings"]["right"].as_u64(), Some(offered));
    assert!((90..300).contains(&offered), "{offered}");
    let page = rehearsal.page();
    assert!(page.contains("A short show") && page.contains(">Go<") && page.contains("<svg"), "{page}");
    for outside in ["<script", "src=\"http", "href=\"http", "@import", "url("] {
        assert!(!page.contains(outside), "the page needs nothing beside it: {outside}");
    }
}

#[test]
fn a_slowed_service_is_no_go_and_the_page_says_which_promise_broke() {
    let rehearsal = Rehearsal::of(Manner { delay: Duration::from_millis(1_500), ..Manner::default() });
    let output = rehearsal.arrive(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    let report = rehearsal.report();
    let broken = |about: &str| {
        let promises = report["promises"].as_array().expect("promises");
        promises.iter().any(|promise| promise["about"] == about && promise["kept"] == false)
    };
    assert!(broken("Home page: 99 of 100 in time") && !broken("Home page: failed"), "{report:#}");
    assert!(rehearsal.page().contains(">No-go<"));
}

#[test]
fn a_fast_wrong_page_is_no_go() {
    let rehearsal = Rehearsal::of(Manner::default());
    let wrong = format!(
        "http://{}",
        serve(Manner { body: PAGE, wrong_after: Some(Duration::from_millis(1)), ..Manner::default() })
    );
    let output = Rehearsal { host: wrong, ..rehearsal }.arrive(&[]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("✗ Pages with the wrong content"), "{told}");
}

#[test]
fn a_saturated_driver_makes_the_run_invalid() {
    let rehearsal = Rehearsal::of(Manner { delay: Duration::from_millis(200), ..Manner::default() });
    let output = rehearsal.arrive(&["--max-in-flight", "2"]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    let report = rehearsal.report();
    assert_eq!(report["verdict"], "invalid");
    assert!(report["dropped"].as_u64() > Some(10), "{}", report["dropped"]);
}

#[test]
fn hosts_are_added_up() {
    let rehearsal = Rehearsal::of(Manner::default());
    let figures = ["one.json", "two.json"].map(|name| rehearsal.path(name).to_string_lossy().into_owned());
    for (seed, figures) in ["1", "2"].into_iter().zip(&figures) {
        rehearsal.arrive(&["--scale", "0.5", "--seed", seed, "--figures", figures]);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_halles-rehearse"));
    command.arg("merge").arg(rehearsal.path("event.toml")).args(&figures).arg("--report").arg(rehearsal.path("report"));
    let output = command.output().expect("it runs");
    assert!(output.status.code().is_some_and(|code| code != 1), "{}", String::from_utf8_lossy(&output.stderr));
    let offered = |path: &Path| -> u64 {
        let run: Value = serde_json::from_str(&fs::read_to_string(path).expect("figures")).expect("JSON");
        let tallies = run["measured"]["tallies"].as_array().expect("tallies").clone();
        let endings = tallies.iter().flat_map(|tally| tally["endings"].as_array().cloned().unwrap_or_default());
        endings.filter_map(|count| count.as_u64()).sum()
    };
    let report = rehearsal.report();
    let sum: u64 = figures.iter().map(|path| offered(Path::new(path))).sum();
    assert_eq!((report["all"]["offered"].as_u64(), &report["setting"]["hosts"]), (Some(sum), &Value::from(2)));
}

#[test]
fn a_game_day_is_carried_out_watched_and_judged() {
    let rehearsal = Rehearsal::of(Manner::default());
    rehearsal.write_event("[[game_day]]\nminute = 10\ndo = \"kill\"\nwhat = \"listing-1\"\n");
    // Hands that watch one process, whose kill is a matter of a file, and that find nothing wrong with the orders.
    let script = rehearsal.path("hands.sh");
    let struck = rehearsal.path("struck");
    let text = format!(
        "case $1 in\n\
         watch) while echo '[{{\"name\":\"listing-1\",\"cpu_seconds\":1,\"memory_bytes\":1048576,\"restarts\":0}}]'; do sleep 0.2; done;;\n\
         *) echo \"$@\" > {};;\nesac\n",
        struck.display()
    );
    fs::write(&script, text).expect("a script");
    let hands = format!("sh {}", script.display());
    let output = rehearsal.arrive(&["--hands", &hands]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(fs::read_to_string(struck).expect("it struck").trim(), "kill listing-1");
    assert!(told.contains("✓ Game day, +10.0 min: kill listing-1"), "{told}");
    let report = rehearsal.report();
    assert_eq!(report["processes"][0]["name"], "listing-1");
    assert!(rehearsal.page().contains("Game day"));

    let output = rehearsal.arrive(&["--hands", "false"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_ne!(output.status.code(), Some(0), "a fault that could not be carried out proves nothing: {told}");
}

#[test]
fn a_game_day_needs_hands() {
    let rehearsal = Rehearsal::of(Manner::default());
    rehearsal.write_event("[[game_day]]\nminute = 10\ndo = \"kill\"\nwhat = \"listing-1\"\n");
    let output = rehearsal.arrive(&[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("name a program with --hands"), "{told}");
}
