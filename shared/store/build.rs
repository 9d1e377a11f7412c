//! The migrations are read at compile time by a macro that Cargo cannot look into: build again when they change.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
