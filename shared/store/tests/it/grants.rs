//! What each role may do, whatever the code above it says.

use crate::market::{Market, connect};

#[tokio::test]
async fn the_reading_role_cannot_write_and_the_writing_role_cannot_rebuild() {
    let market = Market::open().await;
    let url = |role: &str| market.database.primary_url.replace("halles_write", role);
    let reading = connect(&url("halles_read")).await;
    reading.query("SELECT id FROM listing", &[]).await.expect("reads");
    let denied = reading.execute("UPDATE listing SET held = 0", &[]).await.expect_err("only reads");
    assert_eq!(denied.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
    let writing = connect(&url("halles_write")).await;
    for statement in ["DROP TABLE listing", "ALTER TABLE listing DROP CONSTRAINT listing_never_oversold"] {
        let denied = writing.batch_execute(statement).await.expect_err("owns nothing");
        assert_eq!(denied.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
    }
}

/// What orders speak of stays: their rows have no foreign keys, so nobody may take away what they point to.
#[tokio::test]
async fn the_writing_role_cannot_delete_what_orders_speak_of() {
    let market = Market::open().await;
    let writing = connect(&market.database.primary_url).await;
    for table in ["orders", "seller_order", "order_line", "order_transition", "listing", "seller"] {
        let denied = writing.execute(&format!("DELETE FROM {table}"), &[]).await.expect_err("only adds");
        assert_eq!(denied.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{table}");
    }
}

#[tokio::test]
async fn the_database_itself_refuses_to_oversell() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let writing = connect(&market.database.primary_url).await;
    let refused = writing.execute("UPDATE listing SET held = 6 WHERE id = $1", &[&bowl.get()]).await;
    let constraint =
        refused.expect_err("oversold").as_db_error().and_then(|fault| fault.constraint().map(str::to_owned));
    assert_eq!(constraint.as_deref(), Some("listing_never_oversold"));
}
