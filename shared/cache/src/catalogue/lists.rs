//! Lists of listing numbers: what is on a category's page, in a shop, on the home page.

use std::fmt;

use halles_domain::{ListingId, SellerId};
use halles_store::{CategoryQuery, Keyset, ListingPage, ListingSort};
use serde::{Deserialize, Serialize};

use super::origins::Store;
use crate::{Loaded, Origin};

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ListKey {
    Category(CategoryQuery),
    Shop { seller: SellerId, after: Option<Keyset>, limit: usize },
    Newest { limit: usize },
    Featured { limit: usize },
}

impl fmt::Display for ListKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Category(query) => write_category(f, query),
            Self::Shop { seller, after, limit } => {
                write!(f, "shop:{seller}:{limit}:")?;
                write_optional(f, after.as_ref())
            }
            Self::Newest { limit } => write!(f, "newest:{limit}"),
            Self::Featured { limit } => write!(f, "featured:{limit}"),
        }
    }
}

fn write_category(f: &mut fmt::Formatter<'_>, query: &CategoryQuery) -> fmt::Result {
    let sort = match query.sort {
        ListingSort::Newest => "newest",
        ListingSort::PriceAsc => "price_asc",
        ListingSort::PriceDesc => "price_desc",
    };
    write!(f, "category:{sort}:{}:", query.limit)?;
    write_optional(f, query.min_cents.as_ref())?;
    f.write_str("-")?;
    write_optional(f, query.max_cents.as_ref())?;
    f.write_str(":")?;
    write_optional(f, query.after.as_ref())?;
    f.write_str(":")?;
    for (place, category) in query.categories.iter().enumerate() {
        write!(f, "{}{category}", if place == 0 { "" } else { "," })?;
    }
    Ok(())
}

fn write_optional(f: &mut fmt::Formatter<'_>, value: Option<&impl fmt::Display>) -> fmt::Result {
    match value {
        Some(value) => value.fmt(f),
        None => Ok(()),
    }
}

/// A list as it is cached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct List {
    pub(super) ids: Vec<ListingId>,
    next: Option<String>,
}

impl List {
    /// Where the next page begins.
    pub(super) fn next_place(&self) -> Option<Keyset> {
        self.next.as_deref()?.parse().ok()
    }

    /// A page of this list, which is the beginning of a shop's; none when the page reaches beyond it.
    pub(super) fn page(&self, after: Option<Keyset>, limit: usize) -> Option<Self> {
        let start = match after {
            None => 0,
            // The newest come first.
            Some(Keyset::Newest { id: last }) => self.ids.partition_point(|id| *id >= last),
            Some(Keyset::Priced { .. } | Keyset::Unpriced { .. }) => return None,
        };
        let rest = &self.ids[start..];
        if rest.len() > limit {
            let ids = rest[..limit].to_vec();
            let next = ids.last().map(|id| Keyset::Newest { id: *id }.to_string());
            return Some(Self { ids, next });
        }
        // What is left may be all there is, or exactly a page.
        (self.next.is_none() || rest.len() == limit).then(|| Self { ids: rest.to_vec(), next: self.next.clone() })
    }
}

impl From<ListingPage> for List {
    fn from(page: ListingPage) -> Self {
        Self { ids: page.ids, next: page.next.map(|place| place.to_string()) }
    }
}

/// Lists of listings.
pub(super) struct ListOrigin(pub(super) Store);

impl Origin for ListOrigin {
    type Key = ListKey;
    type Value = List;
    const KIND: &'static str = "list";
    const FORMAT: u8 = 1;

    async fn load(&self, keys: Vec<ListKey>) -> Loaded<Self> {
        let reader = &self.0.reader;
        let mut lists = Vec::with_capacity(keys.len());
        for key in keys {
            let _place = self.0.enter().await?;
            let list = match &key {
                ListKey::Category(query) => reader.list_category(query).await?.into(),
                ListKey::Shop { seller, after, limit } => reader.list_by_seller(*seller, *after, *limit).await?.into(),
                ListKey::Newest { limit } => List { ids: reader.list_newest(*limit).await?, next: None },
                ListKey::Featured { limit } => List { ids: reader.list_featured(*limit).await?, next: None },
            };
            lists.push((key, list));
        }
        Ok(lists)
    }
}

/// The newest listings of a shop.
///
/// A change of a listing names its seller, so these lists can live for long: each change drops the one list of its shop.
/// What lies beyond its length is read like any other list, and so is a shop whose last change is too young to be on the
/// replica for certain.
pub(super) struct ShopOrigin {
    pub(super) store: Store,
    pub(super) length: usize,
}

impl Origin for ShopOrigin {
    type Key = SellerId;
    type Value = List;
    const KIND: &'static str = "shop";
    const FORMAT: u8 = 1;

    async fn load(&self, sellers: Vec<SellerId>) -> Loaded<Self> {
        let mut lists = Vec::with_capacity(sellers.len());
        for seller in sellers {
            let _place = self.store.enter().await?;
            lists.push((seller, self.store.reader.list_by_seller(seller, None, self.length).await?.into()));
        }
        Ok(lists)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use halles_domain::CategoryId;

    use super::*;

    #[test]
    fn different_lists_have_different_names() {
        let id = ListingId::new(3);
        let query = CategoryQuery {
            categories: vec![CategoryId::new(1), CategoryId::new(2)],
            min_cents: None,
            max_cents: None,
            sort: ListingSort::Newest,
            after: None,
            limit: 24,
        };
        let keys = [
            ListKey::Category(query.clone()),
            ListKey::Category(CategoryQuery { categories: vec![CategoryId::new(12)], ..query.clone() }),
            ListKey::Category(CategoryQuery { min_cents: Some(5), ..query.clone() }),
            ListKey::Category(CategoryQuery { max_cents: Some(5), ..query.clone() }),
            ListKey::Category(CategoryQuery { sort: ListingSort::PriceAsc, ..query.clone() }),
            ListKey::Category(CategoryQuery { after: Some(Keyset::Newest { id }), ..query.clone() }),
            ListKey::Category(CategoryQuery { limit: 2, ..query }),
            ListKey::Shop { seller: SellerId::new(1), after: None, limit: 24 },
            ListKey::Shop { seller: SellerId::new(1), after: Some(Keyset::Newest { id }), limit: 24 },
            ListKey::Newest { limit: 24 },
            ListKey::Featured { limit: 24 },
        ];
        let names: HashSet<String> = keys.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), keys.len());
    }

    #[test]
    fn pages_of_a_shop_are_cut_from_its_list() {
        let ids = |ids: &[i64]| ids.iter().map(|id| ListingId::new(*id)).collect::<Vec<_>>();
        let place = |id| Some(Keyset::Newest { id: ListingId::new(id) });
        let whole = List { ids: ids(&[9, 7, 5, 4, 2]), next: None };
        let first = whole.page(None, 2).expect("a page");
        assert_eq!((first.ids.clone(), first.next_place()), (ids(&[9, 7]), place(7)));
        assert_eq!(whole.page(place(6), 2), whole.page(place(7), 2), "the last one may be gone by now");
        let last = whole.page(place(5), 2).expect("a page");
        assert_eq!((last.ids.clone(), last.next_place()), (ids(&[4, 2]), None));
        assert_eq!(whole.page(place(1), 2), Some(List::default()));

        let beginning = List { next: place(2).map(|place| place.to_string()), ..whole };
        let to_the_end = beginning.page(place(5), 2).expect("a page");
        assert_eq!((to_the_end.ids.clone(), to_the_end.next_place()), (ids(&[4, 2]), place(2)));
        assert_eq!(beginning.page(place(5), 3), None, "nobody knows what comes then");
        assert_eq!(beginning.page(place(2), 3), None);
    }
}
