//! Forms and the basket that they fill.

use crate::stall::{client, open, settings};

const LINE: &str = "listing_id=42&quantity=2";

fn form(client: &reqwest::Client, url: String, body: &'static str) -> reqwest::RequestBuilder {
    client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body)
}

#[tokio::test]
async fn a_basket_travels_in_a_sealed_cookie() {
    let server = open(settings());
    let client = client();
    let answer = form(&client, server.url("/lines"), LINE).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let set_cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(set_cookie.contains("HttpOnly") && set_cookie.contains("SameSite=Lax"), "{set_cookie}");
    assert!(!set_cookie.contains("Secure"), "{set_cookie}");
    let cookie = set_cookie.split(';').next().unwrap().to_owned();

    let answer = form(&client, server.url("/lines"), LINE).header("cookie", &cookie).send().await.unwrap();
    let fuller = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let pieces = async |cookie: &str| {
        let answer = client.get(server.url("/")).header("cookie", cookie).send().await.unwrap();
        answer.text().await.unwrap()
    };
    assert_eq!(pieces(&cookie).await, "fr 2 /");
    assert_eq!(pieces(&fuller).await, "fr 4 /");

    let forged = fuller.replacen("42x4", "42x9", 1);
    assert_ne!(forged, fuller);
    assert_eq!(pieces(&forged).await, "fr 0 /");
    assert_eq!(pieces("basket=garbage.1.2").await, "fr 0 /");
    server.stop().await;
}

#[tokio::test]
async fn over_https_the_basket_stays_on_https() {
    let server = open(settings());
    let request = form(&client(), server.url("/lines"), LINE).header("x-forwarded-proto", "https");
    let answer = request.send().await.unwrap();
    assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("Secure"));
    server.stop().await;
}

#[tokio::test]
async fn a_form_with_nonsense_is_a_page_that_says_so() {
    let server = open(settings());
    for body in ["listing_id=42&quantity=0", "quantity=1", "listing_id=x&quantity=1", "%%%"] {
        let answer = form(&client(), server.url("/lines"), body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        assert!(answer.text().await.unwrap().contains("<h1 lang=fr>invalid</h1>"), "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let server = open(settings());
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example"), ("origin", "null")];
    for (name, value) in foreign {
        let answer = form(&client(), server.url("/lines"), LINE).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{name}: {value}");
        assert!(!answer.headers().contains_key("set-cookie"));
    }
    let own = format!("http://{}", server.addr);
    let answer = form(&client(), server.url("/lines"), LINE).header("origin", own).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    server.stop().await;
}
