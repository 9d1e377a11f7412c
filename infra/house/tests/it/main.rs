//! The workspace keeps the house rules.

mod compose;
mod runbooks;
mod supply;
mod terraform;

use halles_house::rules::LAYERS;
use halles_house::{breaches, workspace};

fn assert_none(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n  - {}\n", breaches.join("\n  - "));
}

#[test]
fn arrows_point_down() {
    assert_none(&breaches::of_direction(&workspace::crates().expect("the crates")));
}

#[test]
fn technologies_stay_behind_the_crates_that_hide_them() {
    assert_none(&breaches::of_guarded_crates(&workspace::crates().expect("the crates")));
}

#[test]
fn every_crate_has_the_lints_and_one_test_program() {
    assert_none(&breaches::of_manifests(&workspace::crates().expect("the crates")));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let files = workspace::source_files().expect("the files");
    assert!(files.len() > LAYERS.len(), "only {} files were found", files.len());
    assert_none(&breaches::of_files(&files));
}

#[test]
fn the_layers_name_no_crate_that_is_gone() {
    let crates = workspace::crates().expect("the crates");
    let gone = LAYERS.iter().filter(|layer| crates.iter().all(|ours| ours.name != layer.name));
    assert_none(
        &gone.map(|layer| format!("{} is in the layers but not in the workspace", layer.name)).collect::<Vec<_>>(),
    );
}
