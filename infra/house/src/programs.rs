//! Our own programs, asked what they would do with the settings that somebody wants to give them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::compose;

/// Where the built programs are: `cargo dev test` says it.
pub fn directory() -> Result<PathBuf> {
    std::env::var_os("HALLES_TEST_PROGRAMS").map(PathBuf::from).context("run this test with `cargo dev test`")
}

/// The settings that a program would use in this environment and no other; what is wrong with it, if it refuses.
pub fn settings(program: &str, environment: &BTreeMap<String, String>) -> Result<toml::Table> {
    let path = directory()?.join(program);
    let output = Command::new(&path)
        .arg("--print-config")
        .env_clear()
        .envs(environment)
        .output()
        .with_context(|| format!("cannot run {}", path.display()))?;
    if !output.status.success() {
        bail!("{program} would not start: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout).context("settings are text")?;
    text.parse().with_context(|| format!("{program} --print-config is no TOML"))
}

/// The names of all settings as variables of the environment, such as `HALLES_HTTP__PORT`.
pub fn variables(settings: &toml::Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect("HALLES_", settings, &mut names);
    names
}

/// Every setting of every program, by the name that the environment has for it.
pub fn accepted_by_all() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for service in compose::load()?.services.values() {
        if let Some(program) = service.program() {
            names.extend(variables(&settings(program, &service.environment)?));
        }
    }
    Ok(names)
}

fn collect(prefix: &str, table: &toml::Table, names: &mut BTreeSet<String>) {
    for (name, value) in table {
        let variable = format!("{prefix}{}", name.to_uppercase());
        match value {
            toml::Value::Table(inner) => collect(&format!("{variable}__"), inner, names),
            _ => {
                names.insert(variable);
            }
        }
    }
}

/// A number among the settings, by its path.
pub fn number(settings: &toml::Table, path: &str) -> Option<i64> {
    let mut parts = path.split('.');
    let first = settings.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))?.as_integer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_named_as_the_environment_names_them() {
        let table: toml::Table = "[http]\nport = 1\n[http.admission]\nfirst_try = 2\n".parse().expect("TOML");
        let names: Vec<String> = variables(&table).into_iter().collect();
        assert_eq!(names, ["HALLES_HTTP__ADMISSION__FIRST_TRY", "HALLES_HTTP__PORT"]);
        assert_eq!(number(&table, "http.admission.first_try"), Some(2));
    }
}
