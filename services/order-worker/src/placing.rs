//! From the log into the database: takes requests, places them, tells what became of them.
//!
//! Whatever happens between two lines of this file, no request is lost and none is placed twice: a request leaves the
//! log only in [`Consumer::settle`], after it has been placed, and the store makes placing it again a replay.
//!
//! Each lead has a term, which the database gives out and checks. A worker that lost the lead without knowing it, with a
//! batch in hand, is refused there; it then asks the log again whether it leads.

use halles_domain::{Invalid, PlacedOrder, RequestToBuy};
use halles_http::Shutdown;
use halles_queue::order_log::{Consumer, Logged, OrderLogError, Outcome, Verdict};
use halles_resilience::Backoff;
use halles_store::{Conflict, LeadTerm, Placement, StoreError, Writer};
use std::time::{Duration, Instant};

use crate::meters::Meters;
use crate::settings::PlacingSettings;

/// The placing end of the order path.
pub struct Placing {
    consumer: Consumer,
    writer: Writer,
    settings: PlacingSettings,
    meters: Meters,
    /// The term of the present lead, and which of our leads that is.
    term: Option<(u64, LeadTerm)>,
}

/// What placing a batch came to.
enum Placed {
    /// Every request has its placement, at its place.
    All(Vec<Placement>),
    /// One of them cannot be placed as things are; nothing was written.
    Stuck(StoreError),
    /// Given up for now, because of a stop or a lost lead; nothing was written. It is still in the log.
    GivenUp,
}

impl Placing {
    /// Places what `consumer` takes through `writer`.
    pub fn new(consumer: Consumer, writer: Writer, settings: PlacingSettings) -> Self {
        Self { consumer, writer, settings, meters: Meters::new(), term: None }
    }

    /// Takes, places and tells until asked to stop; then finishes the batch in hand and gives up the lead.
    pub async fn run(mut self, shutdown: Shutdown) {
        let mut backoff = self.backoff();
        while !shutdown.is_requested() {
            match self.turn(&shutdown).await {
                Ok(()) => backoff.reset(),
                Err(error) => {
                    tracing::warn!(%error, "cannot work on the order log; trying on");
                    pause(backoff.next_wait(), &shutdown).await;
                }
            }
        }
        if let Err(error) = self.consumer.resign().await {
            tracing::info!(%error, "the lead was not given up; it runs out by itself");
        }
    }

    /// One batch from the log to the outcome.
    async fn turn(&mut self, shutdown: &Shutdown) -> Result<(), OrderLogError> {
        let batch = self.consumer.take().await?;
        self.meters.leads(self.consumer.leads());
        if batch.is_empty() {
            if !self.consumer.leads() {
                pause(Duration::from_millis(self.settings.standby_pause_ms), shutdown).await;
            }
            return Ok(());
        }
        let requests: Vec<RequestToBuy> = batch.iter().map(|logged| logged.request.clone()).collect();
        match self.place(&requests, shutdown).await {
            Placed::All(placements) => self.tell(&batch, placements).await,
            Placed::Stuck(error) => {
                tracing::error!(%error, requests = batch.len(), "a batch cannot be placed; placing one by one");
                self.place_one_by_one(&batch, shutdown).await
            }
            Placed::GivenUp => Ok(()),
        }
    }

    /// Places a batch, however long the database is away, as long as this worker leads.
    async fn place(&mut self, requests: &[RequestToBuy], shutdown: &Shutdown) -> Placed {
        let mut backoff = self.backoff();
        loop {
            let started = Instant::now();
            match self.place_in_term(requests).await {
                Ok(placements) => {
                    self.meters.placed_batch(requests.len(), started.elapsed());
                    return Placed::All(placements);
                }
                Err(StoreError::Conflict(Conflict::LeadLost)) => {
                    tracing::warn!("another lead has begun since; asking again who leads");
                    self.term = None;
                    self.consumer.start_over();
                    return Placed::GivenUp;
                }
                Err(error) if error.is_transient() => {
                    tracing::warn!(%error, requests = requests.len(), "the primary takes no orders now; trying on");
                    pause(backoff.next_wait(), shutdown).await;
                }
                Err(error) => return Placed::Stuck(error),
            }
            let leads = self.consumer.try_lead().await.unwrap_or(false);
            if shutdown.is_requested() || !leads {
                self.consumer.start_over();
                return Placed::GivenUp;
            }
        }
    }

    /// Places under the term of the present lead; the first batch of a lead begins it.
    async fn place_in_term(&mut self, requests: &[RequestToBuy]) -> Result<Vec<Placement>, StoreError> {
        let lead = self.consumer.leads_begun();
        let term = match self.term {
            Some((of, term)) if of == lead => term,
            _ => {
                let term = self.writer.begin_lead().await?;
                // Beginning may have had to wait for a batch of the last leader; meanwhile the lead may have run out.
                let still_leads = self.consumer.try_lead().await.unwrap_or(false);
                if !still_leads || self.consumer.leads_begun() != lead {
                    return Err(Conflict::LeadLost.into());
                }
                self.term = Some((lead, term));
                term
            }
        };
        self.writer.place_batch_as_leader(term, requests, &self.settings.rules()).await
    }

    /// So that one request that cannot be placed does not hold up the others.
    async fn place_one_by_one(&mut self, batch: &[Logged], shutdown: &Shutdown) -> Result<(), OrderLogError> {
        for logged in batch {
            let alone = std::slice::from_ref(logged);
            match self.place_stubbornly(&logged.request, shutdown).await {
                Placed::All(placements) => self.tell(alone, placements).await?,
                Placed::Stuck(error) => {
                    self.meters.set_aside();
                    self.consumer.set_aside(logged, &error.to_string()).await?;
                }
                Placed::GivenUp => return Ok(()),
            }
        }
        Ok(())
    }

    async fn place_stubbornly(&mut self, request: &RequestToBuy, shutdown: &Shutdown) -> Placed {
        let mut backoff = self.backoff();
        for _ in 1..self.settings.max_attempts {
            match self.place(std::slice::from_ref(request), shutdown).await {
                Placed::Stuck(_) => pause(backoff.next_wait(), shutdown).await,
                placed => return placed,
            }
        }
        self.place(std::slice::from_ref(request), shutdown).await
    }

    /// Tells what became of each request, which takes it out of the log.
    async fn tell(&mut self, batch: &[Logged], placements: Vec<Placement>) -> Result<(), OrderLogError> {
        let mut outcomes = Vec::with_capacity(batch.len());
        for (logged, placement) in batch.iter().zip(placements) {
            self.meters.placed(logged, &placement);
            match verdict(placement) {
                Ok((verdict, replayed)) => {
                    let (order_id, entry) = (logged.request.order_id, logged.position);
                    outcomes.push(Outcome { order_id, entry, replayed, verdict });
                }
                Err(fault) => self.consumer.set_aside(logged, &fault.to_string()).await?,
            }
        }
        self.consumer.settle(&outcomes).await
    }

    fn backoff(&self) -> Backoff {
        let settings = &self.settings;
        Backoff::new(Duration::from_millis(settings.first_pause_ms), Duration::from_millis(settings.longest_pause_ms))
    }
}

/// What to tell the shopper, and whether it had been so before; an error when people must look at it.
fn verdict(placement: Placement) -> Result<(Verdict, bool), Invalid> {
    let settled = |order: PlacedOrder| Verdict::Settled(order);
    match placement {
        Placement::Placed(order) => Ok((settled(order), false)),
        Placement::Replayed(order) => Ok((settled(order), true)),
        Placement::KeyReused => Ok((Verdict::KeyReused, false)),
        Placement::Impossible(fault) => Err(fault),
    }
}

/// Waits, or less when it is time to stop.
async fn pause(time: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = shutdown.requested() => {}
    }
}
