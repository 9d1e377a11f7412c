//! The API's answers, as they are promised to programs.

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::Value;

use crate::market::{Market, request_for};

/// Names and times differ from run to run; that they are there is what counts.
fn settle(mut body: Value) -> Value {
    hide(&mut body);
    body
}

fn hide(value: &mut Value) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        match name.as_str() {
            "id" | "number" | "status_url" | "payment_url" | "accepted_at" | "placed_at" | "held_until"
            | "request_id"
                if value.is_string() =>
            {
                *value = format!("[{name}]").into();
            }
            _ => hide(value),
        }
    }
}

#[tokio::test]
async fn a_held_order_and_a_refused_one_keep_their_shape() {
    let market = Market::open().await;
    let listing = market.listing(2).await;
    let held = market.order("key-of-a-snapshot-1", &request_for(listing.id, 2)).await;
    assert_json_snapshot!(settle(held.json()), @r#"
    {
      "accepted_at": "[accepted_at]",
      "currency": "EUR",
      "held_until": "[held_until]",
      "id": "[id]",
      "lines": [
        {
          "listing_id": 1,
          "quantity": 2,
          "seller_id": 1,
          "title": "Bol en grès bleu",
          "unit_price_cents": 1000
        }
      ],
      "number": "[number]",
      "payment_url": "[payment_url]",
      "placed_at": "[placed_at]",
      "refusals": [],
      "state": "awaiting_payment",
      "status_url": "[status_url]",
      "total_cents": 2000
    }
    "#);
    let refused = market.order("key-of-a-snapshot-2", &request_for(listing.id, 1)).await;
    assert_json_snapshot!(settle(refused.json()), @r#"
    {
      "code": "out_of_stock",
      "detail": "This order could not be placed: nothing was held and nothing will be charged.",
      "order": {
        "accepted_at": "[accepted_at]",
        "currency": null,
        "held_until": null,
        "id": "[id]",
        "lines": [],
        "number": "[number]",
        "payment_url": null,
        "placed_at": "[placed_at]",
        "refusals": [
          {
            "available": 0,
            "listing_id": 1,
            "reason": "out_of_stock"
          }
        ],
        "state": "refused",
        "status_url": "[status_url]",
        "total_cents": null
      },
      "replayed": false,
      "request_id": "[request_id]",
      "status": 409,
      "title": "Out of stock",
      "type": "urn:halles:problem:out_of_stock"
    }
    "#);
}

#[tokio::test]
async fn the_description_names_every_address() {
    let market = Market::open_without_worker(|_| {}).await;
    let document = market.get("/api/v1/openapi/order.json").await.json();
    let paths: Vec<&String> = document["paths"].as_object().expect("paths").keys().collect();
    assert_snapshot!(format!("{paths:?} {}", document["openapi"]), @r#"["/api/v1/orders", "/api/v1/orders/{id}", "/api/v1/seller/parts", "/api/v1/seller/parts/{order_id}/sent"] "3.1.0""#);
}
