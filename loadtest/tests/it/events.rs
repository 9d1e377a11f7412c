//! The event files that come with the project can be used, and say what their descriptions say.

use std::fs;
use std::path::{Path, PathBuf};

use halles_loadtest::event::Event;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/events")
}

fn read(name: &str) -> Event {
    Event::read(&directory().join(name)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_event_can_be_used() {
    let files = fs::read_dir(directory()).expect("the events").map(|entry| entry.expect("a file").path());
    let events = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    assert_eq!(events.inspect(|path| drop(read(&path.to_string_lossy()))).count(), 6);
}

#[test]
fn the_example_in_the_description_can_be_used() {
    let text = fs::read_to_string(directory().join("README.md")).expect("the description");
    let example = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let copy = tempfile::tempdir().expect("a directory");
    fs::write(copy.path().join("event.toml"), example).expect("a file");
    let event = Event::read(&copy.path().join("event.toml")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(event.curve.peak(), (5.0, 72_000.0));
}

#[test]
fn the_shows_are_as_steep_as_they_were() {
    for (name, times, within_minutes) in
        [("show-2014.toml", 18.0, 5.0), ("show-2017.toml", 18.1, 5.0), ("step.toml", 18.0, 0.5)]
    {
        let curve = read(name).curve;
        let (before, (at, peak)) = (curve.at(0.0), curve.peak());
        assert!((peak / before - times).abs() < 0.1 && at <= within_minutes, "{name}: {peak} of {before} at {at}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Event::read(Path::new("/nowhere/show.toml")).expect_err("no file").to_string();
    assert!(error.starts_with("/nowhere/show.toml cannot be used:\n  line 1, the file: it cannot be read"), "{error}");
}
