//! What Terraform tells the programs, and which paths it sends where, is what they accept and what HAProxy does.

use std::collections::{BTreeMap, BTreeSet};

use halles_house::{compose, programs};
use regex::Regex;

const SERVICES: &str = "terraform/modules/marketplace/services.tf";

#[test]
fn every_setting_that_terraform_names_is_one() {
    let accepted = programs::accepted_by_all().expect("the programs");
    let named = Regex::new(r"HALLES_[A-Z0-9_]+__[A-Z0-9_]+").expect("a pattern");
    let mut seen = BTreeSet::new();
    for file in [SERVICES, "terraform/modules/marketplace/jobs.tf", "terraform/modules/service/main.tf"] {
        let text = compose::read(file).expect("the file");
        seen.extend(named.find_iter(&text).map(|found| found.as_str().to_owned()));
    }
    let unknown: Vec<&String> = seen.difference(&accepted).collect();
    assert!(unknown.is_empty(), "no program knows {unknown:?}");
    assert!(seen.len() > 20, "only {seen:?}");
}

/// Path → who gets it, from the rules of HAProxy: exact paths, and beginnings as `…/*`.
fn balanced() -> BTreeMap<String, BTreeSet<String>> {
    let text = compose::read("infra/haproxy/halles.cfg").expect("the rules");
    let rule = Regex::new(r"(?m)^\s+acl is_(search|order|payments|mailbox) (path|path_beg) (.+)$").expect("a pattern");
    let mut ways: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for found in rule.captures_iter(&text) {
        let suffix = if &found[2] == "path_beg" { "*" } else { "" };
        let paths = found[3].split_whitespace().map(|path| format!("{path}{suffix}"));
        ways.entry(found[1].to_owned()).or_default().extend(paths);
    }
    ways
}

/// The same from Terraform.
fn routed() -> BTreeMap<String, BTreeSet<String>> {
    let text = compose::read(SERVICES).expect("the services");
    let program = Regex::new(r"(?m)^ +([\w-]+) = \{\n( +environment (?s:.*?))\n +work ").expect("a pattern");
    let paths = Regex::new(r#"paths\s*=\s*\[([^\]]*)\]"#).expect("a pattern");
    let path = Regex::new(r#""([^"]+)""#).expect("a pattern");
    let mut ways = BTreeMap::new();
    for found in program.captures_iter(&text) {
        let Some(list) = paths.captures(&found[2]) else { continue };
        let listed: BTreeSet<String> = path.captures_iter(&list[1]).map(|path| path[1].to_owned()).collect();
        if !listed.is_empty() {
            ways.insert(found[1].to_owned(), listed);
        }
    }
    ways
}

#[test]
fn the_load_balancer_of_aws_sends_paths_where_haproxy_does() {
    assert_eq!(routed(), balanced());
}

#[test]
fn every_alarm_and_every_text_names_a_runbook_that_is_there() {
    let runbook = Regex::new(r"infra/runbooks/[\w./-]+\.md").expect("a pattern");
    let local = Regex::new(r"\$\{local\.runbooks\}/([\w-]+\.md)").expect("a pattern");
    let mut seen = 0;
    for file in
        ["terraform/modules/monitoring/main.tf", "terraform/modules/show_schedule/main.tf", "terraform/README.md"]
    {
        let text = compose::read(file).expect("the file");
        let named = runbook.find_iter(&text).map(|found| found.as_str().to_owned());
        let short = local.captures_iter(&text).map(|found| format!("infra/runbooks/{}", &found[1]));
        for path in named.chain(short) {
            assert!(halles_house::workspace::root().join(&path).is_file(), "{file} names {path}, which is not there");
            seen += 1;
        }
    }
    assert!(seen > 5, "only {seen} were found");
}
