//! Reads settings from their sources and refuses what cannot be used.

use std::io::{self, Write};
use std::path::PathBuf;

use config::{Config, ConfigError, Environment, File, FileFormat, Value, ValueKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Cli, Fault, Faults, Validate};

/// Every variable of ours starts with this.
const PREFIX: &str = "HALLES_";

/// Between the levels of a variable's name; one underscore is part of a name.
const LEVELS: &str = "__";

/// Why there are no settings to run with.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file could not be read, or is not TOML.
    #[error("the settings file {path}: {reason}")]
    File {
        /// The file that was asked for.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Settings that cannot be used.
    #[error("these settings cannot be used:{}", bullets(.0))]
    Faults(Vec<Fault>),
    /// The settings could not be written down; a bug in a settings struct.
    #[error("the settings cannot be shown as TOML: {0}")]
    Show(String),
}

/// The settings of this process: defaults, then the file of `--config`, then the environment.
pub fn load<S>(cli: &Cli) -> Result<S, SettingsError>
where
    S: DeserializeOwned + Serialize + Default + Validate,
{
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    load_from(cli, variables)
}

/// Like [`load`], with these variables in place of the environment.
pub fn load_from<S>(cli: &Cli, variables: impl IntoIterator<Item = (String, String)>) -> Result<S, SettingsError>
where
    S: DeserializeOwned + Serialize + Default + Validate,
{
    let ours: Vec<(String, String)> = variables.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    let mut faults = misspelt_variables::<S>(&ours);
    let merged = merge(cli, ours)?;
    faults.extend(unusable_values::<S>(&merged));
    if !faults.is_empty() {
        return Err(SettingsError::Faults(faults));
    }
    let settings: S =
        merged.try_deserialize().map_err(|error| SettingsError::Faults(vec![explain("settings", &error)]))?;
    let faults = Faults::of(&settings);
    if faults.is_empty() { Ok(settings) } else { Err(SettingsError::Faults(faults)) }
}

/// The settings as TOML, with secrets hidden.
pub fn to_toml(settings: &impl Serialize) -> Result<String, SettingsError> {
    toml::to_string_pretty(settings).map_err(|error| SettingsError::Show(error.to_string()))
}

/// Writes the settings to standard output as TOML, with secrets hidden: the answer to `--print-config`.
pub fn print_config(settings: &impl Serialize) -> Result<(), SettingsError> {
    let text = to_toml(settings)?;
    // Whoever closed the pipe has seen enough.
    let _ = io::stdout().write_all(text.as_bytes());
    Ok(())
}

fn merge(cli: &Cli, variables: Vec<(String, String)>) -> Result<Config, SettingsError> {
    let mut builder = Config::builder();
    if let Some(path) = &cli.config {
        let unusable = |reason: String| SettingsError::File { path: path.clone(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
        // Parsed here as well, because this parser's message points at the line.
        text.parse::<toml::Table>().map_err(|error| unusable(error.to_string()))?;
        builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
    }
    // Names without levels (such as the addresses that tests are given) are no settings.
    let levelled = variables.into_iter().filter(|(name, _)| name.contains(LEVELS)).collect();
    let environment = Environment::with_prefix("HALLES")
        .prefix_separator("_")
        .separator(LEVELS)
        .ignore_empty(true)
        .source(Some(levelled));
    builder.add_source(environment).build().map_err(|error| SettingsError::Faults(vec![explain("settings", &error)]))
}

/// Variables such as `HALLES_HTTP_PORT`, where somebody clearly meant `HALLES_HTTP__PORT`.
fn misspelt_variables<S: Serialize + Default>(variables: &[(String, String)]) -> Vec<Fault> {
    let sections: Vec<String> = match toml::Table::try_from(S::default()) {
        Ok(table) => table.into_iter().filter(|(_, value)| value.is_table()).map(|(name, _)| name).collect(),
        Err(_) => Vec::new(),
    };
    let mut faults = Vec::new();
    for (name, _) in variables.iter().filter(|(name, _)| !name.contains(LEVELS)) {
        let key = name[PREFIX.len()..].to_lowercase();
        let meant = sections.iter().find_map(|section| Some((section, key.strip_prefix(&format!("{section}_"))?)));
        if let Some((section, field)) = meant {
            let spelling = format!("{PREFIX}{}{LEVELS}{}", section.to_uppercase(), field.to_uppercase());
            faults.push(Fault {
                setting: format!("{section}.{field}"),
                reason: format!("the variable {name} has one underscore after its section; write {spelling}"),
            });
        }
    }
    faults
}

/// Tries every value alone, on top of the defaults, so that one bad value does not hide the next.
fn unusable_values<S: DeserializeOwned>(merged: &Config) -> Vec<Fault> {
    let mut leaves = Vec::new();
    collect_leaves("", &merged.cache, &mut leaves);
    let mut faults = Vec::new();
    for (key, value) in leaves {
        let alone = Config::builder()
            .set_override(&key, value)
            .and_then(|builder| builder.build())
            .and_then(Config::try_deserialize::<S>);
        if let Err(error) = alone {
            faults.push(explain(&key, &error));
        }
    }
    faults.sort_by(|one, other| one.setting.cmp(&other.setting));
    faults
}

fn collect_leaves(path: &str, value: &Value, leaves: &mut Vec<(String, Value)>) {
    if let ValueKind::Table(table) = &value.kind {
        for (name, inner) in table {
            let inner_path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            collect_leaves(&inner_path, inner, leaves);
        }
    } else {
        leaves.push((path.to_owned(), value.clone()));
    }
}

/// A fault in plain words. The value stays out of it: somebody may have put a password in the wrong place.
fn explain(setting: &str, error: &ConfigError) -> Fault {
    let reason = match error {
        ConfigError::At { error, .. } => explain(setting, error).reason,
        ConfigError::Type { expected, .. } => format!("must be {expected}"),
        other => match other.to_string() {
            text if text.contains("unknown field") => "is not a setting".to_owned(),
            text if text.contains("does not have variant") => "is none of the words that it may be".to_owned(),
            text if text.contains("invalid value") || text.contains("invalid type") => expected_part(&text),
            text => text,
        },
    };
    Fault { setting: setting.to_owned(), reason }
}

/// What serde would have liked to see, without what it saw.
fn expected_part(text: &str) -> String {
    match text.rsplit_once("expected ") {
        Some((_, expected)) => format!("must be {}", expected.split(" for key ").next().unwrap_or(expected)),
        None => "has a value that cannot be used".to_owned(),
    }
}

fn bullets(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("\n  - {fault}")).collect()
}

#[cfg(test)]
mod tests;
