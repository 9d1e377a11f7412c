//! The source tree, and building programs from it.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::stack::services::{PACKAGES, ServicePrograms};

/// The source tree that this command works on.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The tree that `cargo run` started us from, or the one around the current directory.
    pub fn find() -> Result<Self> {
        let from_cargo = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let start = match from_cargo {
            Some(directory) => directory,
            None => env::current_dir().context("the current directory is gone")?,
        };
        let root = start.ancestors().find(|directory| directory.join("infra/dev/Cargo.toml").is_file());
        match root {
            Some(root) => Ok(Self { root: root.to_owned() }),
            None => bail!("{} is not inside a checkout of Halles", start.display()),
        }
    }

    /// Its top directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Builds the services in the profile of this very command, and says where they are.
    pub fn build_services(&self) -> Result<ServicePrograms> {
        // By program, not by package: see `.cargo/config.toml`.
        self.build(PACKAGES.iter().flat_map(|program| ["--bin", program]))
    }

    /// Builds and returns the directory of the resulting programs.
    pub fn build<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Result<ServicePrograms> {
        let mut command = self.cargo();
        command.args(["build", "--message-format=json-render-diagnostics"]).args(arguments);
        if is_release() {
            command.arg("--release");
        }
        // Cargo draws its own progress on standard error; standard output names what was built.
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot run cargo")?;
        let output = child.stdout.take().context("the pipe was asked for")?;
        let directories = executable_directories(BufReader::new(output))?;
        let status = child.wait().context("cannot wait for cargo")?;
        if !status.success() {
            bail!("the build failed");
        }
        match directories.into_iter().next() {
            Some(directory) => Ok(ServicePrograms::in_directory(directory)),
            None => bail!("cargo built no programs"),
        }
    }

    /// A cargo command in this tree.
    pub fn cargo(&self) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.current_dir(&self.root).stdin(Stdio::null());
        // Set for us by `cargo run`; build scripts of others would take them for their own.
        for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME"] {
            command.env_remove(name);
        }
        command
    }

    /// Becomes the same command, built with optimisation; returns only if that fails.
    pub fn run_optimised(&self) -> anyhow::Error {
        let mut command = self.cargo();
        command
            .args(["run", "--release", "--quiet", "--bin", env!("CARGO_PKG_NAME"), "--"])
            .args(env::args_os().skip(1));
        anyhow::Error::new(command.exec()).context("cannot run cargo")
    }

    /// The commit that is checked out, for reports.
    pub fn find_commit(&self) -> Option<String> {
        let mut command = Command::new("git");
        let output = command.current_dir(&self.root).args(["rev-parse", "--short=12", "HEAD"]).output().ok()?;
        let commit = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| commit.trim().to_owned())
    }
}

/// The programs that lie beside this one: what `--no-build` uses.
pub fn programs_beside_us() -> Result<ServicePrograms> {
    let ours = env::current_exe().context("the system does not say which program this is")?;
    let directory = ours.parent().context("a program lies in a directory")?;
    let programs = ServicePrograms::in_directory(directory.to_owned());
    let missing = programs.list_missing();
    if !missing.is_empty() {
        bail!("{} has no {}; leave out --no-build", directory.display(), missing.join(", "));
    }
    Ok(programs)
}

/// Whether this command itself was built for speed.
pub fn is_release() -> bool {
    !cfg!(debug_assertions)
}

fn executable_directories(messages: impl BufRead) -> Result<BTreeSet<PathBuf>> {
    let mut directories = BTreeSet::new();
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(&line?) else { continue };
        let is_program = message["target"]["kind"] == serde_json::json!(["bin"]);
        let is_test = message["profile"]["test"] == serde_json::Value::Bool(true);
        if let (true, false, Some(path)) = (is_program, is_test, message["executable"].as_str()) {
            directories.extend(Path::new(path).parent().map(Path::to_owned));
        }
    }
    Ok(directories)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_programs_count() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"kind":["lib"]},"profile":{"test":false},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"kind":["bin"]},"profile":{"test":true},"executable":"/t/deps/x-1"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"kind":["bin"]},"profile":{"test":false},"executable":"/t/x"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        let directories = executable_directories(messages.as_bytes()).expect("readable");
        assert_eq!(directories.into_iter().collect::<Vec<_>>(), [PathBuf::from("/t")]);
    }
}
