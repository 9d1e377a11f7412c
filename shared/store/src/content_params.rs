//! A listing's content as the parameters of statements.

use std::collections::BTreeMap;

use tokio_postgres::types::{Json, ToSql};

use crate::rows::PlaceColumns;
use crate::{ListingContent, StoreError};

/// The values of the columns that a seller decides, in the order of the statements that take them.
pub(crate) struct ContentParams<'a> {
    category_id: i32,
    status: &'static str,
    language: &'static str,
    title: &'a str,
    description: &'a str,
    attributes: Json<BTreeMap<&'a str, &'a str>>,
    price_cents: Option<i64>,
    currency: &'static str,
    place: PlaceColumns<'a>,
    photos: Vec<&'a str>,
    on_hand: i32,
}

impl<'a> ContentParams<'a> {
    /// Reads a content; more pieces than a column can count are refused.
    pub(crate) fn new(content: &'a ListingContent) -> Result<Self, StoreError> {
        Ok(Self {
            category_id: content.category_id.get(),
            status: content.status.name(),
            language: content.language.code(),
            title: content.title.as_str(),
            description: content.description.as_str(),
            attributes: Json(content.attributes.iter().collect()),
            price_cents: content.price.map(|price| price.cents()),
            currency: content.price.map(|price| price.currency()).unwrap_or_default().code(),
            place: content.place.as_ref().into(),
            photos: content.photos.iter().map(|photo| photo.as_str()).collect(),
            on_hand: i32::try_from(content.on_hand)
                .map_err(|error| StoreError::internal("counting a listing's pieces", error))?,
        })
    }

    /// The values, after `first` ones of the statement's own.
    pub(crate) fn after<'b>(&'b self, first: &[&'b (dyn ToSql + Sync)]) -> Vec<&'b (dyn ToSql + Sync)> {
        let mut params = first.to_vec();
        params.extend::<[&(dyn ToSql + Sync); 14]>([
            &self.category_id,
            &self.status,
            &self.language,
            &self.title,
            &self.description,
            &self.attributes,
            &self.price_cents,
            &self.currency,
            &self.place.town,
            &self.place.postcode,
            &self.place.latitude,
            &self.place.longitude,
            &self.photos,
            &self.on_hand,
        ]);
        params
    }
}
