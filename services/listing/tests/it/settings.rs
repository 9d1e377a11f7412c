//! The binary as an operator meets it.

use std::process::Command;

#[test]
fn the_settings_can_be_shown_without_their_secrets() {
    let output = Command::new(env!("CARGO_BIN_EXE_halles-listing"))
        .arg("--print-config")
        .env("HALLES_STORE__REPLICA_URL", "postgres://halles_read:hush@127.0.0.1:1/halles")
        .env("HALLES_SIGNING__SECRET", "hush, hush, hush, hush, hush, hush")
        .output()
        .expect("runs");
    let shown = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(shown.contains("page_size = 24") && shown.contains("port = 8101"), "{shown}");
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn what_is_missing_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_halles-listing")).env_clear().output().expect("runs");
    let complaint = String::from_utf8(output.stderr).expect("text");
    assert!(!output.status.success());
    assert!(complaint.contains("store.replica_url") && complaint.contains("signing.secret"), "{complaint}");
}
