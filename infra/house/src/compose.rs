//! `docker-compose.yml` as data, with its variables filled in.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use regex::{Captures, Regex};
use serde::Deserialize;
use serde_json::Value;

use crate::workspace;

/// The whole file.
#[derive(Debug, Deserialize)]
pub struct Compose {
    /// The containers, by name.
    pub services: BTreeMap<String, Service>,
    /// The volumes that outlive containers.
    pub volumes: BTreeMap<String, Value>,
}

/// One kind of container.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Where it comes from.
    pub image: String,
    /// How it is built, when it is ours.
    pub build: Option<Build>,
    /// What it is told.
    pub environment: BTreeMap<String, String>,
    /// What it can see of files.
    pub volumes: Vec<String>,
    /// What can be reached from outside.
    pub ports: Vec<String>,
    /// What must have happened before.
    pub depends_on: BTreeMap<String, Value>,
    /// When it is started again.
    pub restart: String,
    /// How one sees whether it is well.
    pub healthcheck: Option<Value>,
    /// How many there are and what they may take.
    pub deploy: Value,
    /// Whether it cannot write to its own files.
    pub read_only: bool,
}

/// How an image of ours is built.
#[derive(Debug, Deserialize)]
pub struct Build {
    /// The stage of the Dockerfile.
    pub target: String,
    /// Its arguments.
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

impl Service {
    /// The program in it, when it is one of ours that takes settings.
    pub fn program(&self) -> Option<&str> {
        self.build.as_ref()?.args.get("PROGRAM").map(String::as_str)
    }
}

/// The text of a file, from the root of the workspace.
pub fn read(path: &str) -> Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| format!("cannot read {path}"))
}

/// The file, with a value for each of its variables.
pub fn load() -> Result<Compose> {
    parse(&read("docker-compose.yml")?)
}

/// A compose file, with a made-up value for each variable that has no default.
pub fn parse(text: &str) -> Result<Compose> {
    let variable = Regex::new(r"\$\{(\w+)(?::[-?]([^}]*))?\}")?;
    let filled = variable.replace_all(text, |found: &Captures<'_>| match &found[0] {
        whole if whole.contains(":-") => found[2].to_owned(),
        _ => format!("made-up-{}-of-more-than-32-characters", found[1].to_lowercase()),
    });
    // Merge keys (`<<`) are the reader's business.
    serde_saphyr::from_str(&filled).map_err(|error| anyhow::anyhow!("docker-compose.yml cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_merged_and_variables_filled_in() {
        let text = "
x-all: &all
  A: ${A:?must be set}
x-more: &more
  B: ${B:-default}
services:
  one:
    image: one
    environment: { <<: [*all, *more], C: c }
volumes: {}
";
        let compose = parse(text).expect("a file");
        let environment = &compose.services["one"].environment;
        assert_eq!(environment["A"], "made-up-a-of-more-than-32-characters");
        assert_eq!((environment["B"].as_str(), environment["C"].as_str()), ("default", "c"));
    }
}
