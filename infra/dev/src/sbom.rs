//! What a program contains: a list of every crate that is compiled into it, with version, licence, checksum and who needs it
//! (SBOM, in CycloneDX 1.6).
//!
//! Told from `cargo metadata` and `Cargo.lock`, which is what is built, for the kind of processor that it is asked on. Left out is what only tests need. Crates that run while
//! compiling (macros, build scripts) are listed: who takes them over takes the program over.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::workspace::Workspace;

/// Every crate that there is, and who needs whom.
pub struct Crates {
    packages: BTreeMap<String, Package>,
    needs: BTreeMap<String, Vec<String>>,
    checksums: BTreeMap<(String, String), String>,
}

impl Crates {
    /// Reads them; downloads nothing that a build has not downloaded.
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let mut command = workspace.cargo();
        let machine = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
        command.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &machine]);
        let output = command.output().context("cannot run cargo")?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Metadata =
            serde_json::from_slice(&output.stdout).context("cargo metadata says something else")?;
        let lock = fs::read_to_string(workspace.root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
        let lock: Lock = toml::from_str(&lock).context("Cargo.lock says something else")?;
        let needs = metadata.resolve.nodes.into_iter().map(|node| (node.id, node.deps)).map(|(id, all)| {
            let shipped = all.into_iter().filter(|need| need.dep_kinds.iter().any(|kind| !kind.is_for_tests()));
            (id, shipped.map(|need| need.pkg).collect())
        });
        Ok(Self {
            needs: needs.collect(),
            packages: metadata.packages.into_iter().map(|package| (package.id.clone(), package)).collect(),
            checksums: lock.package.into_iter().filter_map(Locked::checksum).collect(),
        })
    }

    /// The programs that serve shoppers: those below `services/`.
    pub fn services(&self) -> Vec<&str> {
        let is_service = |package: &&Package| package.manifest_path.iter().any(|folder| folder == "services");
        self.packages.values().filter(is_service).map(|package| package.name.as_str()).collect()
    }

    /// What is in a program.
    pub fn list(&self, program: &str) -> Result<Bom> {
        let root = self.packages.values().find(|package| package.name == program && package.source.is_none());
        let root = root.with_context(|| format!("there is no program {program}"))?;
        let (mut known, mut waiting) = (BTreeSet::from([root.id.as_str()]), VecDeque::from([root.id.as_str()]));
        let mut dependencies = Vec::new();
        while let Some(id) = waiting.pop_front() {
            let needs = self.needs.get(id).map(Vec::as_slice).unwrap_or_default();
            waiting.extend(needs.iter().map(String::as_str).filter(|need| known.insert(need)));
            dependencies.push(Dependency { of: id.to_owned(), depends_on: needs.to_vec() });
        }
        let others = known.iter().filter(|id| **id != root.id).filter_map(|id| self.packages.get(*id));
        Ok(Bom {
            format: "CycloneDX",
            spec_version: "1.6",
            version: 1,
            metadata: BomMetadata { component: self.component(root, "application") },
            components: others.map(|package| self.component(package, "library")).collect(),
            dependencies,
        })
    }

    fn component(&self, package: &Package, kind: &'static str) -> Component {
        let Package { id, name, version, .. } = package;
        let checksum = self.checksums.get(&(name.clone(), version.clone()));
        Component {
            kind,
            reference: id.clone(),
            name: name.clone(),
            version: version.clone(),
            // Ours have no address in the registry.
            address: package.source.as_ref().map(|_| format!("pkg:cargo/{name}@{version}")),
            // An old way to write "or".
            licenses: package.license.iter().map(|text| License { expression: text.replace('/', " OR ") }).collect(),
            hashes: checksum
                .map(|content| Hash { algorithm: "SHA-256", content: content.clone() })
                .into_iter()
                .collect(),
        }
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Need>,
}

#[derive(Deserialize)]
struct Need {
    pkg: String,
    dep_kinds: Vec<NeedKind>,
}

#[derive(Deserialize)]
struct NeedKind {
    kind: Option<String>,
}

impl NeedKind {
    fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

impl Locked {
    fn checksum(self) -> Option<((String, String), String)> {
        Some(((self.name, self.version), self.checksum?))
    }
}

/// The list, as CycloneDX writes it.
#[derive(Debug, Serialize)]
pub struct Bom {
    #[serde(rename = "bomFormat")]
    format: &'static str,
    #[serde(rename = "specVersion")]
    spec_version: &'static str,
    version: u32,
    metadata: BomMetadata,
    /// Every crate in it but the program itself.
    pub components: Vec<Component>,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Serialize)]
struct BomMetadata {
    component: Component,
}

/// A crate.
#[derive(Debug, Serialize)]
pub struct Component {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "bom-ref")]
    reference: String,
    name: String,
    version: String,
    #[serde(rename = "purl", skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    licenses: Vec<License>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash>,
}

#[derive(Debug, Serialize)]
struct License {
    expression: String,
}

#[derive(Debug, Serialize)]
struct Hash {
    #[serde(rename = "alg")]
    algorithm: &'static str,
    content: String,
}

#[derive(Debug, Serialize)]
struct Dependency {
    #[serde(rename = "ref")]
    of: String,
    #[serde(rename = "dependsOn")]
    depends_on: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_contains_what_it_is_built_from_and_no_test() {
        let crates = Crates::read(&Workspace::find().expect("a checkout")).expect("crates");
        assert!(crates.services().contains(&"halles-order"), "{:?}", crates.services());
        let bom = crates.list("halles-order").expect("a program");
        let names: BTreeSet<&str> = bom.components.iter().map(|component| component.name.as_str()).collect();
        for inside in ["actix-web", "halles-store", "rustls", "serde_derive"] {
            assert!(names.contains(inside), "{inside} is not among {names:?}");
        }
        for outside in ["halles-testkit", "proptest", "halles-order", "tantivy"] {
            assert!(!names.contains(outside), "{outside} is no part of it");
        }
        let known: BTreeSet<&str> = bom.components.iter().map(|component| component.reference.as_str()).collect();
        let root = bom.metadata.component.reference.as_str();
        for Dependency { of, depends_on } in &bom.dependencies {
            assert!(depends_on.iter().all(|need| known.contains(need.as_str())), "{of} needs what is not listed");
            assert!(known.contains(of.as_str()) || of == root);
        }
        for component in bom.components.iter().filter(|component| component.address.is_some()) {
            assert!(component.hashes.iter().any(|hash| hash.content.len() == 64), "{component:?}");
            assert!(!component.licenses.is_empty(), "{component:?}");
        }
        assert!(crates.list("halles-nothing").is_err());
    }
}
