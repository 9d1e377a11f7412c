//! Sellers through the API: they see what is paid and theirs, say what they sent, and the shopper hears of it.

use halles_domain::SellerId;
use halles_http::Signer;
use halles_order::SellerTokens;
use halles_store::NewSeller;
use halles_testkit::eventually;
use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::Value;

use crate::market::{Answer, PATIENCE, send};
use crate::till::{Till, id_of, status_url};

fn token(till: &Till, seller: SellerId, edition: i32) -> String {
    let settings = &till.market.settings;
    let tokens = SellerTokens::new(Signer::new(&settings.signing), settings.orders.seller_token());
    tokens.issue(seller, edition, Timestamp::now())
}

async fn another_seller(till: &Till) -> SellerId {
    let new = NewSeller {
        slug: "atelier-max".parse().expect("a slug"),
        name: "Max".into(),
        description: String::new(),
        place: None,
    };
    let seller = till.market.writer.insert_seller(&new).await.expect("a seller").id;
    till.market.database.wait_for_replica().await;
    seller
}

async fn parts(till: &Till, token: &str) -> Answer {
    send(till.payer.get(till.market.url("/api/v1/seller/parts?unsent=true")).bearer_auth(token)).await
}

async fn sent(till: &Till, token: &str, order: &Value) -> Answer {
    let url = till.market.url(&format!("/api/v1/seller/parts/{}/sent", id_of(order)));
    send(till.payer.put(url).bearer_auth(token)).await
}

#[tokio::test]
async fn a_part_is_seen_sent_and_told_and_not_called_back() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-parcel", 2).await;
    let seller = till.market.reader.find_listing(listing).await.expect("readable").expect("is there").seller_id;
    let mine = token(&till, seller, 0);
    assert_eq!(parts(&till, "17.1.nonsense").await.status, StatusCode::UNAUTHORIZED);
    let early = sent(&till, &mine, &order).await;
    assert_eq!((early.status, early.json()["code"].as_str()), (StatusCode::CONFLICT, Some("not_paid")));

    let page = till.press_pay(&order).await;
    till.pay(&page, &[("outcome", "paid"), ("notice", "at_once")]).await;
    till.market.wait_for_state(id_of(&order), "paid").await;
    till.market.database.wait_for_replica().await;
    let listed = parts(&till, &mine).await.json();
    assert_eq!(listed["parts"][0]["order_id"], order["id"], "{listed}");
    assert_eq!(listed["parts"][0]["recipient"]["town"], "Paris");
    assert!(!listed.to_string().contains("camille@example.org"), "sellers get no e-mail address");
    let stranger = token(&till, another_seller(&till).await, 0);
    assert_eq!(parts(&till, &stranger).await.json()["parts"], serde_json::json!([]));
    assert_eq!(sent(&till, &stranger, &order).await.status, StatusCode::NOT_FOUND);

    for _ in 0..2 {
        assert_eq!(sent(&till, &mine, &order).await.status, StatusCode::NO_CONTENT);
    }
    let told = async || {
        let mails = till.mails().await;
        mails
            .iter()
            .filter(|mail| mail["subject"].as_str().is_some_and(|subject| subject.contains("on its way")))
            .count()
    };
    eventually("the shopper is told", PATIENCE, async || told().await == 1).await;
    let answer = till.market.post(&format!("{}/cancel", status_url(&order)), &[]).await;
    assert!(answer.header("location").ends_with("after=cancel-failed"), "{}", answer.header("location"));
    till.market.database.wait_for_replica().await;
    assert_eq!(parts(&till, &mine).await.json()["parts"], serde_json::json!([]), "nothing is left to send");
}

#[tokio::test]
async fn tokens_that_were_taken_back_are_nobodys_and_new_ones_are_good() {
    let till = Till::open().await;
    let (listing, _) = till.held_order("key-of-the-lost-token", 1).await;
    let seller = till.market.reader.find_listing(listing).await.expect("readable").expect("is there").seller_id;
    let other = another_seller(&till).await;
    let lost = token(&till, seller, 0);
    assert_eq!(parts(&till, &lost).await.status, StatusCode::OK);
    let edition = till.market.writer.revoke_tokens(seller).await.expect("taken back");
    till.market.database.wait_for_replica().await;
    assert_eq!(parts(&till, &lost).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(parts(&till, &token(&till, seller, edition)).await.status, StatusCode::OK);
    assert_eq!(parts(&till, &token(&till, other, 0)).await.status, StatusCode::OK, "others keep theirs");
    let nobody = SellerId::new(other.get() + 1);
    assert_eq!(parts(&till, &token(&till, nobody, 0)).await.status, StatusCode::UNAUTHORIZED);
}
