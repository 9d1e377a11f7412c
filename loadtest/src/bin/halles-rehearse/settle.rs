//! What became of the orders that were accepted: each is looked up in the shop, as its shopper would.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use halles_loadtest::arrivals::OrdersTold;
use halles_loadtest::run::Settled;
use halles_loadtest::stage::Hands;
use reqwest::{Client, StatusCode};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How many are looked up at once.
const AT_ONCE: usize = 16;
/// A shop that has just been through a crowd may need to be asked twice.
const AGAIN: Duration = Duration::from_millis(500);
/// How many names of lost orders are told.
const NAMED: usize = 20;

#[derive(Deserialize)]
struct Order {
    state: String,
}

/// What the shop says about one order.
enum Found {
    As(String),
    Nothing,
    /// No usable answer: it is asked again.
    Silence,
}

/// Looks up all of them, again and again while some are pending, for so long at most.
pub async fn settle(host: &str, told: &OrdersTold, patience: Duration, hands: Option<&Hands>) -> Result<Settled> {
    let client = Client::builder().timeout(Duration::from_secs(10)).build()?;
    let began = Instant::now();
    let mut settled = Settled { accepted: told.total_accepted(), ..Settled::default() };
    settled.looked_up = told.accepted.len() as u64;
    let mut open = told.accepted.clone();
    loop {
        let answers = look_up(&client, host, std::mem::take(&mut open)).await;
        let mut pending = 0;
        for (id, found) in answers {
            match found {
                Found::As(state) if state == "pending" => {
                    pending += 1;
                    open.push(id);
                }
                Found::As(state) => *settled.states.entry(state).or_default() += 1,
                Found::Nothing if settled.lost.len() < NAMED => settled.lost.push(id),
                Found::Nothing => {}
                Found::Silence => open.push(id),
            }
        }
        if open.is_empty() {
            settled.settled_after_s = Some(began.elapsed().as_secs_f64());
            break;
        }
        if began.elapsed() > patience {
            count(&mut settled.states, "pending", pending);
            count(&mut settled.states, "not told", open.len() as u64 - pending);
            break;
        }
        sleep(AGAIN).await;
    }
    if let Some(hands) = hands {
        settled.check = Some(hands.check_orders()?);
    }
    Ok(settled)
}

fn count(states: &mut BTreeMap<String, u64>, state: &str, more: u64) {
    if more > 0 {
        *states.entry(state.to_owned()).or_default() += more;
    }
}

async fn look_up(client: &Client, host: &str, ids: Vec<String>) -> Vec<(String, Found)> {
    let (mut under_way, mut answers) = (JoinSet::new(), Vec::with_capacity(ids.len()));
    for id in ids {
        if under_way.len() >= AT_ONCE
            && let Some(Ok(answer)) = under_way.join_next().await
        {
            answers.push(answer);
        }
        let request = client.get(format!("{}/api/v1/orders/{id}", host.trim_end_matches('/')));
        under_way.spawn(async move {
            let found = match request.send().await {
                Ok(answer) if answer.status() == StatusCode::NOT_FOUND => Found::Nothing,
                Ok(answer) if answer.status().is_success() => match answer.json::<Order>().await {
                    Ok(order) => Found::As(order.state),
                    Err(_) => Found::Silence,
                },
                _ => Found::Silence,
            };
            (id, found)
        });
    }
    while let Some(answer) = under_way.join_next().await {
        answers.extend(answer);
    }
    answers
}
