//! Which benchmarks there are, what their parts need, and where each is measured.

use anyhow::Result;

use super::servers::BenchServers;
use super::verdict::Verdict;
use super::{cache, driver, freshness, import, intake, orders, overload, search, telemetry};
use crate::packages::Need;

/// A benchmark as it is asked for on the command line.
#[derive(Debug, Clone, Copy)]
pub struct Benchmark {
    /// Its name.
    pub name: &'static str,
    /// What it measures.
    pub what: &'static str,
    /// Its parts, in the order in which they are run.
    pub parts: &'static [Part],
}

/// Every benchmark.
pub const BENCHMARKS: [Benchmark; 9] = [
    Benchmark {
        name: "import",
        what: "loading listings, against a bare COPY of the same bytes",
        parts: &[Part::Import],
    },
    Benchmark {
        name: "cache",
        what: "the cache tier: speed, hit ratio, stampedes, freshness, memory",
        parts: &[Part::HotPage, Part::Memory, Part::Zipf, Part::Stampede, Part::Freshness],
    },
    Benchmark {
        name: "search",
        what: "the search index at a million listings: speed, while indexing, building",
        parts: &[Part::SearchEngine, Part::SearchService, Part::SearchIndexing, Part::SearchBuild],
    },
    Benchmark {
        name: "freshness",
        what: "how soon a change is found, and what was sold is found no more",
        parts: &[Part::SearchFreshness],
    },
    Benchmark {
        name: "intake",
        what: "how many orders a second are noted durably, against a bare XADD",
        parts: &[Part::Intake],
    },
    Benchmark {
        name: "orders",
        what: "how many orders a second are placed, in batches and one by one; who notices while a full log drains",
        parts: &[Part::Orders, Part::Drain],
    },
    Benchmark {
        name: "overload",
        what: "one order service asked for up to ten times what it can do",
        parts: &[Part::Overload],
    },
    Benchmark {
        name: "driver",
        what: "what the rehearsal's own driver costs, against wrk on the same page",
        parts: &[Part::Driver],
    },
    Benchmark { name: "telemetry", what: "what traces and metrics cost a hot page", parts: &[Part::Telemetry] },
];

/// A part of a benchmark: one question, with processes of its own beside stores that all parts of a run share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// How fast the catalogue is filled.
    Import,
    /// How fast a hot page leaves L1.
    HotPage,
    /// What a cached page costs in memory.
    Memory,
    /// What reaches the tiers below when the catalogue is ten times larger than L1.
    Zipf,
    /// What reaches the replica when everybody asks for what nobody has.
    Stampede,
    /// How soon a committed change is what everyone sees.
    Freshness,
    /// How fast the index answers, beside the bare engine and PostgreSQL.
    SearchEngine,
    /// How fast the whole search service answers, how soon it starts, what it takes in memory.
    SearchService,
    /// What searches notice of indexing.
    SearchIndexing,
    /// How fast an index is built.
    SearchBuild,
    /// How soon searches know of a change.
    SearchFreshness,
    /// How fast orders are noted.
    Intake,
    /// How fast orders are placed.
    Orders,
    /// Who notices while a log that was full drains.
    Drain,
    /// What is still done when far more is asked than can be.
    Overload,
    /// How many requests the rehearsal's driver can send.
    Driver,
    /// What telling costs.
    Telemetry,
}

impl Part {
    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::HotPage => "hot-page",
            Self::Memory => "memory",
            Self::Zipf => "zipf",
            Self::Stampede => "stampede",
            Self::Freshness => "freshness",
            Self::SearchEngine => "engine",
            Self::SearchService => "service",
            Self::SearchIndexing => "indexing",
            Self::SearchBuild => "build",
            Self::SearchFreshness => "search",
            Self::Intake => "intake",
            Self::Orders => "orders",
            Self::Drain => "drain",
            Self::Overload => "overload",
            Self::Driver => "driver",
            Self::Telemetry => "telemetry",
        }
    }

    /// The services that it starts, and that are therefore built for it.
    pub fn services(self) -> &'static [&'static str] {
        match self {
            Self::Import | Self::Orders => &[],
            Self::Intake => &["halles-order"],
            Self::Drain => &["halles-order", "halles-order-worker", "halles-payments"],
            Self::HotPage | Self::Memory | Self::Zipf | Self::Telemetry => &["halles-listing"],
            Self::Stampede | Self::Freshness => &["halles-listing", "halles-order-worker"],
            Self::SearchEngine => &["halles-indexer", "halles-yardstick"],
            Self::SearchService => &["halles-indexer", "halles-search"],
            Self::SearchIndexing | Self::SearchFreshness => &["halles-indexer", "halles-search", "halles-order-worker"],
            Self::SearchBuild => &["halles-yardstick"],
            Self::Overload => &["halles-order", "halles-order-worker"],
            Self::Driver => &["halles-rehearse"],
        }
    }

    /// What it needs from the system beside the stores.
    pub fn needs(self) -> &'static [Need] {
        match self {
            Self::HotPage => &[Need::Nginx, Need::Varnish, Need::Wrk],
            Self::Driver | Self::Telemetry => &[Need::Wrk],
            _ => &[],
        }
    }

    /// How many generated listings it needs at least; with none, the marketplace's database is not even made.
    pub fn listings(self) -> u64 {
        match self {
            Self::Import | Self::Driver => 0,
            Self::HotPage | Self::Intake | Self::Orders | Self::Drain | Self::Overload | Self::Telemetry => 1_000,
            Self::Memory => 100_000,
            Self::Zipf => u64::from(cache::zipf::LISTINGS),
            Self::Stampede | Self::Freshness => 20_000,
            Self::SearchEngine | Self::SearchService | Self::SearchIndexing => 1_000_000,
            Self::SearchBuild | Self::SearchFreshness => 100_000,
        }
    }

    /// Measures it.
    pub async fn run(self, servers: &mut BenchServers) -> Result<Vec<Verdict>> {
        match self {
            Self::Import => import::run(servers).await,
            Self::HotPage => cache::hot_page::run(servers).await,
            Self::Memory => cache::memory::run(servers).await,
            Self::Zipf => cache::zipf::run(servers).await,
            Self::Stampede => cache::stampede::run(servers).await,
            Self::Freshness => cache::freshness::run(servers).await,
            Self::SearchEngine => search::engine::run(servers).await,
            Self::SearchService => search::service::run(servers).await,
            Self::SearchIndexing => search::indexing::run(servers).await,
            Self::SearchBuild => search::build::run(servers).await,
            Self::SearchFreshness => freshness::run(servers).await,
            Self::Intake => intake::run(servers).await,
            Self::Orders => orders::run(servers).await,
            Self::Drain => orders::drain::run(servers).await,
            Self::Overload => overload::run(servers).await,
            Self::Driver => driver::run(servers).await,
            Self::Telemetry => telemetry::run(servers).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_given_once() {
        for benchmark in BENCHMARKS {
            for (index, part) in benchmark.parts.iter().enumerate() {
                assert!(benchmark.parts[..index].iter().all(|earlier| earlier.name() != part.name()));
            }
        }
    }
}
