//! A category's listings, filtered and sorted as the visitor asks.

use std::sync::Arc;

use halles_cache::{Catalogue, Lookup, Shelf};
use halles_domain::{CategoryId, CategoryTree, Invalid, Money, Slug};
use halles_store::{CategoryQuery, Keyset, ListingSort};
use serde::Deserialize;

use super::NoAnswer;

/// A filter as it stands in an address, not checked yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawFilter {
    /// The lowest price in whole units, with decimals after a point or a comma.
    pub(crate) min: String,
    /// The highest price.
    pub(crate) max: String,
    /// `newest`, `price_asc` or `price_desc`.
    pub(crate) sort: String,
    /// The `next` of an earlier page.
    pub(crate) after: String,
}

/// A filter that was checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct ListingFilter {
    pub(crate) min_cents: Option<i64>,
    pub(crate) max_cents: Option<i64>,
    pub(crate) sort: ListingSort,
    pub(crate) after: Option<Keyset>,
}

impl RawFilter {
    /// Parses the filter; every fault is reported, not only the first.
    pub(crate) fn parse(&self) -> Result<ListingFilter, Vec<Invalid>> {
        let min_cents = Money::cents_from_text("min", &self.min);
        let max_cents = Money::cents_from_text("max", &self.max);
        let sort = parse_sort(&self.sort);
        let after = parse_after(&self.after);
        match (min_cents, max_cents, sort, after) {
            (Ok(min_cents), Ok(max_cents), Ok(sort), Ok(after)) => {
                ListingFilter { min_cents, max_cents, sort, after }.checked().map_err(|fault| vec![fault])
            }
            (min_cents, max_cents, sort, after) => {
                let faults = [min_cents.err(), max_cents.err(), sort.err(), after.err()];
                Err(faults.into_iter().flatten().collect())
            }
        }
    }
}

impl ListingFilter {
    /// Checks what concerns several fields.
    pub(crate) fn checked(self) -> Result<Self, Invalid> {
        if self.after.is_some_and(|after| !after.fits(self.sort)) {
            return Err(Invalid::new("after", "belongs to another order than `sort` asks for"));
        }
        if let (Some(min), Some(max)) = (self.min_cents, self.max_cents)
            && min > max
        {
            return Err(Invalid::new("min", "must not be above `max`"));
        }
        Ok(self)
    }
}

pub(crate) fn parse_sort(text: &str) -> Result<ListingSort, Invalid> {
    match text {
        "" | "newest" => Ok(ListingSort::Newest),
        "price_asc" => Ok(ListingSort::PriceAsc),
        "price_desc" => Ok(ListingSort::PriceDesc),
        _ => Err(Invalid::new("sort", "must be newest, price_asc or price_desc")),
    }
}

pub(crate) fn parse_after(text: &str) -> Result<Option<Keyset>, Invalid> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

/// What a category's page shows.
pub(crate) struct CategoryView {
    pub(crate) tree: Arc<CategoryTree>,
    pub(crate) id: CategoryId,
    pub(crate) shelf: Shelf,
}

/// A page of the category's listings and of those below it.
pub(crate) async fn find_category(
    catalogue: &Catalogue,
    slug: &Slug,
    filter: ListingFilter,
    limit: usize,
) -> Result<Lookup<CategoryView>, NoAnswer> {
    let tree = catalogue.category_tree().await?;
    let id = tree.value.find(slug).map(|category| category.id).ok_or(NoAnswer::Absent)?;
    let ListingFilter { min_cents, max_cents, sort, after } = filter;
    let query = CategoryQuery { categories: tree.value.subtree(id), min_cents, max_cents, sort, after, limit };
    let shelf = catalogue.category_page(&query).await?;
    Ok(tree.and(shelf).map(|(tree, shelf)| CategoryView { tree, id, shelf }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_reported() {
        let raw = RawFilter { min: "x".into(), max: "y".into(), sort: "z".into(), after: "garbage".into() };
        let fields: Vec<&str> = raw.parse().expect_err("four faults").iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["min", "max", "sort", "after"]);
    }

    #[test]
    fn fields_must_fit_together() {
        let upside_down = RawFilter { min: "9".into(), max: "3".into(), ..RawFilter::default() };
        assert_eq!(upside_down.parse().expect_err("upside down")[0].field, "min");
        let other_order = RawFilter { sort: "price_asc".into(), after: "n7".into(), ..RawFilter::default() };
        assert_eq!(other_order.parse().expect_err("another order")[0].field, "after");
    }
}
