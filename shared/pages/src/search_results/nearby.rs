//! Near a place: the fields that ask for it, and what is said when it is not known or might be another.

use halles_domain::Language;
use maud::{Markup, html};

use super::texts::{SearchTexts, or_near, unknown_place};
use super::{Asked, SearchResultsPage};
use crate::notice;

/// A town that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TownOffer {
    /// Its name with its postcode: what stands in addresses and what people read.
    pub name: String,
}

/// The radii to choose from, in kilometres: a walk, a ride, an hour on the road, a weekend.
const RADII_KM: [&str; 6] = ["5", "10", "25", "50", "100", "200"];

/// The place to type and the distance to choose.
pub(super) fn fields(asked: &Asked<'_>, language: Language) -> Markup {
    let texts = SearchTexts::of(language);
    let radius = if asked.radius.is_empty() { "50" } else { asked.radius };
    html! {
        fieldset.facet {
            legend.facet-title { (texts.by_place) }
            div.place-fields {
                div.field {
                    label for="near" { (texts.near) }
                    input #near name="near" value=(asked.near) maxlength="100" autocomplete="off" autocapitalize="words";
                }
                div.field {
                    label for="radius" { (texts.radius) }
                    select #radius name="radius" {
                        @if !RADII_KM.contains(&radius) { option value=(radius) selected { (radius) " km" } }
                        @for km in RADII_KM { option value=(km) selected[km == radius] { (km) " km" } }
                    }
                }
            }
        }
    }
}

/// That the place is not known, or which others have its name.
pub(super) fn whereabouts(page: &SearchResultsPage<'_>, language: Language) -> Markup {
    let asked = &page.asked;
    if asked.near.is_empty() {
        return html! {};
    }
    let Some((_, others)) = page.towns.split_first() else {
        return notice::info(&unknown_place(language, asked.near));
    };
    html! {
        @if !others.is_empty() {
            p.other-towns {
                (or_near(language))
                @for town in others {
                    " " a href=(Asked { near: &town.name, page: 1, ..asked.clone() }.address()) { (town.name) }
                }
            }
        }
    }
}
