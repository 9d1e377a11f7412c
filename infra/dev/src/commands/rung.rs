//! `cargo dev rung`: what the services give up under load, shown and set on all instances at once.
//!
//! Each instance has a ladder of its own and moves it by itself. What is set here holds until its time is up; an instance
//! that is started meanwhile begins automatically.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use comfy_table::{Table, presets};
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::json;

use super::context::Context;
use crate::cli::{RungArgs, RungOrder};
use crate::ports::{InstancePorts, LOOPBACK, Ports, instance_name};
use crate::secrets::Secrets;

/// How long an instance may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the token is called elsewhere than in a local stack, as the services call it.
const TOKEN: &str = "HALLES_HTTP__ADMISSION__RUNG_TOKEN";

/// Shows the rungs, or sets them and shows what came of it. Fails when an instance did not do as it was told.
pub async fn run(context: &Context, args: RungArgs) -> Result<ExitCode> {
    let (instances, token) = if args.at.is_empty() {
        let token = Secrets::load_or_create(&context.state()?.secrets())?.rung_token;
        (instances(&context.running_plan()?.ports), token)
    } else {
        // Whoever only looks needs no token.
        (args.at.into_iter().map(|at| (at.clone(), at)).collect(), std::env::var(TOKEN).unwrap_or_default())
    };
    let admin = Admin {
        client: reqwest::Client::builder().timeout(PATIENCE).no_proxy().build()?,
        token,
        order: args.order.unwrap_or(RungOrder::Show),
        by: std::env::var("USER").unwrap_or_else(|_| "cargo dev".to_owned()),
    };
    let standings = join_all(instances.iter().map(|(_, at)| admin.tell(at))).await;
    context.say.text(render(&instances, &standings));
    let are_all_told = standings.iter().all(Result::is_ok);
    Ok(if are_all_told { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every instance that has a door, with the address of its admin port.
fn instances(ports: &Ports) -> Vec<(String, String)> {
    let named = |kind: &str, instances: &[InstancePorts]| -> Vec<(String, String)> {
        let at = |ports: &InstancePorts| format!("{LOOPBACK}:{}", ports.admin_port);
        let with_index = instances.iter().enumerate();
        with_index.map(|(index, ports)| (instance_name(kind, index, instances.len()), at(ports))).collect()
    };
    let kinds = [("listing", &ports.listing), ("search", &ports.search), ("order", &ports.order)];
    kinds.into_iter().flat_map(|(kind, instances)| named(kind, instances)).collect()
}

/// What instances are told, and by whom.
struct Admin {
    client: reqwest::Client,
    token: String,
    order: RungOrder,
    by: String,
}

/// Where an instance stands.
#[derive(Debug, Deserialize)]
struct Standing {
    number: u8,
    rung: String,
    automatic: String,
    by_hand: Option<ByHand>,
}

#[derive(Debug, Deserialize)]
struct ByHand {
    by: String,
    why: String,
    seconds_left: u64,
}

impl Admin {
    async fn tell(&self, at: &str) -> Result<Standing> {
        let url = format!("http://{at}/rung");
        let request = match &self.order {
            RungOrder::Show => self.client.get(url),
            RungOrder::Set { rung, lasts, why, air_at } => {
                let (seconds, by) = (lasts.as_secs(), &self.by);
                let order = json!({ "rung": rung, "seconds": seconds, "why": why, "by": by, "air_at": air_at });
                self.client.put(url).bearer_auth(&self.token).json(&order)
            }
            RungOrder::Auto => self.client.delete(url).bearer_auth(&self.token).json(&json!({ "by": self.by })),
        };
        let answer = request.send().await.context("does not answer")?;
        if !answer.status().is_success() {
            bail!("refused: {}", answer.text().await.unwrap_or_default());
        }
        answer.json().await.context("answers something else")
    }
}

fn render(instances: &[(String, String)], standings: &[Result<Standing>]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["process", "rung", "", "by itself", "set by", "for another", "why"]);
    for ((name, _), standing) in instances.iter().zip(standings) {
        let (number, rung, automatic, by_hand) = match standing {
            Ok(Standing { number, rung, automatic, by_hand }) => (number.to_string(), rung.clone(), automatic, by_hand),
            Err(error) => {
                table.add_row([name.clone(), "?".to_owned(), format!("{error:#}")]);
                continue;
            }
        };
        let (by, left, why) = match by_hand {
            Some(ByHand { by, why, seconds_left }) => (by.clone(), format!("{seconds_left} s"), why.clone()),
            None => ("-".to_owned(), "-".to_owned(), "-".to_owned()),
        };
        table.add_row([name.clone(), number, rung, automatic.clone(), by, left, why]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instance_with_a_door_is_told() {
        let names: Vec<String> = instances(&Ports::default()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["listing-1", "listing-2", "search-1", "search-2", "order"]);
    }

    #[test]
    fn what_cannot_be_asked_is_shown_as_that() {
        let standing = Standing {
            number: 4,
            rung: "refuse_low".to_owned(),
            automatic: "open".to_owned(),
            by_hand: Some(ByHand { by: "ann".to_owned(), why: "rehearsal".to_owned(), seconds_left: 12 }),
        };
        let instances = ["listing-1", "order"].map(|name| (name.to_owned(), String::new()));
        let text = render(&instances, &[Ok(standing), Err(anyhow::anyhow!("does not answer"))]).to_string();
        for part in ["refuse_low", "ann", "12 s", "rehearsal", "does not answer"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
