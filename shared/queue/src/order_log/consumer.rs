//! The reading end of the log, for the one order-worker that leads.
//!
//! ```text
//!            lead taken                    nothing unsettled is left
//!  Standby ─────────────► Inheriting ───────────────────────────────► Following
//!     ▲                      ▲  │                                       │   │
//!     │                      │  └── lead lost ──────┐                   │   │
//!     │                      └── any error ─────────│───────────────────┘   │
//!     └─────────────────────────────────────────────┴───── lead lost ──────┘
//! ```
//!
//! *Inheriting* takes what was taken before and never settled, by whoever led before or by this one before an error,
//! oldest first; only then come new entries. So the order of the log holds across crashes.
//!
//! What only a later release can read, the leader sets aside rather than misread it; whoever begins a lead puts back what
//! it can read of that. So a deploy in the wrong order costs some shoppers a wait, and nobody their order.

use std::time::{Duration, Instant};

use halles_domain::RequestToBuy;
use halles_redis::{Connection, Keys, RedisError};
use redis::Script;
use uuid::Uuid;

use super::drain_rate::DrainRate;
use super::stream::{self, PendingEntry, RawEntry, Settling};
use super::{LogPosition, OrderLogError, OrderLogSettings, Outcome, dead_letters, payload};

/// From this many deliveries on an entry is taken alone, so that what kills a worker does not count against its neighbours.
const SUSPICIOUS: u32 = 3;

/// A request as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// Its place.
    pub position: LogPosition,
    /// What is asked for.
    pub request: RequestToBuy,
}

/// The reading end. Not to be shared: one task takes, places and settles in turn.
#[derive(Debug)]
pub struct Consumer {
    connection: Connection,
    keys: Keys,
    /// This process, as a candidate for the lead.
    candidate: String,
    settings: OrderLogSettings,
    role: Role,
    /// How many leads this one has begun.
    leads_begun: u64,
    /// Whether a lead was begun and nobody has looked since for what an earlier release had to set aside.
    may_revive: bool,
    /// When the entries in hand were taken, and how fast they were settled so far.
    taken_at: Instant,
    drain_rate: DrainRate,
    next_reclaim: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Standby,
    Inheriting,
    Following,
}

impl Consumer {
    /// Connects over a connection of its own, since waiting for requests blocks it.
    pub async fn connect(settings: &OrderLogSettings) -> Result<Self, OrderLogError> {
        let waiting = settings.redis.blocking_for(settings.block());
        let connection = Connection::connect("order_log_consumer", &settings.redis_url, &waiting).await?;
        Ok(Self {
            connection,
            keys: Keys::new(&settings.key_prefix),
            candidate: Uuid::new_v4().to_string(),
            settings: settings.clone(),
            role: Role::Standby,
            leads_begun: 0,
            may_revive: false,
            taken_at: Instant::now(),
            drain_rate: DrainRate::default(),
            next_reclaim: Instant::now(),
        })
    }

    /// Takes or renews the lead. To be called between long steps too, or another worker may take over.
    ///
    /// Leading alone moves nobody forward: when requests are not taken for a while, because those in hand cannot be placed,
    /// the rate that was measured counts no more, and nobody is promised a time.
    pub async fn try_lead(&mut self) -> Result<bool, OrderLogError> {
        self.lead(false).await
    }

    async fn lead(&mut self, takes: bool) -> Result<bool, OrderLogError> {
        let script = Script::new(include_str!("scripts/lead.lua"));
        let mut invocation = script.key(self.keys.order_log_leader());
        invocation.key(self.keys.order_log_drain_rate());
        let rate_counts_ms = if takes { stream::RATE_COUNTS_MS } else { 0 };
        invocation.arg(&self.candidate).arg(self.settings.leader_ttl_ms).arg(rate_counts_ms);
        let answer = self.connection.invoke(&invocation).await;
        let lead: u8 = answer.inspect_err(|_| self.role = Role::Standby)?;
        self.leads_begun += u64::from(lead == 2);
        self.may_revive |= lead == 2;
        self.role = match (lead, self.role) {
            (0, _) => Role::Standby,
            (2, _) | (_, Role::Standby) => Role::Inheriting,
            (_, role) => role,
        };
        Ok(self.role != Role::Standby)
    }

    /// Whether this worker led when it last asked.
    pub fn leads(&self) -> bool {
        self.role != Role::Standby
    }

    /// How many leads this worker has begun: another number is another lead, in between which somebody else may have led.
    pub fn leads_begun(&self) -> u64 {
        self.leads_begun
    }

    /// Takes again first what was taken and not settled, because it was not placed.
    pub fn start_over(&mut self) {
        if self.leads() {
            self.role = Role::Inheriting;
        }
    }

    /// Gives up the lead, so that a standby need not wait for it to run out.
    pub async fn resign(&mut self) -> Result<(), OrderLogError> {
        self.role = Role::Standby;
        let script = Script::new(include_str!("scripts/resign.lua"));
        let mut invocation = script.key(self.keys.order_log_leader());
        Ok(self.connection.invoke(invocation.arg(&self.candidate)).await?)
    }

    /// The next requests, in order, none when another worker leads or when there are none yet.
    ///
    /// Whatever cannot be read, or was taken too often, is set aside on the way. After an error nothing is lost: what
    /// was under way is taken again first.
    pub async fn take(&mut self) -> Result<Vec<Logged>, OrderLogError> {
        if !self.lead(true).await? {
            return Ok(Vec::new());
        }
        let taken = self.take_leading().await;
        self.taken_at = Instant::now();
        if taken.is_err() {
            self.role = Role::Inheriting;
        }
        taken
    }

    async fn take_leading(&mut self) -> Result<Vec<Logged>, OrderLogError> {
        if self.may_revive {
            dead_letters::revive(&self.connection, &self.keys).await?;
            self.may_revive = false;
        }
        let raw = match self.take_unsettled().await {
            Ok(unsettled) if !unsettled.is_empty() => unsettled,
            Ok(_) => self.take_new().await?,
            Err(error) => self.recover(error).await?,
        };
        let mut good = Vec::with_capacity(raw.len());
        for entry in raw {
            match entry.payload.as_deref().map(payload::decode_request) {
                Some(Ok(request)) => good.push(Logged { position: entry.position, request }),
                Some(Err(error)) => self.bury(&entry, &error.to_string()).await?,
                None => self.bury(&entry, "no request in it").await?,
            }
        }
        Ok(good)
    }

    /// What was taken and not settled: all of it while inheriting, later what has been idle for long.
    async fn take_unsettled(&mut self) -> Result<Vec<RawEntry>, RedisError> {
        let min_idle = match self.role {
            Role::Inheriting => Duration::ZERO,
            _ if Instant::now() >= self.next_reclaim => Duration::from_millis(self.settings.reclaim_idle_ms),
            _ => return Ok(Vec::new()),
        };
        loop {
            let pending =
                stream::list_pending(&self.connection, &self.keys, min_idle, self.settings.batch_size).await?;
            let together = claimable_together(&pending);
            if together.is_empty() {
                self.role = Role::Following;
                self.next_reclaim = Instant::now() + Duration::from_millis(self.settings.reclaim_idle_ms);
                return Ok(Vec::new());
            }
            let mut claimed = stream::claim(&self.connection, &self.keys, together).await?;
            if together[0].deliveries >= self.settings.max_deliveries {
                for entry in claimed.drain(..) {
                    self.bury(&entry, &format!("taken {} times without an outcome", together[0].deliveries)).await?;
                }
            }
            // Nothing claimed: all of them were settled or buried in the meantime, so look at the next ones.
            if !claimed.is_empty() {
                return Ok(claimed);
            }
        }
    }

    async fn take_new(&self) -> Result<Vec<RawEntry>, OrderLogError> {
        let block = self.settings.block();
        match stream::read_new(&self.connection, &self.keys, self.settings.batch_size, block).await {
            Ok(entries) => Ok(entries),
            Err(error) => self.recover(error).await,
        }
    }

    /// The first look at a new log finds no consumer group, and neither does one after the log has lost its data.
    async fn recover(&self, error: RedisError) -> Result<Vec<RawEntry>, OrderLogError> {
        if !error.is_refusal("NOGROUP") {
            return Err(error.into());
        }
        tracing::warn!("the order log has no consumer group: it is new, or it has lost its data");
        stream::ensure_group(&self.connection, &self.keys).await?;
        Ok(Vec::new())
    }

    /// Tells what became of entries, and removes them. If this fails they are taken again.
    pub async fn settle(&mut self, outcomes: &[Outcome]) -> Result<(), OrderLogError> {
        self.drain_rate.note(outcomes.len(), self.taken_at.elapsed());
        self.taken_at = Instant::now();
        let step =
            Settling { outcomes, outcomes_kept: self.settings.outcomes_kept, rate: self.drain_rate.per_second() };
        let settled = stream::settle(&self.connection, &self.keys, &step).await;
        settled.inspect_err(|_| self.role = Role::Inheriting).map_err(OrderLogError::from)
    }

    /// Sets a request aside for people to look at, because placing it fails again and again.
    pub async fn set_aside(&mut self, logged: &Logged, reason: &str) -> Result<(), OrderLogError> {
        let payload = Some(payload::encode_request(&logged.request));
        let buried = self.bury(&RawEntry { position: logged.position, payload }, reason).await;
        buried.inspect_err(|_| self.role = Role::Inheriting).map_err(OrderLogError::from)
    }

    async fn bury(&self, entry: &RawEntry, reason: &str) -> Result<(), RedisError> {
        if dead_letters::set_aside(&self.connection, &self.keys, entry, reason).await? {
            tracing::error!(position = %entry.position, reason, "a request to buy was set aside; people must look at it");
        }
        Ok(())
    }
}

/// The first entries that may be taken in one go: a suspicious one comes alone.
fn claimable_together(pending: &[PendingEntry]) -> &[PendingEntry] {
    let unsuspicious = pending.iter().take_while(|entry| entry.deliveries < SUSPICIOUS).count();
    &pending[..unsuspicious.max(1).min(pending.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suspicious_entry_is_taken_alone() {
        let entry = |sequence, deliveries| PendingEntry { position: LogPosition { millis: 1, sequence }, deliveries };
        let pending = [entry(0, 1), entry(1, 2), entry(2, SUSPICIOUS), entry(3, 1)];
        assert_eq!(claimable_together(&pending), &pending[..2]);
        assert_eq!(claimable_together(&pending[2..]), &pending[2..3]);
        assert_eq!(claimable_together(&[]), &[]);
    }
}
