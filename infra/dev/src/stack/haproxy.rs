//! HAProxy: the routing rules of `infra/haproxy`, and the list of this stack's servers.
//!
//! The rules are compiled in, so that a built command needs no source tree, and are the same that the containers use.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::process::{ProcessSpec, wave};
use super::readiness::Readiness;
use crate::ports::{InstancePorts, LOOPBACK, Ports, instance_name};

const RULES: &str = include_str!("../../../haproxy/halles.cfg");
const BUSY_PAGE: &str = include_str!("../../../haproxy/busy.html");

/// Writes the configuration into `run` and describes the process.
pub fn prepare(program: &Path, run: &Path, host: &str, ports: &Ports) -> io::Result<ProcessSpec> {
    let rules = run.join("haproxy.cfg");
    let servers = run.join("haproxy-servers.cfg");
    let busy_page = run.join("busy.html");
    fs::write(&rules, RULES)?;
    fs::write(&servers, render_servers(ports))?;
    fs::write(&busy_page, BUSY_PAGE)?;
    Ok(ProcessSpec {
        name: "haproxy".to_owned(),
        program: program.to_owned(),
        args: vec!["-db".into(), "-f".into(), rules.into(), "-f".into(), servers.into()],
        env: vec![
            ("HALLES_BIND".to_owned(), format!("{host}:{}", ports.web)),
            ("HALLES_ADMIN_BIND".to_owned(), format!("127.0.0.1:{}", ports.balancer_admin)),
            ("HALLES_BUSY_PAGE".to_owned(), path_text(&busy_page)),
        ],
        run_as: None,
        wave: wave::BALANCER,
        port: ports.web,
        readiness: Readiness::Http { port: ports.balancer_admin },
        // HAProxy's soft stop: it takes nothing new and finishes what it has.
        stop_signal: Signal::SIGUSR1,
        stop_patience: Duration::from_secs(2),
    })
}

/// Whether the balancer whose statistics are at `admin_port` sends people to `server`. Whoever is not behind it has nobody to wait
/// for, nor has anybody while it is away.
pub async fn sends_people_to(admin_port: u16, server: &str) -> bool {
    let statistics = async { reqwest::get(format!("http://{LOOPBACK}:{admin_port}/;csv")).await?.text().await };
    statistics.await.is_ok_and(|csv| !is_down(&csv, server)) || !Readiness::Http { port: admin_port }.look().await
}

/// Whether a server's line says that it is out. The columns are those of HAProxy's management guide, 9.1: 1 is the server's name, 17
/// how it is (`UP`, `UP 1/2`, `no check`; `DOWN`, `DRAIN`, `MAINT` …).
fn is_down(csv: &str, server: &str) -> bool {
    csv.lines().any(|line| {
        let mut columns = line.split(',');
        let is_it = columns.nth(1) == Some(server);
        is_it && columns.nth(15).is_none_or(|status| !status.starts_with("UP") && status != "no check")
    })
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn render_servers(ports: &Ports) -> String {
    let mut text = "# The servers of this stack, written by `cargo dev` at each start.\n".to_owned();
    let (payments, mailbox) = (vec![ports.payments], vec![ports.mailbox]);
    let kinds = [
        ("listing", &ports.listing),
        ("search", &ports.search),
        ("order", &ports.order),
        ("payments", &payments),
        ("mailbox", &mailbox),
    ];
    for (kind, instances) in kinds {
        text.push_str(&render_backend(kind, instances));
    }
    text
}

fn render_backend(kind: &str, instances: &[InstancePorts]) -> String {
    let mut text = format!("\nbackend {kind} from halles\n    balance leastconn\n");
    for (index, InstancePorts { port, admin_port }) in instances.iter().enumerate() {
        let name = instance_name(kind, index, instances.len());
        text.push_str(&format!("    server {name} 127.0.0.1:{port} check port {admin_port}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instance_is_a_server_checked_on_its_admin_port() {
        let text = render_servers(&Ports::default());
        assert!(text.contains("server listing-2 127.0.0.1:8102 check port 9102\n"), "{text}");
        assert!(text.contains("server order 127.0.0.1:8121 check port 9121\n"), "{text}");
        assert!(text.contains("server payments 127.0.0.1:8151 check port 9151\n"), "{text}");
        assert_eq!(text.matches("backend ").count(), 5);
    }

    #[test]
    fn a_server_is_down_when_its_line_says_so() {
        let line = |name, status| format!("listing,{name},0,0,0,2,,9,1,1,,0,,0,0,0,0,{status},1,1,0,\n");
        let csv = line("listing-1", "UP 1/2") + &line("listing-2", "DOWN 1/2") + &line("listing-3", "no check");
        assert!(!is_down(&csv, "listing-1") && is_down(&csv, "listing-2") && !is_down(&csv, "listing-3"));
        assert!(!is_down(&csv, "redis-cache"), "nobody is sent to what is not behind it");
    }
}
