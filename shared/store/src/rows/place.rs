//! Places, which listings and sellers have in four nullable columns.

use halles_domain::{Coordinates, Place};
use tokio_postgres::Row;

use super::{Fault, column};

/// A place as columns.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PlaceColumns<'a> {
    pub(crate) town: Option<&'a str>,
    pub(crate) postcode: Option<&'a str>,
    pub(crate) latitude: Option<f32>,
    pub(crate) longitude: Option<f32>,
}

impl<'a> From<Option<&'a Place>> for PlaceColumns<'a> {
    fn from(place: Option<&'a Place>) -> Self {
        let Some(place) = place else { return Self::default() };
        Self {
            town: Some(&place.town),
            postcode: place.postcode.as_deref(),
            latitude: place.coordinates.map(Coordinates::latitude),
            longitude: place.coordinates.map(Coordinates::longitude),
        }
    }
}

/// The place of a row; there is none without a town.
pub(super) fn place(row: &Row) -> Result<Option<Place>, Fault> {
    let Some(town) = column::<Option<String>>(row, "town")? else { return Ok(None) };
    let degrees: (Option<f32>, Option<f32>) = (column(row, "latitude")?, column(row, "longitude")?);
    let coordinates = match degrees {
        (Some(latitude), Some(longitude)) => Some(Coordinates::new(latitude, longitude)?),
        _ => None,
    };
    Ok(Some(Place { town, postcode: column(row, "postcode")?, coordinates }))
}
