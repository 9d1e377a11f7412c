//! What things cost: read from a dated file that its reader is meant to edit.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use toml::value::Datetime;

/// The prices of one region, in dollars.
#[derive(Debug, Clone, Deserialize)]
pub struct Prices {
    /// The region.
    pub region: String,
    /// The day on which somebody looked.
    pub as_of: Datetime,
    /// Euros for a dollar.
    pub euros_per_dollar: f64,
    /// Tasks.
    pub fargate_arm: Fargate,
    /// The load balancer.
    pub load_balancer: LoadBalancer,
    /// Databases.
    pub database: Database,
    /// Caches.
    pub cache: Nodes,
    /// Order logs.
    pub order_log: Nodes,
}

/// What a task costs in an hour.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Fargate {
    /// For a vCPU.
    pub vcpu_hour: f64,
    /// For a GB of memory.
    pub gb_hour: f64,
}

/// What a load balancer costs in an hour.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct LoadBalancer {
    /// By itself.
    pub hour: f64,
    /// For a capacity unit.
    pub capacity_unit_hour: f64,
}

/// What databases cost.
#[derive(Debug, Clone, Deserialize)]
pub struct Database {
    /// How many times as much in several zones.
    pub multi_az_factor: f64,
    /// The smallest first.
    pub class: Vec<Class>,
}

/// What nodes cost.
#[derive(Debug, Clone, Deserialize)]
pub struct Nodes {
    /// The smallest first.
    pub class: Vec<Class>,
}

/// A kind of machine.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Class {
    /// What it is ordered by.
    pub name: String,
    /// Its processors; of a node for a cache they do not matter.
    #[serde(default)]
    pub vcpu: u32,
    /// Its memory.
    pub memory_gb: f64,
    /// What it costs in an hour.
    pub hour: f64,
}

impl Prices {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let prices: Self = toml::from_str(&text).with_context(|| format!("{} is no price file", path.display()))?;
        let classes = [&prices.database.class, &prices.cache.class, &prices.order_log.class];
        ensure!(classes.iter().all(|class| !class.is_empty()), "{} lacks a class", path.display());
        ensure!(
            classes.iter().all(|class| class.is_sorted_by_key(|class| class.hour)),
            "the classes in {} must stand from the cheapest to the dearest",
            path.display()
        );
        ensure!(prices.euros_per_dollar > 0.0, "euros_per_dollar in {} must be above zero", path.display());
        Ok(prices)
    }

    /// Dollars in euros.
    pub fn euros(&self, dollars: f64) -> f64 {
        dollars * self.euros_per_dollar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_comes_with_the_project_can_be_used() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/prices/aws-eu-west-3.toml");
        let prices = Prices::read(&path).expect("prices");
        assert_eq!(prices.region, "eu-west-3");
        assert!(prices.database.class.iter().any(|class| class.name == "db.r7g.large" && class.vcpu == 2));
    }
}
