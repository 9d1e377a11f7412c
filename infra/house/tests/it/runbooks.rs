//! Settings, outputs of Terraform, jobs and options of scripts that a runbook names are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use halles_house::{compose, programs, workspace};
use regex::Regex;

/// Ends of names that are files.
const FILES: [&str; 8] = [".py", ".sh", ".md", ".toml", ".tfvars", ".json", ".sql", ".env"];

/// Every runbook with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let mut pages = Vec::new();
    for folder in ["infra/runbooks", "infra/runbooks/alerts"] {
        for entry in fs::read_dir(workspace::root().join(folder)).expect("the runbooks") {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|end| end == "md") {
                let text = fs::read_to_string(&path).expect("readable");
                pages.push((path, text));
            }
        }
    }
    pages
}

/// Everything in the runbooks that a pattern's group finds, with its page.
fn named(pattern: &str) -> Vec<(String, String)> {
    let pattern = Regex::new(pattern).expect("a pattern");
    let of_page = |(page, text): &(PathBuf, String)| {
        let page = page.display().to_string();
        pattern.captures_iter(text).map(|found| (page.clone(), found[1].to_owned())).collect::<Vec<_>>()
    };
    pages().iter().flat_map(of_page).collect()
}

#[test]
fn settings_that_pages_name_are_accepted_by_a_program() {
    let accepted = programs::accepted_by_all().expect("the programs");
    let mut seen = BTreeSet::new();
    for (page, setting) in named(r"`([a-z_]+(?:\.[a-z0-9_]+)+)`") {
        if FILES.iter().any(|end| setting.ends_with(end)) {
            continue;
        }
        let variable = format!("HALLES_{}", setting.to_uppercase().replace('.', "__"));
        assert!(accepted.contains(&variable), "{page}: no program has a setting {setting}");
        seen.insert(setting);
    }
    for (page, variable) in named(r"(HALLES_[A-Z0-9_]+__[A-Z0-9_]+)") {
        assert!(accepted.contains(&variable), "{page}: no program knows {variable}");
    }
    assert!(seen.len() > 8, "only {seen:?}");
}

#[test]
fn outputs_and_variables_of_terraform_that_pages_name_are_there() {
    let read = |path: &str| compose::read(path).unwrap_or_else(|error| panic!("{error:#}"));
    let environments = ["staging", "production"].map(|name| format!("terraform/environments/{name}"));
    let outputs = named(r"terraform (?:-chdir=\S+ )?output (?:-json )?([a-z_]+)");
    for (page, output) in &outputs {
        for environment in &environments {
            let text = read(&format!("{environment}/outputs.tf"));
            assert!(text.contains(&format!("output \"{output}\"")), "{page}: {environment} has no output {output}");
        }
    }
    let variables = named(r"-var ([a-z_]+)=");
    let declared = [&environments[1], "terraform/order_log"].map(|folder| read(&format!("{folder}/variables.tf")));
    for (page, variable) in &variables {
        let is_declared = declared.iter().any(|text| text.contains(&format!("variable \"{variable}\"")));
        assert!(is_declared, "{page}: there is no variable {variable}");
    }
    let jobs = named(r#"run_job \| jq -r '?\."?([a-z-]+)"?'?\)"#);
    let known = read("terraform/modules/marketplace/jobs.tf");
    for (page, job) in &jobs {
        assert!(known.contains(&format!("    {job} = {{")), "{page}: there is no job {job}");
    }
    assert!(outputs.len() > 5 && variables.len() > 3 && jobs.len() > 2, "{outputs:?} {variables:?} {jobs:?}");
}

#[test]
fn options_of_scripts_that_pages_name_are_understood() {
    let script = compose::read("terraform/bin/fill_secrets.py").expect("the script");
    let option = Regex::new(r"--[a-z-]+").expect("a pattern");
    let lines = named(r"(?m)fill_secrets\.py ([^`\n]*)");
    for (page, line) in &lines {
        for found in option.find_iter(line) {
            let is_known = script.contains(&format!("add_argument(\"{}\"", found.as_str()));
            assert!(is_known, "{page}: fill_secrets.py has no {}", found.as_str());
        }
    }
    let known = compose::read("terraform/modules/marketplace/jobs.tf").expect("the jobs");
    let tools = named(r"run_tool\.py outputs\.json ([a-z]+)");
    for (page, tool) in &tools {
        assert!(known.contains(&format!("command     = [\"{tool}\"]")), "{page}: there is no tool {tool}");
    }
    assert!(lines.len() > 5 && tools.len() > 3, "{lines:?} {tools:?}");
}
