//! What became of a request to buy: `redrive`, `trace`.

use clap::Args;
use halles_domain::OrderId;

/// Arguments of `redrive`.
#[derive(Debug, Args)]
pub struct RedriveArgs {
    /// The request to try once more; without it they are listed
    #[arg(conflicts_with = "all")]
    pub id: Option<String>,
    /// Try all of them once more
    #[arg(long)]
    pub all: bool,
    /// The order log [default: the one of the running stack]
    #[arg(long, env = "HALLES_ORDER_LOG__REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub redis_url: Option<String>,
    /// The order log is a Redis Cluster, as on AWS
    #[arg(long, env = "HALLES_ORDER_LOG__REDIS__CLUSTER", requires = "redis_url")]
    pub redis_cluster: bool,
}

/// Arguments of `trace`.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// The order's number, as the address of its page has it
    pub order: OrderId,
}
