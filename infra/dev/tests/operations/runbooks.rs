//! Every alert has its page, every page its alert, and what pages point to is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::rules::{in_checkout, list_rules};

/// What whoever is woken wants to know, in this order.
const SECTIONS: [&str; 4] = ["## What it means", "## Look at", "## Do", "## Afterwards"];

fn pages(directory: &str) -> Vec<std::path::PathBuf> {
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
    let all = pages("infra/runbooks").into_iter().chain(pages("infra/runbooks/alerts"));
    for page in all {
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
