//! A listing's properties: the telling ones first, and a long data sheet folded after the first screenful.

use halles_domain::{Attributes, Language};
use maud::{Markup, html};

use crate::texts;

/// How many rows show before the rest is folded: a screenful on a phone.
const IN_SIGHT: usize = 12;

/// The table, or nothing.
pub fn attributes(language: Language, attributes: &Attributes) -> Markup {
    let mut rows: Vec<(&str, &str)> = attributes.iter().collect();
    rows.sort_by_key(|(name, _)| texts::attribute_rank(name));
    // Folding away one or two rows would cost a tap and save nothing.
    let in_sight = if rows.len() <= IN_SIGHT + 3 { rows.len() } else { IN_SIGHT };
    let (first, rest) = rows.split_at(in_sight);
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="details-heading" {
                h2 #details-heading { (texts(language).details) }
                (table(language, first))
                @if !rest.is_empty() {
                    details.more-details {
                        summary { (texts::more_details(language, rest.len())) }
                        (table(language, rest))
                    }
                }
            }
        }
    }
}

fn table(language: Language, rows: &[(&str, &str)]) -> Markup {
    html! {
        dl.details {
            @for (name, value) in rows {
                div { dt { (texts::attribute_name(language, name)) } dd { (value) } }
            }
        }
    }
}
