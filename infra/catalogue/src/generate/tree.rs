//! The category tree of the demo catalogue.

use halles_domain::Slug;
use halles_store::bulk::NewCategory;

use super::trade::{Text, Trade};
use super::trades::TRADES;

/// Every category, above before below.
pub fn categories() -> Vec<NewCategory> {
    TRADES.iter().zip(1..).flat_map(|(trade, position)| of_trade(trade, position)).collect()
}

fn of_trade(trade: &Trade, position: i32) -> Vec<NewCategory> {
    let mut categories = vec![category(trade.slug, None, trade.name, position)];
    // A group stands where its first shelf would.
    for (shelf, position) in trade.shelves.iter().zip(1..) {
        let group = trade.groups.iter().find(|group| Some(group.slug) == shelf.group);
        if let Some(group) = group
            && !categories.iter().any(|known| known.slug.as_str() == group.slug)
        {
            categories.push(category(group.slug, Some(trade.slug), group.name, position));
        }
        let parent = group.map_or(trade.slug, |group| group.slug);
        categories.push(category(shelf.slug, Some(parent), shelf.name, position));
    }
    categories
}

fn category(text: &str, parent: Option<&str>, name: Text, position: i32) -> NewCategory {
    NewCategory {
        slug: slug(text),
        parent: parent.map(slug),
        name_fr: name.fr.to_owned(),
        name_en: name.en.to_owned(),
        position,
    }
}

/// A slug of the tables.
pub fn slug(text: &str) -> Slug {
    text.parse().expect("the tables hold only lawful slugs, as a test makes sure")
}
