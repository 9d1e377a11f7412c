//! Where the engines' programs are on this machine.
//!
//! Debian keeps PostgreSQL's server programs out of the `PATH`, one directory for each major version.

use std::path::{Path, PathBuf};

/// Where Debian and Ubuntu put the versions of PostgreSQL.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// The programs of PostgreSQL, all of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresPrograms {
    directory: PathBuf,
}

impl PostgresPrograms {
    /// The newest version installed, or the one that `wanted_major` asks for.
    pub fn find(wanted_major: Option<u32>) -> Option<Self> {
        let mut versions = debian_versions();
        versions.sort_unstable_by_key(|(major, _)| std::cmp::Reverse(*major));
        let chosen = versions.into_iter().find(|(major, _)| wanted_major.is_none_or(|wanted| wanted == *major));
        let directory = match (chosen, wanted_major) {
            (Some((_, directory)), _) => directory,
            (None, None) => find_in_path("initdb")?.parent()?.to_owned(),
            (None, Some(_)) => return None,
        };
        Some(Self { directory })
    }

    /// One program by its name: `postgres`, `initdb`, `pg_basebackup`, `psql`…
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

fn debian_versions() -> Vec<(u32, PathBuf)> {
    let entries = std::fs::read_dir(DEBIAN_POSTGRES).into_iter().flatten().flatten();
    let version_of = |entry: std::fs::DirEntry| {
        let major = entry.file_name().to_str()?.parse().ok()?;
        let directory = entry.path().join("bin");
        directory.join("postgres").is_file().then_some((major, directory))
    };
    entries.filter_map(version_of).collect()
}

/// Finds a program in the `PATH` or in the directories of system programs, which ordinary users often lack in theirs.
pub fn find_in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    let mut directories = std::env::split_paths(&path).chain(system);
    directories.find_map(|directory| executable(&directory.join(name)))
}

fn executable(path: &Path) -> Option<PathBuf> {
    path.is_file().then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_is_found_and_a_fancy_is_not() {
        assert!(find_in_path("sh").is_some());
        assert_eq!(find_in_path("no-such-program-anywhere"), None);
    }
}
