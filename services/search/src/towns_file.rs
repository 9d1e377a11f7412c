//! A list of towns that the shop's people bring along, so that whoever searches near one finds it even if no listing
//! names it.
//!
//! A CSV file with a header. Columns: `name`, `lat` and `lon` in degrees, `postcodes` (several joined by `;`) or
//! `postcode`, and, if known, `population`, which decides between towns of one name. Others are left alone. Lists of the
//! French communes come like this.

use std::path::Path;

use halles_domain::Coordinates;
use halles_search_index::{Gazetteer, Town};

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadTowns {
    /// The file cannot be read, or is no CSV.
    #[error("the list of towns cannot be read: {0}")]
    Unreadable(#[from] csv::Error),
    /// A column without which there is no list.
    #[error("the list of towns has no column {0}")]
    Column(&'static str),
}

/// Reads the list; without a path there are no towns. Rows without coordinates are left out: some lists have them.
pub(crate) fn read(path: &Path) -> Result<Gazetteer, BadTowns> {
    if path.as_os_str().is_empty() {
        return Ok(Gazetteer::default());
    }
    let mut reader = csv::Reader::from_path(path)?;
    let columns = Columns::find(reader.headers()?)?;
    let mut towns = Vec::new();
    for row in reader.records() {
        towns.extend(columns.town(&row?));
    }
    tracing::info!(path = %path.display(), towns = towns.len(), "towns read");
    Ok(Gazetteer::new(towns))
}

struct Columns {
    name: usize,
    latitude: usize,
    longitude: usize,
    postcodes: usize,
    population: Option<usize>,
}

impl Columns {
    fn find(headers: &csv::StringRecord) -> Result<Self, BadTowns> {
        let find = |name: &str| headers.iter().position(|header| header.trim() == name);
        Ok(Self {
            name: find("name").ok_or(BadTowns::Column("name"))?,
            latitude: find("lat").ok_or(BadTowns::Column("lat"))?,
            longitude: find("lon").ok_or(BadTowns::Column("lon"))?,
            postcodes: find("postcodes").or_else(|| find("postcode")).ok_or(BadTowns::Column("postcodes"))?,
            population: find("population"),
        })
    }

    fn town(&self, row: &csv::StringRecord) -> Option<Town> {
        let cell = |column: usize| row.get(column).unwrap_or_default().trim();
        let coordinates =
            Coordinates::new(cell(self.latitude).parse().ok()?, cell(self.longitude).parse().ok()?).ok()?;
        let postcodes = cell(self.postcodes).split(';').filter(|postcode| !postcode.is_empty()).map(str::to_owned);
        let weight = self.population.and_then(|column| cell(column).parse().ok()).unwrap_or_default();
        Some(Town { name: cell(self.name).to_owned(), postcodes: postcodes.collect(), coordinates, weight })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use halles_search_index::PlaceText;

    use super::*;

    fn read_text(text: &str) -> Result<Gazetteer, BadTowns> {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("towns.csv");
        fs::write(&path, text).expect("a file");
        read(&path)
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let towns = read_text(
            "insee,name,postcodes,population,lat,lon\n\
             42218,Saint-Étienne,42000;42100,174082,45.43,4.39\n\
             99999,Nulle-Part,00000,1,,\n\
             69123,\"Lyon\",69001,522250,45.76,4.83\n",
        );
        let towns = towns.expect("a list");
        assert_eq!(towns.len(), 2);
        let found = towns.find(&PlaceText::new("42100").expect("a place"));
        assert_eq!((found[0].name.as_str(), found[0].weight), ("Saint-Étienne", 174_082));
    }

    #[test]
    fn a_list_without_its_columns_is_refused() {
        assert!(matches!(read_text("name,lat\nx,1\n"), Err(BadTowns::Column("lon"))));
        assert!(matches!(read(Path::new("/nowhere/towns.csv")), Err(BadTowns::Unreadable(_))));
        assert!(read(Path::new("")).is_ok_and(|towns| towns.is_empty()));
    }

    /// Opt-in: `HALLES_TOWNS_CSV` names a list of the French communes.
    #[test]
    fn a_real_list_is_read_whole() {
        let Some(path) = std::env::var_os("HALLES_TOWNS_CSV") else { return };
        let towns = read(Path::new(&path)).expect("the list");
        assert!(towns.len() > 30_000, "{}", towns.len());
        for (text, expected) in [
            ("st etienne", "Saint-Étienne"),
            ("L HAY LES ROSES", "L'Haÿ-les-Roses"),
            ("94240", "L'Haÿ-les-Roses"),
            ("saint denis 93", "Saint-Denis"),
            ("le havre", "Le Havre"),
            ("paris", "Paris"),
        ] {
            let found = towns.find(&PlaceText::new(text).expect("a place"));
            assert_eq!(found.first().map(|town| town.name.as_str()), Some(expected), "{text}");
        }
    }
}
