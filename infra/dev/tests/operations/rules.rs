//! The rules of `infra/prometheus`: Prometheus itself says whether they are right, and each alert is proven.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use halles_dev::programs::find_in_path;
use halles_dev::stack::prometheus::RULES;

/// A rule as its file has it.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it is called: an alert, or what it records.
    pub name: String,
    /// Whether it is an alert.
    pub is_alert: bool,
    /// What it asks.
    pub expression: String,
    /// Its page.
    pub runbook: Option<String>,
}

/// Every rule. The files are ours and keep to one way of writing; what this misreads fails below.
pub fn list_rules() -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (_, text) in RULES {
        let mut is_expression = false;
        for line in text.lines() {
            let trimmed = line.trim();
            let value = |key: &str| trimmed.strip_prefix(key).map(|value| value.trim().to_owned());
            if let Some(name) = value("- alert:").or_else(|| value("- record:")) {
                let is_alert = trimmed.starts_with("- alert:");
                rules.push(Rule { name, is_alert, expression: String::new(), runbook: None });
                is_expression = false;
            } else if let (Some(expression), Some(rule)) = (value("expr:"), rules.last_mut()) {
                is_expression = expression == ">-";
                rule.expression = if is_expression { String::new() } else { expression };
            } else if let (Some(page), Some(rule)) = (value("runbook:"), rules.last_mut()) {
                rule.runbook = Some(page);
            } else if is_expression && line.starts_with("          ") {
                let rule = rules.last_mut().expect("an expression belongs to a rule");
                rule.expression.push_str(trimmed);
                rule.expression.push(' ');
            } else {
                is_expression = false;
            }
        }
    }
    rules
}

/// A file or directory of the checkout.
pub fn in_checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn promtool(arguments: &[&str]) -> String {
    let program = find_in_path("promtool").expect("`cargo dev test` installs Prometheus");
    let output = Command::new(program)
        .args(arguments)
        .current_dir(in_checkout("infra/prometheus"))
        .output()
        .expect("promtool can be run");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "promtool {arguments:?}: {said}");
    said
}

#[test]
fn prometheus_understands_the_rules() {
    let said = promtool(&["check", "rules", "rules/promises.yml", "rules/causes.yml"]);
    let found: usize = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("SUCCESS: ")?.strip_suffix(" rules found")?.parse::<usize>().ok())
        .sum();
    assert_eq!(found, list_rules().len(), "we read as many as Prometheus does: {said}");
    promtool(&["check", "config", "--syntax-only", "prometheus.yml"]);
}

#[test]
fn each_alert_fires_on_bad_data_and_all_are_silent_on_good() {
    promtool(&["test", "rules", "tests/promises.yml", "tests/causes.yml"]);
    let mut cases = String::new();
    for file in ["promises.yml", "causes.yml"] {
        cases += &fs::read_to_string(in_checkout("infra/prometheus/tests").join(file)).expect("it is there");
    }
    let alerts = list_rules().into_iter().filter(|rule| rule.is_alert);
    let unproven: BTreeSet<String> =
        alerts.map(|rule| rule.name).filter(|name| !cases.contains(&format!("alertname=\"{name}\""))).collect();
    assert!(unproven.is_empty(), "nobody has seen these fire: {unproven:?}");
    assert!(cases.contains("an evening on which all is well"), "nobody has seen them silent");
}
