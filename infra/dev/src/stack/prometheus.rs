//! Prometheus beside a local stack: asks every process of it for its metrics, with the rules of `infra/prometheus`.
//!
//! The rules are compiled in, so that a built command needs no source tree, and are those that production uses.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::process::{ProcessSpec, wave};
use super::readiness::Readiness;
use crate::ports::{InstancePorts, LOOPBACK, Ports, instance_name};

/// The rules, by file.
pub const RULES: [(&str, &str); 2] = [
    ("promises.yml", include_str!("../../../prometheus/rules/promises.yml")),
    ("causes.yml", include_str!("../../../prometheus/rules/causes.yml")),
];

/// How long figures are kept: an evening and the next morning.
const KEPT: &str = "2d";

/// Somebody who tells metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teller {
    /// The kind of process: all of one kind are one job.
    pub job: String,
    /// Its name within the stack.
    pub instance: String,
    /// Where it tells them.
    pub port: u16,
}

/// Writes the configuration into `run` and describes the process, which keeps its figures in `data`.
pub fn prepare(program: &Path, run: &Path, data: &Path, ports: &Ports) -> io::Result<ProcessSpec> {
    let rules = run.join("prometheus-rules");
    fs::create_dir_all(&rules)?;
    for (name, text) in RULES {
        fs::write(rules.join(name), text)?;
    }
    let config = run.join("prometheus.yml");
    fs::write(&config, render(&list_tellers(ports), &rules))?;
    let argument = |name: &str, value: &str| format!("--{name}={value}").into();
    Ok(ProcessSpec {
        name: "prometheus".to_owned(),
        program: program.to_owned(),
        args: vec![
            argument("config.file", &config.to_string_lossy()),
            argument("storage.tsdb.path", &data.to_string_lossy()),
            argument("storage.tsdb.retention.time", KEPT),
            "--enable-feature=exemplar-storage".into(),
            argument("web.listen-address", &format!("{LOOPBACK}:{}", ports.prometheus)),
        ],
        env: Vec::new(),
        run_as: None,
        wave: wave::BALANCER,
        port: ports.prometheus,
        readiness: Readiness::Prometheus { port: ports.prometheus },
        stop_signal: Signal::SIGTERM,
        stop_patience: Duration::from_secs(10),
    })
}

/// Everybody in the stack who tells metrics.
pub fn list_tellers(ports: &Ports) -> Vec<Teller> {
    let admin_ports = |instances: &[InstancePorts]| instances.iter().map(|instance| instance.admin_port).collect();
    let kinds: [(&str, Vec<u16>); 7] = [
        ("listing", admin_ports(&ports.listing)),
        ("search", admin_ports(&ports.search)),
        ("order", admin_ports(&ports.order)),
        ("payments", vec![ports.payments.admin_port]),
        ("mailbox", vec![ports.mailbox.admin_port]),
        ("order-worker", ports.order_worker.clone()),
        ("indexer", ports.indexer.clone()),
    ];
    let services = kinds.iter().flat_map(|(kind, ports)| {
        ports.iter().enumerate().map(move |(index, port)| Teller {
            job: format!("halles-{kind}"),
            instance: instance_name(kind, index, ports.len()),
            port: *port,
        })
    });
    let balancer = Teller { job: "haproxy".to_owned(), instance: "haproxy".to_owned(), port: ports.balancer_admin };
    services.chain([balancer]).collect()
}

/// Asks often: whoever looks at a stack on one machine changes something and wants to see it.
fn render(tellers: &[Teller], rules: &Path) -> String {
    let mut text = format!(
        "# Written by `cargo dev` at each start.\n\
         global:\n  scrape_interval: 2s\n  scrape_timeout: 2s\n  evaluation_interval: 2s\n\
         rule_files:\n  - '{}/*.yml'\nscrape_configs:\n",
        rules.display()
    );
    let mut job = "";
    for teller in tellers {
        if teller.job != job {
            job = &teller.job;
            text.push_str(&format!("  - job_name: {job}\n    static_configs:\n"));
        }
        let (instance, port) = (&teller.instance, teller.port);
        text.push_str(&format!("      - targets: ['{LOOPBACK}:{port}']\n        labels: {{ instance: {instance} }}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_process_with_an_admin_port_is_asked_once() {
        let tellers = list_tellers(&Ports::default());
        assert_eq!(tellers.len(), 10);
        let text = render(&tellers, Path::new("/run/rules"));
        for (_, port) in Ports::default().named().iter().filter(|(name, _)| name.ends_with(" admin")) {
            assert_eq!(text.matches(&format!("127.0.0.1:{port}'")).count(), 1, "{port} in {text}");
        }
        assert_eq!(text.matches("job_name: halles-listing\n").count(), 1, "instances of a service are one job");
    }
}
