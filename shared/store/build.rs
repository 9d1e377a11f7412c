//! The migrations are read at compile time by a macro that Cargo cannot look into: build again when they change.

#[expect(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]
fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
