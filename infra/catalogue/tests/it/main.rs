//! The generator and the importer against a real database.

mod bad_files;
mod catalogue;
mod generating;
mod importing;
mod known_sources;
