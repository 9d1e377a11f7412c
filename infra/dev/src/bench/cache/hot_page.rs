//! Part `hot-page`: the busiest page of the shop, straight from memory, against bare actix-web and two caching proxies.
//!
//! All four send the same body under the same head fields to the same requests over connections that stay open. Each has
//! one worker on the same core, the load has the other core. Judged by requests for each second of the server's processor
//! time: that is what one core can do, whether or not the load keeps it wholly busy.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::json;

use super::bare_server::Recorded;
use super::proxies;
use super::wrk::{Sample, load};
use crate::bench::rounds::alternate;
use crate::bench::servers::{BenchServers, SERVER_CORE};
use crate::bench::verdict::{Contest, Goal, Verdict, median};
use crate::ports::LOOPBACK;
use crate::proc::cpu_time;
use crate::stack::process::{ProcessSpec, wave};
use crate::stack::readiness::Readiness;

/// How long each side is loaded in a round; processor time is counted in hundredths of a second.
const MEASURED: Duration = Duration::from_secs(4);
/// Before anything is measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// The request of a browser, without a cookie.
const REQUEST_HEAD: [(&str, &str); 4] = [
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "fr,fr-FR;q=0.8,en-US;q=0.5,en;q=0.3"),
    ("Accept-Encoding", "gzip"),
];

/// What a server adds or computes by itself.
const OWN_FIELDS: [&str; 4] = ["date", "content-length", "connection", "transfer-encoding"];

/// The yardstick, which is the origin behind the proxies as well.
const BARE: &str = "bare actix-web";

const NAME: &str = "hot listing page from L1";
const UNIT: &str = "requests/s per core";
const CONTESTS: [Contest; 3] = [
    Contest { name: NAME, unit: UNIT, against: "bare actix-web, same bytes", goal: Some(Goal::AtLeast(0.9)) },
    Contest { name: NAME, unit: UNIT, against: "nginx proxy_cache", goal: Some(Goal::AtLeast(2.0)) },
    Contest { name: NAME, unit: UNIT, against: "Varnish", goal: Some(Goal::AtLeast(3.0)) },
];

/// One server to load.
struct Side {
    name: &'static str,
    pid: i32,
    port: u16,
    path: String,
    samples: Vec<Sample>,
}

impl Side {
    async fn load(&self, duration: Duration) -> Result<Sample> {
        let url = format!("http://{LOOPBACK}:{}{}", self.port, self.path);
        load(self.pid, &url, &REQUEST_HEAD, duration).await
    }
}

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let mut sides = start_sides(servers).await?;
    warm_up(&sides).await?;
    let values = alternate(servers.rounds(), sides.len(), async |index| {
        let side = &mut sides[index];
        let sample = side.load(MEASURED).await?;
        side.samples.push(sample);
        Ok(sample.per_cpu_second)
    });
    let values = values.await?;
    tell(servers, &sides);
    let details: serde_json::Map<_, _> = sides.iter().map(|side| (side.name.to_owned(), details_of(side))).collect();
    let judged = CONTESTS.iter().zip(&values[1..]);
    Ok(judged.map(|(contest, theirs)| contest.judge(&values[0], theirs).with_details(details.clone().into())).collect())
}

/// Starts ours first, so that the others can send what it sends.
async fn start_sides(servers: &mut BenchServers) -> Result<Vec<Side>> {
    let listing = servers.start_service("listing-1", &[("HTTP__WORKERS", "1")], Some(SERVER_CORE)).await?;
    let listing_port = servers.stack().process("listing-1")?.spec().port;
    let path = find_listing(listing_port).await?;
    // The second answer comes out of the cache, and says so in its head.
    fetch(listing_port, &path).await?;
    let recorded = fetch(listing_port, &path).await?;

    // The ports of services that this part does not start.
    let ports = servers.stack().plan().ports.clone();
    let [bare_port, nginx_port] = [ports.listing[1].port, ports.listing[2].port];
    let varnish_port = ports.order[0].port;
    let scratch = servers.stack().plan().state.run();
    let answer = scratch.join("answer.json");
    recorded.write(&answer)?;
    let bare = servers.start_process(bare_server(bare_port, answer)?, Some(SERVER_CORE)).await?;
    let nginx = proxies::nginx(&scratch.join("nginx"), nginx_port, bare_port)?;
    let nginx = servers.start_process(nginx, Some(SERVER_CORE)).await?;
    let varnish = proxies::varnish(&scratch.join("varnish"), varnish_port, bare_port)?;
    let varnish = servers.start_process(varnish, Some(SERVER_CORE)).await?;

    let mut sides = Vec::new();
    for (name, pid, port) in [
        ("halles-listing", listing, listing_port),
        (BARE, bare, bare_port),
        ("nginx", nginx, nginx_port),
        ("Varnish", varnish, varnish_port),
    ] {
        let answer = fetch(port, &path).await?;
        ensure!(answer.body == recorded.body, "{name} sends another page than ours");
        sides.push(Side { name, pid, port, path: path.clone(), samples: Vec::new() });
    }
    Ok(sides)
}

/// Loads every side once, and looks whether the proxies hold the page or go on asking for it.
async fn warm_up(sides: &[Side]) -> Result<()> {
    let origin = sides.iter().find(|side| side.name == BARE).context("there is no yardstick")?;
    for side in sides {
        fetch(side.port, &side.path).await?;
        let before = cpu_time(origin.pid).context("the yardstick is gone")?;
        side.load(WARM_UP).await?;
        let used = cpu_time(origin.pid).context("the yardstick is gone")?.saturating_sub(before);
        let is_idle = used < WARM_UP / 20;
        ensure!(is_idle || side.name == BARE, "{} does not hold the page", side.name);
    }
    Ok(())
}

/// The first listing that the home page leads to: the one that a crowd finds.
async fn find_listing(port: u16) -> Result<String> {
    let home = reqwest::get(format!("http://{LOOPBACK}:{port}/")).await?.text().await?;
    let rest = home.split_once("href=\"/l/").context("the home page leads to no listing")?.1;
    let path = rest.split_once('"').context("an attribute ends with a quote")?.0;
    Ok(format!("/l/{path}"))
}

async fn fetch(port: u16, path: &str) -> Result<Recorded> {
    // The bytes are compared as they come over the wire.
    let client = reqwest::Client::builder().no_gzip().no_brotli().no_deflate().build()?;
    let mut request = client.get(format!("http://{LOOPBACK}:{port}{path}"));
    for (name, value) in REQUEST_HEAD {
        request = request.header(name, value);
    }
    let response = request.send().await?.error_for_status()?;
    let fields = response.headers().iter().filter(|(name, _)| !OWN_FIELDS.contains(&name.as_str()));
    let head = fields.map(|(name, value)| Ok((name.to_string(), value.to_str()?.to_owned()))).collect::<Result<_>>()?;
    Ok(Recorded { head, body: response.bytes().await?.to_vec() })
}

pub(in crate::bench) fn bare_server(port: u16, answer: PathBuf) -> Result<ProcessSpec> {
    Ok(ProcessSpec {
        name: "bare-actix".to_owned(),
        program: std::env::current_exe()?,
        args: vec!["bare-server".into(), "--port".into(), port.to_string().into(), "--answer".into(), answer.into()],
        env: Vec::new(),
        run_as: None,
        // Stopped after the proxies in front of it.
        wave: wave::WEB,
        port,
        readiness: Readiness::Http { port },
        stop_signal: Signal::SIGTERM,
        stop_patience: Duration::from_secs(5),
    })
}

/// Says what the table has no room for.
fn tell(servers: &BenchServers, sides: &[Side]) {
    for side in sides {
        let [per_second, per_cpu_second, busy] = medians(side);
        let text = format!("{per_second:.0} requests/s, {per_cpu_second:.0} per core, core {:.0} % busy", busy * 100.0);
        servers.say().note(side.name, &text);
    }
}

fn details_of(side: &Side) -> serde_json::Value {
    let [per_second, per_cpu_second, busy] = medians(side);
    json!({ "requests_per_second": per_second, "requests_per_cpu_second": per_cpu_second, "server_busy": busy })
}

fn medians(side: &Side) -> [f64; 3] {
    let of = |figure: fn(&Sample) -> f64| median(side.samples.iter().map(figure).collect());
    [of(|sample| sample.per_second), of(|sample| sample.per_cpu_second), of(|sample| sample.server_busy)]
}
