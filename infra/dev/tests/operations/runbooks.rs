//! Every alert has its page, every page its alert, and what pages point to is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::rules::{in_checkout, list_rules};

/// What whoever is woken wants to know, in this order.
const SECTIONS: [&str; 4] = ["## What it means", "## Look at", "## Do", "## Afterwards"];

/// Every page.
pub fn list_pages() -> Vec<PathBuf> {
    [pages("infra/runbooks"), pages("infra/runbooks/alerts")].concat()
}

/// What a page sets apart as something to type or to look for: pieces between backticks, and indented lines.
pub fn fragments(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).expect("readable");
    let mut fragments: Vec<String> =
        text.lines().filter(|line| line.starts_with("    ")).map(|line| line.trim().to_owned()).collect();
    // Pieces may run over the end of a line.
    let pieces = text.split('`').skip(1).step_by(2);
    fragments.extend(pieces.map(|piece| piece.split_whitespace().collect::<Vec<_>>().join(" ")));
    fragments
}

/// Words that metrics begin with.
const FAMILIES: [&str; 14] = [
    "cache",
    "change",
    "circuit",
    "db",
    "halles",
    "http",
    "indexer",
    "messaging",
    "order",
    "orders",
    "process",
    "relay",
    "search",
    "store",
];

/// What looks like a metric and is a connection or a table.
const NO_METRICS: [&str; 4] = ["order_log", "order_log_consumer", "order_outcomes", "order_transition"];

/// Every metric that a page names, with the page.
pub fn metrics_on_pages() -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    for page in list_pages() {
        for fragment in fragments(&page) {
            let name = fragment.split('{').next().unwrap_or_default();
            let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            let is_known = name.split_once('_').is_some_and(|(family, _)| FAMILIES.contains(&family));
            if is_name && is_known && !NO_METRICS.contains(&name) {
                named.insert(name.to_owned(), page.display().to_string());
            }
        }
    }
    assert!(named.len() > 15, "only these were found: {named:?}");
    named
}

fn pages(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(in_checkout(directory)).expect("it is there");
    let paths = entries.map(|entry| entry.expect("readable").path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

#[test]
fn each_alert_has_a_page_and_each_page_an_alert() {
    let mut named = BTreeSet::new();
    for rule in list_rules().into_iter().filter(|rule| rule.is_alert) {
        let page = rule.runbook.unwrap_or_else(|| panic!("{} has no runbook", rule.name));
        let text = fs::read_to_string(in_checkout(&page)).unwrap_or_else(|error| panic!("{page}: {error}"));
        assert!(text.contains(&rule.name), "{page} does not speak of {}", rule.name);
        for section in SECTIONS {
            assert!(text.contains(section), "{page} lacks {section}");
        }
        named.insert(in_checkout(&page).file_name().expect("a file").to_owned());
    }
    let there: BTreeSet<_> =
        pages("infra/runbooks/alerts").iter().map(|path| path.file_name().expect("a file").to_owned()).collect();
    assert_eq!(named, there, "pages that no alert leads to");
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in list_pages() {
        let text = fs::read_to_string(&page).expect("readable");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let target = page.parent().expect("a page lies in a directory").join(path);
            assert!(Path::new(&target).exists(), "{} leads to {path}, which is not there", page.display());
        }
    }
}
