//! The one path of every order, in every weather.
//!
//! ```text
//! intent ─► order log ─┬─ outcome in time ─────► settled (held or refused), or the key belongs to another request
//!               │      └─ not yet ─────────────► pending: durable, it will come to an outcome
//!               ├─ full ───────────────────────► busy: nothing was noted, come back when the wait is one to promise
//!               └─ out of reach ─► the same placing, by ourselves ─┬─► settled
//!                                                                  └─► unavailable: come back with the same key
//! ```
//!
//! Going the second way after the first has failed half-way is harmless: both carry the same key and the same order id,
//! and whichever comes second is a replay.

use std::time::{Duration, Instant};

use halles_domain::{Invalid, OrderId, PlacedOrder, RequestToBuy};
use halles_http::{Deadline, Ladder, Rung, Seat};
use halles_queue::order_log::{
    Appended, LogPosition, OrderLog, OrderLogError, Outcome, QueuePlace, Verdict, WaitingRoom,
};
use halles_resilience::Bulkhead;
use halles_store::{Placement, PlacementRules, StoreError, Writer};
use halles_telemetry::Trail;
use jiff::Timestamp;
use opentelemetry::context::FutureExt as _;
use opentelemetry::trace::SpanKind;

use crate::intent::Intent;
use crate::meters::Meters;
use crate::order_id::OrderNames;
use crate::settings::OrderSettings;

/// What is left of the request's deadline for writing the answer down.
const ANSWER_TIME: Duration = Duration::from_millis(100);

/// How long to wait for an outcome when there is too much to do: what an idle order-worker needs.
const HURRIED_WAIT: Duration = Duration::from_millis(50);

/// Takes intents and turns them into orders.
pub struct PlaceOrder {
    log: OrderLog,
    room: WaitingRoom,
    writer: Writer,
    names: OrderNames,
    ladder: Ladder,
    rules: PlacementRules,
    outcome_wait: Duration,
    /// How many may place by themselves at once, so that a crowd without a log does not become one on the primary.
    direct: Bulkhead,
    meters: Meters,
}

/// What became of an intent.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The order is placed, which a refusal also is; `replayed` when it had been before this request.
    Settled {
        /// The order as it is now.
        order: PlacedOrder,
        /// Whether this request was a repeat.
        replayed: bool,
    },
    /// It is noted durably and will come to an outcome.
    Pending {
        /// The name that the order will have.
        id: OrderId,
        /// Where it stands in the log: what its page needs to tell the place later on.
        position: LogPosition,
        /// How many stand before it, and how long that may take.
        queue: QueuePlace,
    },
    /// The key was used for another request; nothing was done.
    KeyReused,
}

/// Why an intent was not taken. After any of these the shopper may simply try again with the same key.
#[derive(Debug, thiserror::Error)]
pub enum PlaceOrderError {
    /// As many requests wait as may, or more than can be placed in the time that may be promised.
    #[error("the order log is full")]
    Full {
        /// How long that will be so, as far as it is known.
        back_in: Option<Duration>,
    },
    /// Neither the log nor the primary could be reached.
    #[error("neither the order log ({log}) nor the primary ({primary}) takes orders")]
    Unavailable {
        /// What the log said.
        log: OrderLogError,
        /// What the primary said.
        primary: String,
    },
    /// No order can be made of it, though it looked like one: our checks have a gap.
    #[error("no order can be made of this request: {0}")]
    Impossible(Invalid),
    /// A bug.
    #[error("placing an order")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What order placing is built from.
pub struct Parts {
    /// The log that requests are appended to.
    pub log: OrderLog,
    /// Where the outcomes are told.
    pub room: WaitingRoom,
    /// The way to the primary while the log is away.
    pub writer: Writer,
    /// The names of orders.
    pub names: OrderNames,
    /// Whether there is time to wait for outcomes.
    pub ladder: Ladder,
}

impl PlaceOrder {
    /// Puts the parts together.
    pub fn new(parts: Parts, settings: &OrderSettings) -> Self {
        let Parts { log, room, writer, names, ladder } = parts;
        let direct_wait = Duration::from_millis(settings.direct_wait_ms);
        Self {
            log,
            room,
            writer,
            names,
            ladder,
            rules: settings.rules(),
            outcome_wait: Duration::from_millis(settings.outcome_wait_ms),
            direct: Bulkhead::new("placing without the log", settings.direct_max_concurrent as usize, direct_wait),
            meters: Meters::new(),
        }
    }

    /// Takes an intent, and waits a little for what becomes of it. Whoever waits has given up `seat`: the work is the
    /// order-worker's by then, and how many may wait is the waiting room's to say.
    pub async fn place(&self, intent: Intent, deadline: Deadline, seat: &Seat) -> Result<Answer, PlaceOrderError> {
        let request = intent.into_request(&self.names, Timestamp::now());
        let trail = Trail::of(request.order_id.get().as_u128());
        let first_step = trail.begin("order", SpanKind::Internal, Vec::new());
        // The place is taken before the append, or an outcome that comes quickly would go by.
        let wait = self.room.try_wait(request.order_id);
        let started = Instant::now();
        let answer = match self.append(&request, trail).await {
            Ok(appended) => {
                self.meters.appended(started.elapsed());
                seat.leave();
                let budget = self.patience().min(deadline.remaining().saturating_sub(ANSWER_TIME));
                let outcome = match wait {
                    Some(wait) => wait.outcome(budget).await,
                    None => None,
                };
                let Appended { position, queue } = appended;
                let pending = Answer::Pending { id: request.order_id, position, queue };
                Ok(outcome.map_or(pending, |outcome| told(&outcome, position)))
            }
            Err(OrderLogError::Full { back_in }) => Err(PlaceOrderError::Full { back_in }),
            Err(log @ OrderLogError::Unavailable(_)) => self.place_directly(&request, log, deadline).await,
            Err(error) => Err(PlaceOrderError::Internal(error.into())),
        };
        first_step.note("halles.order.answer", self.meters.answered(&answer, started.elapsed()));
        answer
    }

    /// Appends, as a step of the order's trace.
    async fn append(&self, request: &RequestToBuy, trail: Trail) -> Result<Appended, OrderLogError> {
        let step = trail.step("send order_log", SpanKind::Producer, Vec::new());
        step.note("messaging.system", "redis");
        step.note("messaging.destination.name", "order_log");
        step.note("messaging.operation.type", "send");
        let appended = self.log.append(request).with_context(step.context()).await;
        match &appended {
            Ok(appended) => step.note("messaging.message.id", appended.position.to_string()),
            Err(error) => step.fail(error.to_string()),
        }
        appended
    }

    /// How long to wait for an outcome. On the rung for it hardly at all: the order is durable, its page tells the rest, and
    /// whoever does not wait takes no room from those who come.
    fn patience(&self) -> Duration {
        if self.ladder.gives_up(Rung::LongerOrderWait) {
            HURRIED_WAIT.min(self.outcome_wait)
        } else {
            self.outcome_wait
        }
    }

    /// The same placing that the order-worker does, with a batch of one.
    async fn place_directly(
        &self,
        request: &RequestToBuy,
        log: OrderLogError,
        deadline: Deadline,
    ) -> Result<Answer, PlaceOrderError> {
        let unavailable = |primary: String, log| PlaceOrderError::Unavailable { log, primary };
        let _place = match self.direct.enter().await {
            Ok(place) => place,
            Err(full) => return Err(unavailable(full.to_string(), log)),
        };
        let time = deadline.remaining().saturating_sub(ANSWER_TIME);
        // Boxed, because it is large and rare: otherwise every request would carry room for it.
        let placing = Box::pin(self.writer.place_batch(std::slice::from_ref(request), &self.rules));
        let placed = match deadline.at_most(time).run(placing).await {
            Ok(placed) => placed,
            Err(exceeded) => return Err(unavailable(exceeded.to_string(), log)),
        };
        match placed {
            Ok(placements) => settled_directly(placements),
            Err(error) if error.is_transient() => Err(unavailable(error.to_string(), log)),
            Err(error) => Err(PlaceOrderError::Internal(error.into())),
        }
        .inspect(|answer| self.remember(request, answer))
    }

    /// Nobody else tells this outcome, so this instance remembers it for the status page that is asked for next.
    fn remember(&self, request: &RequestToBuy, answer: &Answer) {
        if let Answer::Settled { order, replayed } = answer {
            let entry = LogPosition { millis: 0, sequence: 0 };
            let verdict = Verdict::Settled(order.clone());
            self.room.tell(Outcome { order_id: request.order_id, entry, replayed: *replayed, verdict });
        }
    }
}

/// The answer for whoever appended the entry at `position`; an outcome of another entry makes it a repeat.
fn told(outcome: &Outcome, position: LogPosition) -> Answer {
    match &outcome.verdict {
        Verdict::Settled(order) => {
            Answer::Settled { order: order.clone(), replayed: outcome.replayed || outcome.entry != position }
        }
        Verdict::KeyReused => Answer::KeyReused,
    }
}

fn settled_directly(placements: Vec<Placement>) -> Result<Answer, PlaceOrderError> {
    match placements.into_iter().next() {
        Some(Placement::Placed(order)) => Ok(Answer::Settled { order, replayed: false }),
        Some(Placement::Replayed(order)) => Ok(Answer::Settled { order, replayed: true }),
        Some(Placement::KeyReused) => Ok(Answer::KeyReused),
        Some(Placement::Impossible(fault)) => Err(PlaceOrderError::Impossible(fault)),
        None => Err(PlaceOrderError::Internal("one request has no placement".into())),
    }
}

impl From<StoreError> for PlaceOrderError {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.into())
    }
}
