//! "Near …": what was asked, and where that is.
//!
//! A place is only ever what somebody typed: nobody's whereabouts are asked for, guessed or kept.

use std::sync::Arc;

use halles_cache::{Catalogue, CatalogueError, Lookup};
use halles_domain::{Coordinates, Invalid, Listing, SellerId};
use halles_search_index::{Near, PlaceText, Town, distance_km};

use crate::find_listings::FindError;
use crate::parameters::Parameters;
use crate::searcher::Searcher;

/// How far away things may be when nobody says: an hour on the road.
const USUAL_RADIUS_KM: u32 = 50;
/// From end to end of the country.
const MAX_RADIUS_KM: u32 = 1_000;

/// A place that things should be near to, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Vicinity {
    pub(crate) place: PlaceText,
    /// On one line, to stand in the field again.
    pub(crate) written: String,
    pub(crate) radius_km: u32,
}

impl Vicinity {
    /// Reads `near` and the radius; nothing without a place.
    pub(crate) fn parse(parameters: &Parameters) -> Result<Option<Self>, Invalid> {
        let written = parameters.one("near").split_whitespace().collect::<Vec<_>>().join(" ");
        let place = PlaceText::new(&written)?;
        let radius_km = parse_radius(parameters.one("radius"))?;
        Ok((!place.is_empty()).then_some(Self { place, written, radius_km }))
    }
}

fn parse_radius(text: &str) -> Result<u32, Invalid> {
    if text.is_empty() {
        return Ok(USUAL_RADIUS_KM);
    }
    let radius = text.parse().ok().filter(|radius| (1..=MAX_RADIUS_KM).contains(radius));
    radius.ok_or_else(|| Invalid::new("radius", format!("must be between 1 and {MAX_RADIUS_KM} kilometres")))
}

/// The place that was asked for is on no list.
pub(crate) fn unknown_place() -> Invalid {
    Invalid::new("near", "must be a town or a postcode that we know, such as Lyon or 69001")
}

/// Where the place is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Whereabouts {
    /// Nobody asked for a place.
    Anywhere,
    /// No list knows the place.
    Unknown,
    /// The likeliest town, then others that may have been meant.
    Known { town: Town, others: Vec<Town> },
}

/// Others that may have been meant, to be offered.
const OTHERS: usize = 3;

impl Whereabouts {
    /// Looks a place up.
    pub(crate) fn find(vicinity: Option<&Vicinity>, searcher: &Searcher) -> Result<Self, FindError> {
        let Some(vicinity) = vicinity else { return Ok(Self::Anywhere) };
        let mut towns = searcher.find_towns(&vicinity.place)?.into_iter();
        Ok(match towns.next() {
            Some(town) => Self::Known { town, others: towns.take(OTHERS).collect() },
            None => Self::Unknown,
        })
    }

    /// What the index is asked for.
    pub(crate) fn near(&self, vicinity: Option<&Vicinity>) -> Option<Near> {
        let (Self::Known { town, .. }, Some(vicinity)) = (self, vicinity) else { return None };
        // A radius has few enough digits to be exact.
        Some(Near { coordinates: town.coordinates, radius_km: Some(vicinity.radius_km as f32) })
    }

    /// How far away each listing is, as far as it, or its shop, says where that is.
    pub(crate) async fn distances(
        &self,
        listings: &[Arc<Listing>],
        catalogue: &Catalogue,
    ) -> Result<Lookup<Vec<Option<f64>>>, CatalogueError> {
        let Self::Known { town, .. } = self else { return Ok(Lookup::certain(vec![None; listings.len()])) };
        let mut ids: Vec<SellerId> =
            listings.iter().filter(|listing| own_place(listing).is_none()).map(|listing| listing.seller_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let shops = if ids.is_empty() { Lookup::certain(Vec::new()) } else { catalogue.sellers(&ids).await? };
        Ok(shops.map(|shops| {
            let place_of_shop =
                |listing: &Listing| shops.iter().find(|shop| shop.id == listing.seller_id)?.place.as_ref()?.coordinates;
            let distance = |listing: &Arc<Listing>| {
                let there = own_place(listing).or_else(|| place_of_shop(listing))?;
                Some(distance_km(town.coordinates, there))
            };
            listings.iter().map(distance).collect()
        }))
    }
}

fn own_place(listing: &Listing) -> Option<Coordinates> {
    listing.place.as_ref()?.coordinates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Option<Vicinity>, Invalid> {
        Vicinity::parse(&Parameters::of(query))
    }

    #[test]
    fn a_place_has_a_radius_and_bounds() {
        let vicinity = parse("near=+Saint-%C3%89tienne++&radius=25").expect("a place").expect("a place");
        assert_eq!((vicinity.written.as_str(), vicinity.radius_km), ("Saint-Étienne", 25));
        assert_eq!(parse("near=42000").expect("a place").map(|vicinity| vicinity.radius_km), Some(USUAL_RADIUS_KM));
        assert_eq!(parse("near=%20&radius=10"), Ok(None));
        for bad in ["radius=0", "radius=1001", "radius=x", &format!("near={}", "x".repeat(101))] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
