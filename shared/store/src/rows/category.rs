//! Categories.

use halles_domain::{Category, CategoryId};
use tokio_postgres::Row;

use super::{Fault, broken, column};
use crate::StoreError;

/// The category of a row that has all columns.
pub(crate) fn category(row: &Row) -> Result<Category, StoreError> {
    let id = column(row, "id").map_err(broken("a category", "without a number"))?;
    parse(row, CategoryId::new(id)).map_err(broken("category", id))
}

fn parse(row: &Row, id: CategoryId) -> Result<Category, Fault> {
    Ok(Category {
        id,
        parent_id: column::<Option<i32>>(row, "parent_id")?.map(CategoryId::new),
        slug: column::<&str>(row, "slug")?.parse()?,
        name_fr: column(row, "name_fr")?,
        name_en: column(row, "name_en")?,
        position: column(row, "position")?,
    })
}
