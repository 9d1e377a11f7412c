//! Where a thing is.

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A point on the globe, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    latitude: f32,
    longitude: f32,
}

impl Coordinates {
    /// Parses a point; degrees outside the globe, and what is no number, are refused.
    pub fn new(latitude: f32, longitude: f32) -> Result<Self, Invalid> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(Invalid::new("latitude", "must be between -90 and 90 degrees"));
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(Invalid::new("longitude", "must be between -180 and 180 degrees"));
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north.
    pub const fn latitude(self) -> f32 {
        self.latitude
    }

    /// Degrees east.
    pub const fn longitude(self) -> f32 {
        self.longitude
    }
}

/// A town, as precise as we ever show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The town's name as it is written there, accents included.
    pub town: String,
    /// The postcode, if known.
    pub postcode: Option<String>,
    /// The middle of the town, if known.
    pub coordinates: Option<Coordinates>,
}
