//! Terraform's own checks of `terraform/`, without an account and without a network: `validate`, and the tests that lie beside
//! each module and environment.
//!
//! They need Terraform and a stand-in for the AWS provider, a program that is called as `PROGRAM DIRECTORY COMMAND`. It is
//! looked for where `HALLES_TERRAFORM_OFFLINE` says, else as `shared/tools/terraform-offline/run` beside the checkout or
//! above. Where either is missing nothing is checked, and that is said.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::Command;

use super::Outcome;
use crate::say::Say;

/// What is checked, in this order: a folder of `terraform/`, and what to do there. An environment's tests plan it, which
/// includes what `validate` would find.
const CHECKS: [(&str, &str); 4] = [
    ("modules/shows", "test"),
    ("modules/index_store", "test"),
    ("environments/staging", "test"),
    ("environments/production", "test"),
];

/// The same for the order log, whose types the stand-in has to be taught first.
const ORDER_LOG_CHECKS: [&str; 2] = ["validate", "test"];

/// Runs all checks of the checkout at `root`; the first that fails does not keep the others from running.
pub async fn run(root: &Path, say: &Say) -> Result<Outcome> {
    let tool = match find_tool(root, env::var_os("HALLES_TERRAFORM_OFFLINE").map(PathBuf::from)) {
        Ok(tool) => tool,
        Err(reason) => return Ok(Outcome::NotChecked(reason)),
    };
    if !is_on_the_path("terraform") {
        return Ok(Outcome::NotChecked("terraform is not installed".to_owned()));
    }
    let terraform = root.join("terraform");
    let mut all_passed = true;
    for (folder, command) in CHECKS {
        all_passed &= check(say, &tool, &terraform.join(folder), command).await?;
    }
    let taught = tempfile::tempdir().context("no temporary directory")?;
    let taught_tool = taught.path().join("tool");
    let extend = Command::new("python3")
        .arg(terraform.join("order_log/offline/extend.py"))
        .arg(tool.parent().context("a program lies in a directory")?)
        .arg(&taught_tool)
        .stdin(Stdio::null())
        .status()
        .await
        .context("cannot run python3")?;
    all_passed &= extend.success();
    for command in ORDER_LOG_CHECKS.into_iter().filter(|_| extend.success()) {
        all_passed &= check(say, &taught_tool.join("run"), &terraform.join("order_log"), command).await?;
    }
    Ok(if all_passed { Outcome::Passed } else { Outcome::Failed })
}

async fn check(say: &Say, tool: &Path, folder: &Path, command: &str) -> Result<bool> {
    let mut process = Command::new(tool);
    process.arg(folder).arg(command).arg("-no-color").stdin(Stdio::null()).kill_on_drop(true);
    let output = process.output().await.with_context(|| format!("cannot run {}", tool.display()))?;
    if !output.status.success() {
        // What it says of itself goes to the error stream; what Terraform says is on the other.
        let said = [output.stdout, output.stderr].concat();
        say.failed(&format!("{} {command}", folder.display()), "");
        say.text(String::from_utf8_lossy(&said));
    }
    Ok(output.status.success())
}

/// The stand-in, or why there is none.
fn find_tool(root: &Path, named: Option<PathBuf>) -> Result<PathBuf, String> {
    if let Some(named) = named {
        let reason = || format!("HALLES_TERRAFORM_OFFLINE names {}, which is not there", named.display());
        return named.is_file().then(|| named.clone()).ok_or_else(reason);
    }
    let beside = root.ancestors().map(|folder| folder.join("shared/tools/terraform-offline/run"));
    beside
        .into_iter()
        .find(|tool| tool.is_file())
        .ok_or_else(|| "no stand-in for the AWS provider; HALLES_TERRAFORM_OFFLINE may name one".to_owned())
}

fn is_on_the_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_tool_is_found_beside_the_checkout_or_where_it_is_named() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let root = place.path().join("checkouts/halles");
        fs::create_dir_all(&root).expect("writable");
        assert!(find_tool(&root, None).is_err());
        let tool = place.path().join("shared/tools/terraform-offline/run");
        fs::create_dir_all(tool.parent().expect("a folder")).expect("writable");
        fs::write(&tool, "").expect("writable");
        assert_eq!(find_tool(&root, None), Ok(tool));
        let other = place.path().join("other");
        assert!(find_tool(&root, Some(other.clone())).is_err_and(|reason| reason.contains("other")));
        fs::write(&other, "").expect("writable");
        assert_eq!(find_tool(&root, Some(other.clone())), Ok(other));
    }

    #[test]
    fn every_folder_that_is_checked_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders up");
        for (folder, _) in CHECKS {
            assert!(root.join("terraform").join(folder).join("tests").is_dir(), "{folder} has no tests");
        }
    }
}
