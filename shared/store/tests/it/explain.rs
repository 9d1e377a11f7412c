//! The plans of the hot queries: on a catalogue of some thousand listings no page reads more index rows than it needs,
//! with whatever kind of plan PostgreSQL chooses for a prepared statement.

use serde_json::Value;
use tokio_postgres::Client;

use crate::market::Market;

const CATALOGUE: &str = "
    INSERT INTO category (id, slug, name_fr, name_en, position)
    SELECT n, 'c' || n, 'c', 'c', n FROM generate_series(4, 40) AS n;
    INSERT INTO seller (slug, name) SELECT 's' || n, 's' FROM generate_series(1, 500) AS n;
    INSERT INTO listing (seller_id, category_id, language, title, price_cents, on_hand)
    SELECT 1 + n % 500, 1 + n % 40, 'fr', 'n° ' || n, CASE WHEN n % 9 = 0 THEN NULL ELSE (n * 37) % 9973 END, 3
    FROM generate_series(1, 20000) AS n;
    INSERT INTO outbox (subject) SELECT '{\"kind\": \"catalogue\"}' FROM generate_series(1, 20000);
    ANALYZE;";

/// A hot query, the arguments to explain it with, and the most rows that one visit of a table may look at.
struct Hot {
    name: &'static str,
    sql: &'static str,
    arguments: &'static str,
    most_rows_each: f64,
}

const PAGE: f64 = 25.0;

const HOT: [Hot; 13] = [
    Hot {
        name: "category, newest",
        sql: include_str!("../../src/queries/category_newest.sql"),
        arguments: "ARRAY[2, 3, 4, 5, 6], 9223372036854775807, NULL, NULL, 25",
        most_rows_each: PAGE,
    },
    Hot {
        name: "category, newest, in the middle and with a wide price limit",
        sql: include_str!("../../src/queries/category_newest.sql"),
        arguments: "ARRAY[2, 3, 4, 5, 6], 9000, 100, 9900, 25",
        most_rows_each: 1.5 * PAGE,
    },
    Hot {
        name: "category, cheapest, from the start",
        sql: include_str!("../../src/queries/category_price_asc.sql"),
        arguments: "ARRAY[2, 3, 4, 5, 6], 0, 9223372036854775807, -1, -1, -1, 25",
        most_rows_each: PAGE,
    },
    Hot {
        name: "category, cheapest, in the middle",
        sql: include_str!("../../src/queries/category_price_asc.sql"),
        arguments: "ARRAY[2, 3, 4, 5, 6], 0, 9223372036854775807, 5000, 77, -1, 25",
        most_rows_each: PAGE,
    },
    Hot {
        name: "category, dearest",
        sql: include_str!("../../src/queries/category_price_desc.sql"),
        arguments: "ARRAY[2, 3, 4, 5, 6], 0, 5000, 9223372036854775807, 9223372036854775807, 0, 25",
        most_rows_each: PAGE,
    },
    Hot {
        name: "a shop",
        sql: include_str!("../../src/queries/seller_newest.sql"),
        arguments: "7, 9223372036854775807, 25",
        most_rows_each: PAGE,
    },
    Hot {
        name: "newest of all",
        sql: include_str!("../../src/queries/newest.sql"),
        arguments: "25",
        most_rows_each: PAGE,
    },
    Hot {
        name: "listings by number",
        sql: include_str!("../../src/queries/listings_by_id.sql"),
        arguments: "ARRAY[1, 500, 19000]",
        most_rows_each: 3.0,
    },
    Hot {
        name: "locking a batch's listings",
        sql: include_str!("../../src/queries/lock_shelf.sql"),
        arguments: "ARRAY[1, 500, 19000]",
        most_rows_each: 3.0,
    },
    Hot {
        name: "a stretch of the catalogue",
        sql: include_str!("../../src/queries/scan_listings.sql"),
        arguments: "9000, 100",
        most_rows_each: 100.0,
    },
    Hot {
        name: "a stretch of the catalogue, newest first",
        sql: include_str!("../../src/queries/scan_listings_newest_first.sql"),
        arguments: "9000, 100",
        most_rows_each: 100.0,
    },
    Hot {
        name: "changes after a place",
        sql: include_str!("../../src/queries/changes_after.sql"),
        arguments: "'0', 0, 100",
        most_rows_each: 100.0,
    },
    Hot {
        name: "the last change",
        sql: include_str!("../../src/queries/change_head.sql"),
        arguments: "",
        most_rows_each: 1.0,
    },
];

#[tokio::test]
async fn no_hot_query_reads_more_than_it_shows() {
    let market = Market::open().await;
    let owner = market.owner().await;
    owner.batch_execute(CATALOGUE).await.expect("a catalogue");
    for mode in ["force_generic_plan", "force_custom_plan"] {
        owner.batch_execute(&format!("SET plan_cache_mode = {mode}")).await.expect("sets");
        for hot in &HOT {
            let plan = explain(&owner, hot).await;
            check(&plan, &format!("{} ({mode})", hot.name), hot.most_rows_each);
        }
    }
}

async fn explain(owner: &Client, hot: &Hot) -> Value {
    owner.batch_execute(&format!("DEALLOCATE ALL; PREPARE hot AS {}", hot.sql)).await.expect("prepares");
    let arguments = if hot.arguments.is_empty() { String::new() } else { format!("({})", hot.arguments) };
    let sql = format!("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE hot{arguments}");
    let row = owner.simple_query(&sql).await.unwrap_or_else(|error| panic!("{}: {error:?}", hot.name));
    let text = row.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    serde_json::from_str(&text.expect("a plan")).expect("JSON")
}

/// Walks the plan: no table is read from end to end, and no visit looks at more rows than it must.
fn check(plan: &Value, name: &str, most_rows_each: f64) {
    match plan {
        Value::Array(parts) => parts.iter().for_each(|part| check(part, name, most_rows_each)),
        Value::Object(node) => {
            if node.contains_key("Relation Name") {
                let number = |key: &str| node.get(key).and_then(Value::as_f64).unwrap_or(0.0);
                assert_ne!(node["Node Type"], "Seq Scan", "{name}: {plan:#}");
                let looked_at = number("Actual Rows") + number("Rows Removed by Filter");
                assert!(looked_at <= most_rows_each, "{name} looks at {looked_at} rows: {plan:#}");
            }
            node.values().for_each(|part| check(part, name, most_rows_each));
        }
        _ => {}
    }
}
