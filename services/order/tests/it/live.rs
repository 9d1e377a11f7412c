//! Pages that stay true while they are open, told over one open answer or asked for again and again.

use std::time::{Duration, Instant};

use halles_domain::ListingId;
use halles_testkit::eventually;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::market::{Market, PATIENCE, request_for};

/// An open answer, event by event.
struct Events {
    answer: Response,
    unread: String,
}

impl Events {
    async fn open(market: &Market, path: &str) -> Self {
        let answer = market.client.get(market.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { answer, unread: String::new() }
    }

    /// The next event; none when the answer has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
                self.unread = rest.to_owned();
                match data {
                    Some(data) => return Some(serde_json::from_str(&data).expect("an event is JSON")),
                    None => continue,
                }
            }
            let piece = timeout(PATIENCE, self.answer.chunk()).await.expect("a sign of life");
            self.unread.push_str(std::str::from_utf8(&piece.expect("readable")?).expect("text"));
        }
    }

    /// The next event of this state, whatever is told before.
    async fn wait_for(&mut self, state: &str) -> Value {
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("the answer ended before {state}"));
            if event["state"] == state {
                return event;
            }
        }
    }
}

/// A market in which nobody waits for an outcome.
async fn hurried() -> Market {
    Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 20).await
}

/// The path and the query under which a page is kept up to date.
fn live_path(order: &Value) -> String {
    let page = order["status_url"].as_str().expect("an address");
    match page.split_once('?') {
        Some((path, query)) => format!("{path}/live?{query}"),
        None => format!("{page}/live"),
    }
}

async fn noted(market: &Market, key: &str, id: ListingId) -> Value {
    let answer = market.order(key, &request_for(id, 1)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    answer.json()
}

/// Stock says one of four things, and pushes a change at once.
#[tokio::test]
async fn c2_rule_04_an_open_page_is_told_at_once_what_became_of_its_order() {
    let mut market = hurried().await;
    let listing = market.listing(1).await;
    let (first, second) =
        (noted(&market, "key-of-the-first", listing.id).await, noted(&market, "key-of-the-second", listing.id).await);
    let mut lucky = Events::open(&market, &live_path(&first)).await;
    let mut late = Events::open(&market, &live_path(&second)).await;
    assert_eq!(lucky.wait_for("pending").await["step"], 0);
    assert_eq!(late.wait_for("pending").await["step"], 0);
    market.start_worker().await;
    let held = lucky.wait_for("awaiting_payment").await;
    assert_eq!(held["step"], 2);
    let gone = late.wait_for("refused").await;
    assert_eq!(gone["step"], 3);
    assert_eq!(late.next().await, None, "nothing can change any more");
    let page = first["status_url"].as_str().expect("an address");
    market.post(&format!("{}/cancel", page.split('?').next().expect("a path")), &[]).await;
    assert_eq!(lucky.wait_for("cancelled").await["step"], 9);
}

/// Who is noted is told a place that is never too good, and one that comes nearer.
#[tokio::test]
async fn a_pending_page_tells_the_place_and_counts_down() {
    let mut market = hurried().await;
    let listing = market.listing(5).await;
    let mut orders = Vec::new();
    for number in 1..=3 {
        orders.push(noted(&market, &format!("key-of-number-{number}"), listing.id).await);
    }
    let page = orders[2]["status_url"].as_str().expect("an address").to_owned();
    eventually("the page tells the place", PATIENCE, async || {
        market.get(&page).await.body.contains("Vous êtes à la place 3 dans la file")
    })
    .await;
    let html = market.get(&page).await.body;
    assert!(
        html.contains("Le temps d&#39;attente") || html.contains("Le temps d'attente"),
        "nobody works on it: {html}"
    );
    assert!(html.contains("<noscript><meta http-equiv=\"refresh\""), "without scripts it looks again by itself");
    let api = format!("/api/v1/orders/{}", page.trim_start_matches("/orders/"));
    assert_eq!(market.get(&api).await.json()["queue"], json!({ "place": 3, "expected_seconds": null }));
    market.start_worker().await;
    let mut events = Events::open(&market, &live_path(&orders[2])).await;
    events.wait_for("awaiting_payment").await;
    assert_eq!(market.get(&api).await.json()["queue"], Value::Null, "a placed order stands in no queue");
}

/// Whoever waits for a piece is told when somebody in front gives up.
#[tokio::test]
async fn a_place_in_a_listings_queue_moves_while_the_page_is_open() {
    let market = Market::open().await;
    let listing = market.listing(1).await;
    let patient = |key: &'static str| {
        let mut body = request_for(listing.id, 1);
        body["may_wait"] = json!(true);
        let market = &market;
        async move { market.order(key, &body).await.json() }
    };
    patient("key-of-the-holder").await;
    let (second, third) = (patient("key-of-the-second").await, patient("key-of-the-third").await);
    let mut events = Events::open(&market, &live_path(&third)).await;
    let waiting = events.wait_for("waitlisted").await;
    assert!(waiting["text"].as_str().is_some_and(|text| text.contains("place 2")), "{waiting}");
    let before = second["status_url"].as_str().expect("an address");
    market.post(&format!("{before}/cancel"), &[]).await;
    let nearer = events.wait_for("waitlisted").await;
    assert!(nearer["text"].as_str().is_some_and(|text| text.contains("le prochain")), "{nearer}");
}

/// The status page is served from one reader: a crowd of viewers and askers costs what one costs.
#[tokio::test]
async fn c2_rule_10_a_crowd_that_looks_is_one_read_a_second() {
    let mut market = hurried().await;
    market.start_worker().await;
    let listing = market.listing(100).await;
    let mut paths = Vec::new();
    for number in 0..20 {
        let order = market.order(&format!("key-of-viewer-{number}"), &request_for(listing.id, 1)).await.json();
        paths.push(live_path(&order));
    }
    let began = Instant::now();
    let reads_before = reads(&market).await;
    let mut askers = JoinSet::new();
    for number in 0..200 {
        let (client, url) =
            (market.client.clone(), market.url(&paths[number % paths.len()].replace("/live", "/live.json")));
        askers.spawn(async move {
            for _ in 0..10 {
                let answer = client.get(&url).send().await.expect("an answer");
                assert_eq!(answer.status(), StatusCode::OK);
            }
        });
    }
    let mut viewers = Vec::new();
    for path in paths.iter().cycle().take(100) {
        viewers.push(Events::open(&market, path).await);
    }
    askers.join_all().await;
    for viewer in &mut viewers {
        viewer.wait_for("awaiting_payment").await;
    }
    eventually("the replica was asked", PATIENCE, async || reads(&market).await > reads_before).await;
    let reads = reads(&market).await - reads_before;
    // One a second, and one for each moment in which newcomers gathered: there are 20 orders.
    let most = began.elapsed().as_secs() + 1 + 20;
    assert!(reads <= most, "{reads} reads for 2000 questions and 100 open pages in {:?}", began.elapsed());
}

async fn reads(market: &Market) -> u64 {
    let metrics = market.admin("/metrics").await.body;
    let line = metrics.lines().find(|line| line.starts_with("order_live_reads_total"));
    line.map_or(0, |line| line.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("a count"))
}

#[tokio::test]
async fn open_answers_are_bounded_and_who_gets_none_can_ask() {
    let market = Market::open_without_worker(|settings| {
        settings.orders.outcome_wait_ms = 20;
        settings.live.max_streams = 1;
    })
    .await;
    let listing = market.listing(1).await;
    let order = noted(&market, "key-of-the-only-one", listing.id).await;
    let path = live_path(&order);
    let open = Events::open(&market, &path).await;
    let refused = market.get(&path).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "3"));
    let asked = market.get(&path.replace("/live", "/live.json")).await;
    assert_eq!((asked.status, &asked.json()["state"]), (StatusCode::OK, &json!("pending")));
    drop(open);
    eventually("the place is free again", PATIENCE, async || {
        market.client.get(market.url(&path)).send().await.is_ok_and(|answer| answer.status() == StatusCode::OK)
    })
    .await;
}

#[tokio::test]
async fn an_invented_order_is_watched_by_nobody() {
    let market = Market::open_without_worker(|_| {}).await;
    for path in ["/orders/018f0000-0000-7000-8000-000000000000/live", "/orders/x/live", "/orders/x/live.json"] {
        assert_eq!(market.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// An instance that stops does not wait for those who look: they go on at another one.
#[tokio::test]
async fn an_open_answer_ends_when_the_instance_is_about_to_stop() {
    let market = hurried().await;
    let listing = market.listing(1).await;
    let order = noted(&market, "key-of-a-viewer", listing.id).await;
    let mut events = Events::open(&market, &live_path(&order)).await;
    events.wait_for("pending").await;
    let began = Instant::now();
    let stopping = tokio::spawn(market.close());
    while events.next().await.is_some() {}
    stopping.await.expect("a clean stop");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
