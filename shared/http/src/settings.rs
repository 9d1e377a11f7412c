//! What may be set about ports, limits and times.

use std::time::Duration;

use halles_resilience::Ladder;
use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

use crate::{AdmissionSettings, RoomSettings};

/// The section `http` of a service that answers shoppers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSettings {
    /// The address to listen on, for both ports.
    pub host: String,
    /// The port for shoppers; 0 takes any free one.
    pub port: u16,
    /// The port for health and metrics, never routed from outside; 0 takes any free one.
    pub admin_port: u16,
    /// Threads that answer requests; 0 means one for each core.
    pub workers: usize,
    /// The most connections that one worker holds. Too low turns shoppers away from an idle machine, too high lets a
    /// crowd take the memory.
    pub max_connections_per_worker: usize,
    /// The most connections that wait to be accepted.
    pub backlog: u32,
    /// How long an answer is useful. Too low refuses what would have worked, too high lets a slow database fill every
    /// worker with requests whose shoppers have left.
    pub request_deadline_ms: u64,
    /// The share of answers that get an access line though nothing is remarkable about them: samples of what is usual.
    /// Everything is counted in the metrics anyway. A line costs about as much as a cached answer.
    pub access_log_share: f64,
    /// Answers that took at least this long always get an access line, as do failures (5xx) and refusals (429), but for
    /// those at the door for load: of these, too, only a share does.
    pub slow_answer_ms: u64,
    /// How long the head of a request may take to arrive; cuts off those who send it byte by byte.
    pub head_timeout_ms: u64,
    /// How long an idle connection is kept. Must outlast the balancer's own, or it sends into a closing connection.
    pub keep_alive_ms: u64,
    /// The largest body of a request.
    pub body_limit_bytes: usize,
    /// How long an instance that is about to stop goes on answering, with its readiness already withdrawn, so that
    /// the balancer notices before a connection is refused. Must outlast a few of the balancer's checks.
    pub drain_delay_ms: u64,
    /// How long requests in flight may take to finish after that.
    pub drain_timeout_ms: u64,
    /// How often what readiness depends on is asked.
    pub probe_interval_ms: u64,
    /// How long one such question may take before it counts as a no.
    pub probe_timeout_ms: u64,
    /// Who is let in, how many at once, and what is given up when.
    pub admission: AdmissionSettings,
    /// Who waits in front of the market on the last rung, where a service has a waiting room.
    pub waiting_room: RoomSettings,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            admin_port: 0,
            workers: 0,
            // 18 times the usual crowd is some thousands of connections for a whole instance.
            max_connections_per_worker: 10_000,
            backlog: 2_048,
            // Few shoppers wait longer, and checkout answers within two seconds by itself.
            request_deadline_ms: 5_000,
            // Tens of lines a second on a full instance: enough to see what is usual.
            access_log_share: 0.01,
            // What a shopper notices.
            slow_answer_ms: 500,
            head_timeout_ms: 5_000,
            // HAProxy and the AWS load balancer close idle connections after 60 s or less.
            keep_alive_ms: 75_000,
            // A checkout form with every field full is below 16 KiB.
            body_limit_bytes: 64 * 1024,
            // Three checks of a balancer that asks twice a second.
            drain_delay_ms: 1_500,
            // Twice the deadline: nothing that is in flight can need longer.
            drain_timeout_ms: 10_000,
            probe_interval_ms: 1_000,
            probe_timeout_ms: 800,
            admission: AdmissionSettings::default(),
            waiting_room: RoomSettings::default(),
        }
    }
}

impl HttpSettings {
    /// The part that is about the admin port.
    pub fn admin(&self) -> AdminSettings {
        AdminSettings {
            host: self.host.clone(),
            admin_port: self.admin_port,
            drain_timeout_ms: self.drain_timeout_ms,
            probe_interval_ms: self.probe_interval_ms,
            probe_timeout_ms: self.probe_timeout_ms,
        }
    }

    /// A ladder for a service with a waiting room.
    pub fn ladder_with_room(&self) -> Ladder {
        Ladder::with_room(self.admission.ladder_times(), self.waiting_room.opens_after())
    }

    pub(crate) fn request_deadline(&self) -> Duration {
        Duration::from_millis(self.request_deadline_ms)
    }
}

impl Validate for HttpSettings {
    fn validate(&self, faults: &mut Faults) {
        self.admin().validate(faults);
        faults.section("admission", &self.admission);
        faults.section("waiting_room", &self.waiting_room);
        let one_port = self.port != 0 && self.port == self.admin_port;
        faults.check(!one_port, "admin_port", "must differ from port");
        faults.check(self.max_connections_per_worker > 0, "max_connections_per_worker", "must be greater than 0");
        faults.check_positive("backlog", self.backlog);
        faults.check_positive("request_deadline_ms", self.request_deadline_ms);
        faults.check((0.0..=1.0).contains(&self.access_log_share), "access_log_share", "must lie between 0 and 1");
        // The server reads its clock twice a second, so shorter times would be over before they begin.
        faults.check(self.head_timeout_ms >= 1_000, "head_timeout_ms", "must be at least 1000");
        faults.check_positive("keep_alive_ms", self.keep_alive_ms);
        faults.check(self.body_limit_bytes >= 1_024, "body_limit_bytes", "must be at least 1024");
        faults.check(
            self.drain_timeout_ms >= self.request_deadline_ms,
            "drain_timeout_ms",
            "must be at least request_deadline_ms, or requests in flight are cut off",
        );
    }
}

/// The section `http` of a worker, which has only an admin port.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminSettings {
    /// The address to listen on.
    pub host: String,
    /// The port for health and metrics; 0 takes any free one.
    pub admin_port: u16,
    /// How long the work in hand may take to finish after the order to stop.
    pub drain_timeout_ms: u64,
    /// How often what readiness depends on is asked.
    pub probe_interval_ms: u64,
    /// How long one such question may take before it counts as a no.
    pub probe_timeout_ms: u64,
}

impl Default for AdminSettings {
    fn default() -> Self {
        HttpSettings::default().admin()
    }
}

impl AdminSettings {
    pub(crate) fn drain_timeout(&self) -> Duration {
        Duration::from_millis(self.drain_timeout_ms)
    }

    pub(crate) fn probe_interval(&self) -> Duration {
        Duration::from_millis(self.probe_interval_ms)
    }

    pub(crate) fn probe_timeout(&self) -> Duration {
        Duration::from_millis(self.probe_timeout_ms)
    }
}

impl Validate for AdminSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(!self.host.is_empty(), "host", "must not be empty");
        faults.check_positive("drain_timeout_ms", self.drain_timeout_ms);
        faults.check_positive("probe_interval_ms", self.probe_interval_ms);
        faults.check_positive("probe_timeout_ms", self.probe_timeout_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used() {
        assert_eq!(Faults::of(&HttpSettings::default()), []);
        assert_eq!(Faults::of(&AdminSettings::default()), []);
    }

    #[test]
    fn a_drain_shorter_than_a_request_is_refused() {
        let settings = HttpSettings { drain_timeout_ms: 100, ..HttpSettings::default() };
        let faults = Faults::of(&settings);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].setting, "drain_timeout_ms");
    }
}
