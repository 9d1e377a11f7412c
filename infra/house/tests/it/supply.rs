//! What we build on: from the registry alone, locked, under licences that `deny.toml` allows, and each technology known to those
//! crates that hide it. `cargo deny` looks more closely, where it is installed; this is looked at everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use halles_house::rules::GUARDED;
use halles_house::workspace;
use serde::Deserialize;

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    wrappers: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Sources {
    #[serde(rename = "allow-registry")]
    allow_registry: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

/// A crate and those that it is built on.
#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    license: Option<String>,
    source: Option<String>,
}

fn deny() -> Deny {
    let text = std::fs::read_to_string(workspace::root().join("deny.toml")).expect("deny.toml");
    toml::from_str(&text).expect("deny.toml is as we read it")
}

/// Everything that is built on the machines that we build for.
fn metadata() -> Metadata {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    command.args(["--filter-platform", "x86_64-unknown-linux-gnu"]).current_dir(workspace::root());
    let output = command.output().expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("metadata")
}

#[test]
fn only_the_registry_is_a_source() {
    let allowed = deny().sources.allow_registry;
    let foreign: Vec<String> = metadata()
        .packages
        .into_iter()
        .filter_map(|package| Some((package.name, package.source?)))
        .filter(|(_, source)| !allowed.iter().any(|registry| *source == format!("registry+{registry}")))
        .map(|(name, source)| format!("{name} from {source}"))
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[test]
fn every_licence_is_one_that_we_allow() {
    let Licenses { allow, exceptions } = deny().licenses;
    let exceptions: BTreeMap<String, BTreeSet<String>> =
        exceptions.into_iter().map(|exception| (exception.name, exception.allow)).collect();
    let all = metadata().packages;
    assert!(all.len() > 300, "only {} crates", all.len());
    for package in all.iter().filter(|package| package.source.is_some()) {
        let licence = package.license.as_deref().unwrap_or_else(|| panic!("{} has no licence", package.name));
        let of_crate = exceptions.get(&package.name);
        let is_allowed = |name: &str| allow.contains(name) || of_crate.is_some_and(|allow| allow.contains(name));
        assert!(satisfies(licence, &is_allowed), "{}: {licence}", package.name);
    }
}

/// Whether an SPDX expression can be met with licences that are allowed. "And" binds more tightly than "or"; an exception
/// (`WITH`) only adds permissions.
fn satisfies(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let text = expression.replace('/', " OR ");
    let ways = split_outside_parentheses(&text, " OR ");
    if let [_, _, ..] = ways.as_slice() {
        return ways.iter().any(|way| satisfies(way, is_allowed));
    }
    let parts = split_outside_parentheses(&text, " AND ");
    if let [_, _, ..] = parts.as_slice() {
        return parts.iter().all(|part| satisfies(part, is_allowed));
    }
    let term = text.trim();
    match term.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => satisfies(inner, is_allowed),
        None => is_allowed(term.split(" WITH ").next().unwrap_or(term)),
    }
}

fn split_outside_parentheses<'a>(text: &'a str, between: &str) -> Vec<&'a str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0);
    for (place, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && place >= from && text[place..].starts_with(between) => {
                parts.push(&text[from..place]);
                from = place + between.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    let meets = |expression: &str| satisfies(expression, &|name| ["MIT", "Unicode-3.0", "Apache-2.0"].contains(&name));
    for good in
        ["MIT", "GPL-2.0 OR MIT", "MPL-2.0/MIT", "(GPL-2.0 OR MIT) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(meets(good), "{good}");
    }
    for bad in ["GPL-2.0", "MIT AND GPL-2.0", "(MIT OR Apache-2.0) AND MPL-2.0", "GPL-2.0 OR MPL-2.0 AND MIT"] {
        assert!(!meets(bad), "{bad}");
    }
}

/// Who may use a technology, as `deny.toml` has it.
fn wrappers() -> BTreeMap<String, Vec<String>> {
    deny().bans.deny.into_iter().filter_map(|ban| Some((ban.name, ban.wrappers?))).collect()
}

#[test]
fn nobody_else_uses_what_is_hidden() {
    let wrappers = wrappers();
    let Metadata { packages, resolve } = metadata();
    let names: BTreeMap<&str, &str> =
        packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
    for Node { id, dependencies } in &resolve.nodes {
        for used in dependencies {
            let (user, used) = (names[id.as_str()], names[used.as_str()]);
            let is_allowed = wrappers.get(used).is_none_or(|users| users.iter().any(|wrapper| wrapper == user));
            assert!(is_allowed, "deny.toml does not let {user} use {used}");
        }
    }
}

#[test]
fn deny_and_the_house_agree_on_who_hides_what() {
    let wrappers = wrappers();
    let guarded: BTreeSet<&str> = GUARDED.iter().map(|guarded| guarded.name).collect();
    assert_eq!(wrappers.keys().map(String::as_str).collect::<BTreeSet<_>>(), guarded);
    for technology in &GUARDED {
        for user in technology.users {
            let is_named = wrappers[technology.name].iter().any(|wrapper| wrapper == user);
            assert!(is_named, "deny.toml does not let {user} use {}", technology.name);
        }
    }
}
