//! A plan as Terraform reads it: one more entry in the variable `shows`.
//!
//! All times are UTC and whole minutes. `minimum` is how many must run from that minute on; 0 at the end means that the show
//! asks for nothing any more. Other shows in the file stay as they are.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::{Value, json};

use super::Plan;

/// The key of a show: lower case letters, digits and hyphens.
pub fn key_of(path: &Path) -> String {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let name: String = name.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' }).collect();
    name.trim_matches('-').chars().take(40).collect()
}

/// Puts the plan into a file of variables under its key.
pub fn write_into(plan: &Plan, key: &str, path: &Path) -> Result<()> {
    let mut variables: Value = match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?,
        Err(_) => json!({}),
    };
    ensure!(variables.is_object(), "{} holds no variables", path.display());
    let shows = &mut variables["shows"];
    if shows.is_null() {
        *shows = json!({});
    }
    ensure!(shows.is_object(), "`shows` in {} is no map", path.display());
    shows[key] = show(plan);
    let text = serde_json::to_string_pretty(&variables)? + "\n";
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn show(plan: &Plan) -> Value {
    let at = |minute: f64| moment(&plan.air, minute);
    let fleet = &plan.fleet;
    // The last minute is rounded up, the others down: so none of them is the same as the last.
    let ends = fleet.ends.ceil();
    let services: serde_json::Map<String, Value> = fleet
        .services
        .iter()
        .map(|service| {
            let steps = service.steps.iter().map(|step| json!({ "at": at(step.minute), "minimum": step.instances }));
            let last = json!({ "at": at(ends), "minimum": 0 });
            (service.service.clone(), steps.chain([last]).collect())
        })
        .collect();
    json!({
        "name": plan.event,
        "air": at(0.0),
        "begins": at(fleet.begins),
        "ends": at(ends),
        "services": services,
        "load_balancer": {
            "capacity_units": plan.sizes.capacity_units,
            // A reservation takes minutes, sometimes hours, and may be lowered only twice a day.
            "from": at(-24.0 * 60.0),
            "until": at(ends + 30.0),
        },
        "freeze": { "from": whole_minutes(plan.freeze.0), "until": whole_minutes(plan.freeze.1) },
        "read_replicas": plan.sizes.read_replicas,
        "warm": plan.warm,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "minutes of an evening")]
fn moment(air: &Zoned, minute: f64) -> String {
    let after = SignedDuration::from_mins(minute.floor() as i64);
    whole_minutes(air.timestamp().checked_add(after).unwrap_or(air.timestamp()))
}

fn whole_minutes(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:00Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Costs, Fleet, ServicePlan, Sizes, StaffedFrom};

    fn plan() -> Plan {
        let air: Zoned = "2027-01-10T21:05:00[Europe/Paris]".parse().expect("a moment");
        let step = |minute, instances| StaffedFrom { minute, instances };
        let service = ServicePlan {
            service: "listing".to_owned(),
            peak_per_second: 1.0,
            each_per_second: 1.0,
            because: String::new(),
            measured: Vec::new(),
            fit: None,
            steps: vec![step(-30.0, 9), step(20.0, 5)],
            vcpu: 1.0,
            memory_gb: 2.0,
        };
        let costs = Costs { most_per_hour: 0.0, evening: 0.0, parts: Vec::new(), budget: None, prices: String::new() };
        Plan {
            event: "A show".to_owned(),
            freeze: (air.timestamp(), air.timestamp()),
            air,
            curve: Vec::new(),
            margin: 1.5,
            fleet: Fleet { services: vec![service], begins: -30.0, ends: 150.0 },
            sizes: Sizes { all: Vec::new(), capacity_units: 150, read_replicas: 2 },
            costs,
            warm: vec!["/".to_owned()],
            warnings: Vec::new(),
        }
    }

    #[test]
    fn a_show_is_written_in_utc_beside_the_others() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("shows.auto.tfvars.json");
        fs::write(&path, r#"{"shows":{"other":{"name":"Another"}},"region":"eu-west-3"}"#).expect("a file");
        write_into(&plan(), "a-show", &path).expect("written");
        write_into(&plan(), "a-show", &path).expect("written again");
        let written: Value = serde_json::from_str(&fs::read_to_string(&path).expect("there")).expect("JSON");
        assert_eq!(written["region"], "eu-west-3");
        assert_eq!(written["shows"]["other"]["name"], "Another");
        let show = &written["shows"]["a-show"];
        assert_eq!(
            show["services"]["listing"],
            json!([
                { "at": "2027-01-10T19:35:00Z", "minimum": 9 },
                { "at": "2027-01-10T20:25:00Z", "minimum": 5 },
                { "at": "2027-01-10T22:35:00Z", "minimum": 0 },
            ])
        );
        assert_eq!(show["air"], "2027-01-10T20:05:00Z");
        assert_eq!(show["load_balancer"]["from"], "2027-01-09T20:05:00Z");
        let keys: Vec<&String> = show.as_object().expect("an object").keys().collect();
        let all = ["air", "begins", "ends", "freeze", "load_balancer", "name", "read_replicas", "services", "warm"];
        assert_eq!(keys, all, "what terraform/ declares");
    }

    #[test]
    fn keys_are_what_terraform_allows() {
        assert_eq!(key_of(Path::new("infra/events/Show_2014.toml")), "show-2014");
    }

    #[test]
    fn what_is_no_file_of_variables_is_left_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("shows.auto.tfvars.json");
        for bad in ["[1]", "{\"shows\": 7}", "not JSON"] {
            fs::write(&path, bad).expect("a file");
            assert!(write_into(&plan(), "a-show", &path).is_err(), "{bad}");
            assert_eq!(fs::read_to_string(&path).expect("there"), bad);
        }
    }
}
