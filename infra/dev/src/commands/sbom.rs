//! `cargo dev sbom`: what each service contains, as a file that auditors' tools read.

use std::fs;

use anyhow::{Context as _, Result};

use super::context::Context;
use crate::cli::SbomArgs;
use crate::sbom::Crates;

/// Writes one list for each program that was named, or for each service.
pub fn run(context: &Context, args: &SbomArgs) -> Result<()> {
    let workspace = context.workspace()?;
    let crates = Crates::read(&workspace)?;
    let programs = match args.programs.as_slice() {
        [] => crates.services(),
        named => named.iter().map(String::as_str).collect(),
    };
    let directory = args.into.clone().unwrap_or_else(|| workspace.root().join("target/sbom"));
    fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))?;
    for program in programs {
        let bom = crates.list(program)?;
        let path = directory.join(format!("{program}.cdx.json"));
        fs::write(&path, serde_json::to_string_pretty(&bom)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        context.say.note(program, &format!("{} crates: {}", bom.components.len(), path.display()));
    }
    Ok(())
}
