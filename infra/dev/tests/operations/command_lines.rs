//! Whoever is woken copies what the runbooks say. So every command line in them is one that its program understands, and every
//! file, benchmark and process that they name is there.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Parser;
use clap::error::ErrorKind;
use halles_dev::bench::plan::BENCHMARKS;
use halles_dev::cli::{self, Cli};
use halles_dev::ports::Ports;

use crate::rules::in_checkout;
use crate::runbooks::{fragments, list_pages};

/// Where files of ours lie. What a page names below these is there.
const OUR_FOLDERS: [&str; 6] = ["infra/", "shared/", "services/", "loadtest/", "terraform/", ".ci/"];

/// Files that whoever follows a page writes; the folder is there.
const WRITTEN_BY_THE_READER: [&str; 3] = ["OUR-SHOW.toml", "mine.auto.tfvars", "shows.auto.tfvars.json"];

#[test]
fn cargo_dev_understands_every_line() {
    let mut seen = 0;
    for (page, words) in lines_of("cargo") {
        let Some((_, arguments)) = words.split_first().filter(|(first, rest)| *first == "dev" && !rest.is_empty())
        else {
            continue;
        };
        let line = arguments.join(" ");
        let parsed = Cli::try_parse_from(std::iter::once("cargo dev").chain(arguments.iter().map(String::as_str)));
        match parsed {
            Ok(cli) => check_names(&page, &cli.command),
            Err(error) => assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{}: {line}: {error}", page.display()),
        }
        seen += 1;
    }
    assert!(seen > 15, "only {seen} lines were found");
}

/// What the command line takes for any text must be the name of something.
fn check_names(page: &Path, command: &cli::Command) {
    let process = match command {
        cli::Command::Restart(args) | cli::Command::Kill(args) => Some(args.name.as_str()),
        cli::Command::Logs(args) => args.name.as_deref(),
        cli::Command::Bench(args) => {
            let name = args.name.as_deref().unwrap_or_default();
            assert!(BENCHMARKS.iter().any(|known| known.name == name), "{}: no benchmark {name}", page.display());
            None
        }
        _ => None,
    };
    let Some(process) = process.filter(|name| *name != "NAME") else { return };
    let known = Ports::default().named();
    let is_known = known
        .iter()
        .any(|(name, _)| name == process || name.strip_prefix(process).is_some_and(|rest| rest.starts_with('-')));
    assert!(is_known, "{}: there is no process {process}", page.display());
}

#[test]
fn our_programs_know_the_options_that_pages_name() {
    let programs = PathBuf::from(env::var_os("HALLES_TEST_PROGRAMS").expect("run this test with `cargo dev test`"));
    let mut seen = BTreeSet::new();
    for program in ["halles-rehearse", "halles-migrate", "halles-order"] {
        for (page, words) in lines_of(program) {
            let mut command = Command::new(programs.join(program));
            // What stands in front of the first option or placeholder is the subcommand.
            let is_subcommand = |word: &&String| word.chars().all(|c| c.is_ascii_lowercase());
            command.args(words.first().filter(is_subcommand)).arg("--help").stdin(Stdio::null());
            let output = command.output().unwrap_or_else(|error| panic!("{program}: {error}"));
            let help = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{}: {program} {words:?}", page.display());
            for option in words.iter().filter(|word| word.starts_with("--")) {
                assert!(help.contains(option.as_str()), "{}: {program} has no {option}", page.display());
            }
            seen.insert(program);
        }
    }
    assert!(seen.contains("halles-rehearse"), "no line was found");
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let mut seen = 0;
    for page in list_pages() {
        for fragment in fragments(&page) {
            for word in words(&fragment) {
                let path = word.trim_start_matches("../").trim_end_matches([',', ';', ')']);
                if !OUR_FOLDERS.iter().any(|folder| path.starts_with(folder)) {
                    continue;
                }
                let path = match WRITTEN_BY_THE_READER.iter().find(|written| path.ends_with(**written)) {
                    Some(written) => path.trim_end_matches(written),
                    None => path,
                };
                assert!(in_checkout(path).exists(), "{} names {path}, which is not there", page.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 15, "only {seen} files were found");
}

/// The lines of all pages that call this program, without its name; comments and whatever it is piped into are cut off.
fn lines_of(program: &str) -> Vec<(PathBuf, Vec<String>)> {
    let mut found = Vec::new();
    for page in list_pages() {
        for fragment in fragments(&page) {
            let called = words(&fragment);
            let Some((first, rest)) = called.split_first() else { continue };
            if first == program {
                let end = rest.iter().position(|word| ["#", "|", "&&", ">"].contains(&word.as_str()));
                found.push((page.clone(), rest[..end.unwrap_or(rest.len())].to_vec()));
            }
        }
    }
    found
}

/// Splits a line as a shell does, as far as runbooks need it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for character in line.chars() {
        match quote {
            Some(closing) if character == closing => quote = None,
            None if character == '"' || character == '\'' => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[test]
fn lines_are_split_as_a_shell_does() {
    assert_eq!(
        words("  rung set 3 --why \"placing is slow\" ''  # x"),
        ["rung", "set", "3", "--why", "placing is slow", "", "#", "x"]
    );
    assert!(words(" ").is_empty());
}
