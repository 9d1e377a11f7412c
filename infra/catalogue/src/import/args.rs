//! What the person at the terminal asks for.

use std::path::{Path, PathBuf};

use clap::Args;
use halles_domain::{Currency, Language, Slug};

use super::ImportError;
use super::mapping::{Mapping, Names};
use super::source_file::{Format, in_directory};

/// Imports listings from a CSV or JSONL file, packed with gzip or not.
#[derive(Debug, Clone, Default, Args)]
pub struct ImportArgs {
    /// The file, or a directory with one catalogue file in it.
    pub path: PathBuf,
    /// How the rows are written; found by name or content without.
    #[arg(long)]
    pub format: Option<Format>,
    /// A mapping file, or the name of one that comes with the importer; found by the directory's name without.
    #[arg(long)]
    pub mapping: Option<String>,
    /// The source's name, as it stands in addresses; listings of other sources are never touched.
    #[arg(long)]
    pub source: Option<String>,
    /// Stop at the first bad row and keep nothing.
    #[arg(long)]
    pub strict: bool,
    /// Where all refused rows are written, if there are any; next to you under the source's name without.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// One of our fields and theirs, such as `title=product_name`; may be repeated. Ours: ref, title, description,
    /// seller, category, price, price_cents, stock, images, attributes.
    #[arg(long = "field", value_name = "OURS=THEIRS")]
    pub fields: Vec<String>,
    /// The currency of the prices.
    #[arg(long)]
    pub currency: Option<Currency>,
    /// The language of the texts.
    #[arg(long)]
    pub language: Option<Language>,
}

/// What an import is to do, with nothing left to find out.
#[derive(Debug)]
pub struct Order {
    /// The file.
    pub file: PathBuf,
    /// The source's name.
    pub source: Slug,
    /// How its fields become ours.
    pub mapping: Mapping,
    /// Where refused rows go.
    pub rejects: PathBuf,
}

/// The mapping for files whose directory no other mapping knows.
const FALLBACK: &str = "plain";

impl ImportArgs {
    /// Finds the file, the mapping and the source's name.
    pub fn resolve(&self) -> Result<Order, ImportError> {
        if !self.path.exists() {
            return Err(ImportError::open(&self.path, std::io::ErrorKind::NotFound.into()));
        }
        let mut mapping = self.mapping()?;
        self.apply_flags(&mut mapping)?;
        let file =
            if self.path.is_dir() { in_directory(&self.path, mapping.file.as_deref())? } else { self.path.clone() };
        let source = self.source(&mapping, &file)?;
        let rejects = self.rejects.clone().unwrap_or_else(|| PathBuf::from(format!("import-{source}.rejected.csv")));
        Ok(Order { file, source, mapping, rejects })
    }

    fn mapping(&self) -> Result<Mapping, ImportError> {
        match &self.mapping {
            Some(name) => match Mapping::bundled(name) {
                Some(mapping) => Ok(mapping),
                None if Path::new(name).is_file() => Mapping::from_file(Path::new(name)),
                None => {
                    let known = Mapping::bundled_names().collect::<Vec<_>>().join(", ");
                    Err(ImportError::Mapping(format!("{name} is neither a file nor one of {known}")))
                }
            },
            None => {
                let by_directory = self.directory_name().and_then(|name| Mapping::bundled(&name));
                let fallback = || Mapping::bundled(FALLBACK);
                by_directory.or_else(fallback).ok_or_else(|| ImportError::Mapping("no mapping fits".into()))
            }
        }
    }

    fn directory_name(&self) -> Option<String> {
        let path = self.path.canonicalize().ok()?;
        let directory = if path.is_dir() { path.as_path() } else { path.parent()? };
        Some(directory.file_name()?.to_str()?.to_owned())
    }

    fn apply_flags(&self, mapping: &mut Mapping) -> Result<(), ImportError> {
        for pair in &self.fields {
            let Some((ours, theirs)) = pair.split_once('=') else {
                return Err(ImportError::Mapping(format!("--field {pair}: must be OURS=THEIRS")));
            };
            let Some(names) = mapping.fields.by_name(ours.trim()) else {
                return Err(ImportError::Mapping(format!("--field {pair}: we have no field {ours}")));
            };
            *names = Names(vec![theirs.trim().to_owned()]);
        }
        mapping.currency = self.currency.unwrap_or(mapping.currency);
        mapping.language = self.language.unwrap_or(mapping.language);
        Ok(())
    }

    fn source(&self, mapping: &Mapping, file: &Path) -> Result<Slug, ImportError> {
        let named = self.source.clone().or_else(|| mapping.source.clone());
        let by_file = || file.file_name()?.to_str()?.split('.').next().map(str::to_owned);
        named
            .or_else(by_file)
            .and_then(|name| Slug::from_text(&name))
            .filter(|slug| slug.as_str().len() <= MAX_SOURCE_BYTES)
            .ok_or(ImportError::SourceName(MAX_SOURCE_BYTES))
    }
}

/// The source's name stands in front of its categories' names, so it leaves them room.
const MAX_SOURCE_BYTES: usize = 30;
