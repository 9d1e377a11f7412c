//! Being near to a place.

use halles_domain::Coordinates;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use crate::schema::{LATITUDE, LONGITUDE};

/// Only listings so near to a place, as the crow flies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The place.
    pub coordinates: Coordinates,
    /// How far they may be; nothing for any distance, when only the order is asked for.
    pub radius_km: Option<f32>,
}

/// How far it is from one point to another, as the crow flies.
pub fn distance_km(from: Coordinates, to: Coordinates) -> f64 {
    metres_between(degrees(from), degrees(to)) / 1_000.0
}

fn degrees(coordinates: Coordinates) -> (f64, f64) {
    (f64::from(coordinates.latitude()), f64::from(coordinates.longitude()))
}

/// How far the listings of a segment are from a place.
pub(super) struct Distances {
    latitudes: Column<f64>,
    longitudes: Column<f64>,
    from: (f64, f64),
}

/// The mean radius, in metres.
const EARTH: f64 = 6_371_008.8;

impl Distances {
    pub fn open(segment: &SegmentReader, from: Coordinates) -> tantivy::Result<Self> {
        let numbers = segment.fast_fields();
        Ok(Self { latitudes: numbers.f64(LATITUDE)?, longitudes: numbers.f64(LONGITUDE)?, from: degrees(from) })
    }

    /// How far it is, as the crow flies; nothing when nobody says where the listing is.
    pub fn metres(&self, listing: DocId) -> Option<f64> {
        let there = (self.latitudes.first(listing)?, self.longitudes.first(listing)?);
        Some(metres_between(self.from, there))
    }
}

/// The great circle between two points in degrees, by the haversine formula.
fn metres_between(one: (f64, f64), other: (f64, f64)) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let (north, east) = (half(other.0 - one.0), half(other.1 - one.1));
    let chord = north + one.0.to_radians().cos() * other.0.to_radians().cos() * east;
    2.0 * EARTH * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paris_is_392_km_from_lyon() {
        let (paris, lyon) = ((48.8566, 2.3522), (45.7640, 4.8357));
        let km = metres_between(paris, lyon) / 1_000.0;
        assert!((390.0..394.0).contains(&km), "{km}");
        assert!(metres_between(paris, paris) < 0.001);
    }
}
