//! What breaks a rule, in plain words. Each function takes the workspace as data, so each can be tried on made-up ones.

use std::path::Path;

use crate::rules::{EMPTY_NAMES, GUARDED, LAYERS, MAX_LINES, MORE_TEST_PROGRAMS, ONLY_IN_TESTS};
use crate::workspace::{Crate, SourceFile};

/// Crates that depend on others of ours which they should not know.
pub fn of_direction(crates: &[Crate]) -> Vec<String> {
    let mut breaches = Vec::new();
    for ours in crates {
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == ours.name) else {
            breaches.push(format!("{} has no place in the layers of infra/house/src/rules.rs", ours.name));
            continue;
        };
        let shipped = ours.dependencies.iter().filter(|dependency| !dependency.is_for_tests());
        for used in shipped.filter(|dependency| is_ours(&dependency.name)) {
            if used.name == ONLY_IN_TESTS {
                breaches.push(format!("{} ships with {ONLY_IN_TESTS}, which is for tests", ours.name));
            } else if !layer.may_use.contains(&used.name.as_str()) {
                breaches.push(format!("{} must not depend on {}", ours.name, used.name));
            }
        }
    }
    breaches
}

/// Crates that touch a technology which is hidden behind another crate.
pub fn of_guarded_crates(crates: &[Crate]) -> Vec<String> {
    let mut breaches = Vec::new();
    for ours in crates {
        for used in ours.dependencies.iter().filter(|dependency| !dependency.is_for_tests()) {
            let guard = GUARDED.iter().find(|guarded| guarded.name == used.name);
            if guard.is_some_and(|guarded| !guarded.users.contains(&ours.name.as_str())) {
                breaches.push(format!("{} must not touch {}", ours.name, used.name));
            }
        }
    }
    breaches
}

/// Crates that do without the lints of the workspace, or have several integration test programs, each of which is
/// linked again.
pub fn of_manifests(crates: &[Crate]) -> Vec<String> {
    let mut breaches = Vec::new();
    for ours in crates {
        if !ours.inherits_lints {
            breaches.push(format!("{} does not say `lints.workspace = true`", ours.name));
        }
        let is_known =
            |program: &String| program == "it" || MORE_TEST_PROGRAMS.contains(&(ours.name.as_str(), program.as_str()));
        if !ours.test_programs.iter().all(is_known) {
            breaches.push(format!("{} has integration tests outside tests/it: {:?}", ours.name, ours.test_programs));
        }
    }
    breaches
}

/// Files that are too long, do not say what they are for, or have a name that says nothing.
pub fn of_files(files: &[SourceFile]) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in files {
        let path = file.path.display();
        if has_an_empty_name(&file.path) {
            breaches.push(format!("{path} has a name that says nothing"));
        }
        if is_test(&file.path) {
            continue;
        }
        let lines = lines_without_tests(&file.text);
        if lines > MAX_LINES {
            breaches.push(format!("{path} has {lines} lines without its tests; the most is {MAX_LINES}"));
        }
        if !file.text.starts_with("//!") {
            breaches.push(format!("{path} does not begin by saying what it is for (`//!`)"));
        }
    }
    breaches
}

fn is_ours(name: &str) -> bool {
    name.starts_with("halles-")
}

/// Whether the file or a folder on the way to it has a name that says nothing.
fn has_an_empty_name(path: &Path) -> bool {
    let path = path.with_extension("");
    path.components().filter_map(|part| part.as_os_str().to_str()).any(|name| EMPTY_NAMES.contains(&name))
}

/// Whether a file holds nothing but tests.
fn is_test(path: &Path) -> bool {
    let is_test_folder = path.components().any(|part| part.as_os_str() == "tests");
    is_test_folder || path.file_name().is_some_and(|name| name == "tests.rs")
}

/// The lines up to the tests at the bottom.
fn lines_without_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod tests"));
    tests.unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn dependency(name: &str, kind: Option<&str>) -> Dependency {
        Dependency { name: name.to_owned(), kind: kind.map(str::to_owned) }
    }

    fn ours(name: &str, dependencies: Vec<Dependency>) -> Crate {
        Crate { name: name.to_owned(), dependencies, inherits_lints: true, test_programs: vec!["it".to_owned()] }
    }

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.into(), text: text.to_owned() }
    }

    #[test]
    fn an_arrow_that_points_up_is_a_breach() {
        let upwards = ours("halles-domain", vec![dependency("halles-store", None)]);
        assert_eq!(of_direction(&[upwards]), ["halles-domain must not depend on halles-store"]);
        let sideways = ours("halles-search", vec![dependency("halles-listing", None)]);
        assert_eq!(of_direction(&[sideways]), ["halles-search must not depend on halles-listing"]);
        let down = ours("halles-search", vec![dependency("halles-cache", None), dependency("serde", None)]);
        assert!(of_direction(&[down]).is_empty());
        assert_eq!(of_direction(&[ours("halles-attic", vec![])]).len(), 1);
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        let in_tests = ours("halles-cache", vec![dependency("halles-testkit", Some("dev"))]);
        assert!(of_direction(&[in_tests]).is_empty());
        let shipped = ours("halles-cache", vec![dependency("halles-testkit", None)]);
        assert_eq!(of_direction(&[shipped]).len(), 1);
    }

    #[test]
    fn a_guarded_crate_has_few_users() {
        let crates = [
            ours("halles-cache", vec![dependency("moka", None)]),
            ours("halles-listing", vec![dependency("moka", None), dependency("redis", Some("dev"))]),
        ];
        assert_eq!(of_guarded_crates(&crates), ["halles-listing must not touch moka"]);
    }

    #[test]
    fn every_crate_has_the_lints_and_one_test_program() {
        let mut bare = ours("halles-cache", vec![]);
        bare.inherits_lints = false;
        bare.test_programs.push("more".to_owned());
        assert_eq!(of_manifests(&[bare]).len(), 2);
        assert!(of_manifests(&[ours("halles-cache", vec![])]).is_empty());
    }

    #[test]
    fn files_are_short_and_say_what_they_are_for() {
        let long = format!("//! Long.\n{}", "fn f() {}\n".repeat(MAX_LINES));
        assert_eq!(of_files(&[file("shared/x/src/long.rs", &long)]).len(), 1);
        let tested = format!("//! Short.\n#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(MAX_LINES));
        assert!(of_files(&[file("shared/x/src/short.rs", &tested)]).is_empty());
        assert!(of_files(&[file("shared/x/tests/it/long.rs", &long)]).is_empty());
        assert_eq!(of_files(&[file("shared/x/src/silent.rs", "fn f() {}")]).len(), 1);
    }

    #[test]
    fn names_say_something() {
        for path in ["shared/x/src/utils.rs", "shared/common/src/lib.rs", "shared/x/src/helpers/mod.rs"] {
            assert_eq!(of_files(&[file(path, "//! Odds and ends.")]).len(), 1, "{path}");
        }
    }
}
