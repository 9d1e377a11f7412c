//! `docker-compose.yml` says what the programs accept and what the balancer expects.

use std::collections::{BTreeMap, BTreeSet};

use halles_house::compose::{self, Compose, Service};
use halles_house::programs;
use regex::Regex;

/// What the image says before Compose says anything.
fn environment_of_image() -> BTreeMap<String, String> {
    let text = compose::read("infra/docker/Dockerfile").expect("the Dockerfile");
    let line = text.lines().find_map(|line| line.strip_prefix("ENV HALLES_")).expect("an ENV line with settings");
    let pairs = format!("HALLES_{line}");
    pairs.split_whitespace().map(|pair| pair.split_once('=').expect("NAME=value")).map(own).collect()
}

fn own((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn ours(compose: &Compose) -> impl Iterator<Item = (&str, &str, &Service)> {
    compose.services.iter().filter_map(|(name, service)| Some((name.as_str(), service.program()?, service)))
}

/// What each of our programs would run with; fails with its own words when it would not start.
fn settings_of_all(compose: &Compose) -> BTreeMap<String, toml::Table> {
    let image = environment_of_image();
    ours(compose)
        .map(|(name, program, service)| {
            let mut environment = if program == "halles-migrate" { BTreeMap::new() } else { image.clone() };
            environment.extend(service.environment.clone());
            let settings =
                programs::settings(program, &environment).unwrap_or_else(|error| panic!("{name}: {error:#}"));
            (name.to_owned(), settings)
        })
        .collect()
}

#[test]
fn every_program_would_start_with_what_it_is_told() {
    let compose = compose::load().expect("the file");
    let settings = settings_of_all(&compose);
    assert!(settings.len() >= 8, "only {:?}", settings.keys());
    for (name, table) in settings.iter().filter(|(name, _)| *name != "migrate") {
        // The health check of the image, the balancer and Prometheus all ask there.
        assert_eq!(programs::number(table, "http.admin_port"), Some(9090), "{name}");
    }
}

#[test]
fn the_balancer_sends_to_services_that_listen_there() {
    let compose = compose::load().expect("the file");
    let settings = settings_of_all(&compose);
    let servers = compose::read("infra/haproxy/servers.compose.cfg").expect("the servers");
    let server =
        Regex::new(r"(?m)^\s+server(?:-template \S+ \d+| \S+) ([\w-]+):(\d+) check port (\d+)").expect("a pattern");
    let mut seen = BTreeSet::new();
    for found in server.captures_iter(&servers) {
        let (host, port, admin_port) = (&found[1], &found[2], &found[3]);
        let table = settings.get(host).unwrap_or_else(|| panic!("there is no service {host}"));
        assert_eq!(programs::number(table, "http.port").map(|port| port.to_string()).as_deref(), Some(port), "{host}");
        let admin = programs::number(table, "http.admin_port").map(|port| port.to_string());
        assert_eq!(admin.as_deref(), Some(admin_port), "{host}");
        seen.insert(host.to_owned());
    }
    let backends = compose::read("infra/haproxy/halles.cfg").expect("the rules");
    let used = Regex::new(r"(?m)^\s+(?:use_backend|default_backend) (\w+)").expect("a pattern");
    let used: BTreeSet<String> = used.captures_iter(&backends).map(|found| found[1].to_owned()).collect();
    assert_eq!(seen, used, "backends with servers, and backends that requests are sent to");
}

#[test]
fn addresses_lead_to_containers_that_listen_there() {
    let compose = compose::load().expect("the file");
    let settings = settings_of_all(&compose);
    let address = Regex::new(r"^(?:\w+)://(?:[^@/]*@)?([\w-]+):(\d+)").expect("a pattern");
    let mut checked = 0;
    for (name, service) in &compose.services {
        for (variable, value) in &service.environment {
            let Some(found) = address.captures(value) else { continue };
            let (host, port) = (&found[1], found[2].parse::<i64>().expect("a port"));
            if host == "127" || !variable.starts_with("HALLES_") || value.contains("127.0.0.1") {
                continue; // what browsers are told
            }
            let target = compose.services.get(host).unwrap_or_else(|| panic!("{name}: {variable} leads to {host}"));
            let listens: Vec<i64> = match settings.get(host) {
                Some(table) => ["http.port", "mailbox.smtp_port"]
                    .into_iter()
                    .filter_map(|path| programs::number(table, path))
                    .collect(),
                None if target.image.starts_with("postgres:") => vec![5432],
                None if target.image.starts_with("redis:") => vec![6379],
                None if target.image.starts_with("otel/") => vec![4318],
                None => vec![8080], // HAProxy, which HALLES_BIND tells
            };
            assert!(listens.contains(&port), "{name}: {variable} asks {host} at {port}, which listens at {listens:?}");
            checked += 1;
        }
    }
    assert!(checked > 20, "only {checked} addresses were found");
}

#[test]
fn nothing_is_left_to_chance() {
    let compose = compose::load().expect("the file");
    for (name, service) in &compose.services {
        assert!(service.deploy.pointer("/resources/limits/memory").is_some(), "{name} may take all memory");
        assert!(!service.restart.is_empty(), "{name} is not started again");
        for dependency in service.depends_on.keys() {
            assert!(compose.services.contains_key(dependency), "{name} waits for {dependency}, which is not there");
        }
        for port in &service.ports {
            assert!(port.starts_with("127.0.0.1:"), "{name} can be reached from outside this machine at {port}");
        }
        for volume in service.volumes.iter().filter_map(|volume| volume.split_once(':')).map(|(source, _)| source) {
            let is_file = volume.starts_with('.');
            let is_there = is_file && halles_house::workspace::root().join(volume).exists();
            assert!(is_there || (!is_file && compose.volumes.contains_key(volume)), "{name}: there is no {volume}");
        }
        if service.build.is_none() {
            let tag = service.image.rsplit_once(':').map(|(_, tag)| tag);
            assert!(tag.is_some_and(|tag| tag != "latest"), "{name}: {} names no version", service.image);
        } else if service.program().is_some_and(|program| program != "halles-migrate") {
            assert!(service.read_only, "{name} may write to its own files");
        }
    }
}

#[test]
fn no_secret_stands_in_the_file() {
    let text = compose::read("docker-compose.yml").expect("the file");
    let secret = Regex::new(r"(?m)^\s+([A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEY)): *(.*)$").expect("a pattern");
    let written = compose::read("infra/docker/make-secrets.sh").expect("the script");
    let mut seen = 0;
    for found in secret.captures_iter(&text) {
        assert!(found[2].starts_with("${") && found[2].contains(":?"), "{} is {}", &found[1], &found[2]);
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} secrets were found");
    // Every variable that must be given is one that the script gives.
    let variable = Regex::new(r"\$\{(\w+):\?").expect("a pattern");
    for found in variable.captures_iter(&text) {
        assert!(written.contains(&found[1]), "make-secrets.sh does not make {}", &found[1]);
    }
}

#[test]
fn every_program_is_built_into_an_image() {
    let compose = compose::load().expect("the file");
    let dockerfile = compose::read("infra/docker/Dockerfile").expect("the Dockerfile");
    for (name, program, service) in ours(&compose) {
        assert!(dockerfile.contains(&format!("--bin {program}")), "{name}: the Dockerfile does not build {program}");
        assert_eq!(service.build.as_ref().map(|build| build.target.as_str()), Some("service"), "{name}");
    }
    assert!(dockerfile.contains("\nUSER halles\n"), "images run as nobody in particular");
}
