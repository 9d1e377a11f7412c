//! The workspace as it is: its crates with their dependencies, and its source files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::rules::SOURCE_FOLDERS;

/// One of our crates.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
    /// Whether its manifest says `lints.workspace = true`.
    pub inherits_lints: bool,
    /// The names of its integration test programs.
    pub test_programs: Vec<String>,
}

/// A dependency as a manifest has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Dependency {
    /// The crate depended on.
    pub name: String,
    /// `dev` when only tests need it, `build` for build scripts, none for the crate itself.
    pub kind: Option<String>,
}

impl Dependency {
    /// Whether only tests need it.
    pub fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// A Rust source file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path, from the root of the workspace.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this crate lies two folders below").to_owned()
}

/// Every crate of the workspace, as `cargo metadata` sees it.
pub fn crates() -> Result<Vec<Crate>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--offline"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cannot read cargo metadata")?;
    metadata.packages.into_iter().map(Package::read).collect()
}

/// Every Rust file below the folders with our sources.
pub fn source_files() -> Result<Vec<SourceFile>> {
    let root = root();
    let mut files = Vec::new();
    for folder in SOURCE_FOLDERS {
        collect(&root, &root.join(folder), &mut files)?;
    }
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.push(SourceFile { path: path.strip_prefix(root)?.to_owned(), text });
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Manifest {
    lints: Lints,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lints {
    workspace: bool,
}

impl Package {
    fn read(self) -> Result<Crate> {
        let text = fs::read_to_string(&self.manifest_path)?;
        let manifest: Manifest = toml::from_str(&text).with_context(|| format!("the manifest of {}", self.name))?;
        let is_test = |target: &Target| target.kind.iter().any(|kind| kind == "test");
        let test_programs = self.targets.into_iter().filter(is_test).map(|target| target.name).collect();
        Ok(Crate {
            name: self.name,
            dependencies: self.dependencies,
            inherits_lints: manifest.lints.workspace,
            test_programs,
        })
    }
}
