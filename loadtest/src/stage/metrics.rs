//! What an instance says about itself, in the text format of Prometheus, and what of it a rehearsal wants to know.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::ops::{AddAssign, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An instance that is busy answers shoppers first.
const PATIENCE: Duration = Duration::from_millis(800);

/// All metrics of one instance at one moment.
#[derive(Debug, Clone, Default)]
pub struct Metrics(String);

/// What is counted: ever rising while an instance lives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Pages given as they were drawn before.
    pub page_hits: f64,
    /// Answers from a process's memory.
    pub l1_hits: f64,
    /// Answers from the cache Redis.
    pub l2_hits: f64,
    /// Questions that reached the store.
    pub store_reads: f64,
    /// Answers that were older than they should be, because nothing better was to be had.
    pub stale: f64,
    /// Requests that the door refused.
    pub shed: f64,
    /// Requests that it let in.
    pub admitted: f64,
}

impl Metrics {
    /// Asks an instance at `http://host:port/path`.
    pub fn read(url: &str) -> io::Result<Self> {
        let unusable = || io::Error::new(io::ErrorKind::InvalidInput, format!("{url} is no address"));
        let rest = url.strip_prefix("http://").ok_or_else(unusable)?;
        let (host, path) = rest.split_once('/').ok_or_else(unusable)?;
        let address = host.to_socket_addrs()?.next().ok_or_else(unusable)?;
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // Version 1.0, so that the answer comes in one piece and ends with the connection.
        write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.") && head.contains(" 200 ") => Ok(Self(body.to_owned())),
            _ => Err(io::Error::other(format!("{url} tells no metrics"))),
        }
    }

    /// What a rehearsal counts.
    pub fn counts(&self) -> Counts {
        let answers = |tier: &str, outcomes: &[&str]| -> f64 {
            let sum = |outcome: &&str| self.sum("cache_requests_total", &[("tier", tier), ("outcome", outcome)]);
            outcomes.iter().map(sum).sum()
        };
        let good = ["hit", "negative", "revalidating", "lagging", "stale"];
        let door = self.sum("halles_door_requests_total", &[]);
        let admitted = self.sum("halles_door_requests_total", &[("fate", "admitted")]);
        Counts {
            page_hits: answers("page", &good),
            l1_hits: answers("l1", &good),
            l2_hits: answers("l2", &good),
            store_reads: self.sum("cache_load_duration_seconds_count", &[]),
            stale: ["page", "l1", "l2"].iter().map(|tier| answers(tier, &["stale"])).sum(),
            shed: door - admitted,
            admitted,
        }
    }

    /// The highest of the series of this name; none when there are none.
    pub fn highest(&self, name: &str) -> Option<f64> {
        self.series(name).map(|(_, value)| value).reduce(f64::max)
    }

    /// The sum over all series of this name that carry these labels.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let carries = |text: &str| labels.iter().all(|(label, value)| text.contains(&format!("{label}=\"{value}\"")));
        self.series(name).filter(|(text, _)| carries(text)).map(|(_, value)| value).sum()
    }

    fn series<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        self.0.lines().filter_map(move |line| {
            let rest = line.strip_prefix(name)?;
            let (labels, value) = rest.rsplit_once(' ')?;
            let is_whole_name = labels.is_empty() || labels.starts_with('{');
            if is_whole_name { Some((labels, value.parse().ok()?)) } else { None }
        })
    }
}

impl Counts {
    /// What was counted since an earlier look. An instance that was started again counts from nothing.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        let was_restarted = self.page_hits < earlier.page_hits
            || self.l1_hits < earlier.l1_hits
            || self.admitted < earlier.admitted
            || self.store_reads < earlier.store_reads;
        if was_restarted { self } else { self - earlier }
    }

    /// The share of questions for data or pages that never reached the store.
    pub fn saved_share(self) -> Option<f64> {
        let asked = self.page_hits + self.l1_hits + self.l2_hits + self.store_reads;
        (asked > 0.0).then(|| 1.0 - self.store_reads / asked)
    }
}

impl Sub for Counts {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            page_hits: self.page_hits - other.page_hits,
            l1_hits: self.l1_hits - other.l1_hits,
            l2_hits: self.l2_hits - other.l2_hits,
            store_reads: self.store_reads - other.store_reads,
            stale: self.stale - other.stale,
            shed: self.shed - other.shed,
            admitted: self.admitted - other.admitted,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.page_hits += other.page_hits;
        self.l1_hits += other.l1_hits;
        self.l2_hits += other.l2_hits;
        self.store_reads += other.store_reads;
        self.stale += other.stale;
        self.shed += other.shed;
        self.admitted += other.admitted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# TYPE cache_requests_total counter\n\
        cache_requests_total{kind=\"listing\",outcome=\"hit\",tier=\"page\"} 70\n\
        cache_requests_total{kind=\"listing\",outcome=\"hit\",tier=\"l1\"} 20\n\
        cache_requests_total{kind=\"listing\",outcome=\"miss\",tier=\"l1\"} 9\n\
        cache_requests_total{kind=\"list\",outcome=\"stale\",tier=\"l2\"} 6\n\
        cache_load_duration_seconds_count{kind=\"listing\",outcome=\"found\"} 4\n\
        halles_door_requests_total{class=\"listing\",fate=\"admitted\"} 100\n\
        halles_door_requests_total{class=\"crawler\",fate=\"refused\"} 11\n\
        halles_ladder_rung 2\n\
        halles_ladder_rung_other 9\n";

    #[test]
    fn what_matters_is_found() {
        let metrics = Metrics(TEXT.to_owned());
        let counts = metrics.counts();
        let expected = Counts {
            page_hits: 70.0,
            l1_hits: 20.0,
            l2_hits: 6.0,
            store_reads: 4.0,
            stale: 6.0,
            shed: 11.0,
            admitted: 100.0,
        };
        assert_eq!(counts, expected);
        assert_eq!(counts.saved_share(), Some(0.96));
        assert_eq!(metrics.highest("halles_ladder_rung"), Some(2.0));
        assert_eq!(metrics.highest("absent"), None);
    }

    #[test]
    fn an_instance_that_was_started_again_counts_from_nothing() {
        let before = Metrics(TEXT.to_owned()).counts();
        let after = Counts { page_hits: 5.0, admitted: 6.0, ..Counts::default() };
        assert_eq!(after.since(before), after);
        assert_eq!(before.since(before), Counts::default());
    }
}
