//! Outbox rows. PostgreSQL's `xid8` travels as text, for want of a type that the driver knows.

use halles_domain::{Change, ChangePosition, ChangeSubject};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use super::{Fault, broken, column};
use crate::StoreError;

/// The change of an outbox row.
pub(crate) fn change(row: &Row) -> Result<Change, StoreError> {
    let id = column(row, "row").map_err(broken("an outbox row", "without a number"))?;
    parse(row, id).map_err(broken("outbox row", id))
}

fn parse(row: &Row, id: i64) -> Result<Change, Fault> {
    let transaction = column::<&str>(row, "transaction")?.parse()?;
    let subject = column::<Json<ChangeSubject>>(row, "subject")?.0;
    Ok(Change { position: ChangePosition { transaction, row: id }, subject })
}
