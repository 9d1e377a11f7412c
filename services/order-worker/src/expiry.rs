//! Holds that have ended: their pieces go back to the stalls, and from there to those who wait for them. Queues are looked
//! after as well: nobody waits longer than was said, and a listing that was changed is noticed.
//!
//! Every worker does this, whether it leads the order log or not: the store lets several do it at once, and holds must
//! end even while the log is away.

use halles_http::Shutdown;
use halles_store::{StoreError, Writer};
use opentelemetry::metrics::Counter;

use crate::settings::PlacingSettings;
use crate::ticks::{Ticks, try_on};

/// Ends holds and waits in time until asked to stop.
pub async fn run(writer: Writer, settings: PlacingSettings, shutdown: Shutdown) {
    let expired = opentelemetry::global::meter("halles")
        .u64_counter("orders_expired")
        .with_description("Orders whose pieces went back because no payment came in time")
        .build();
    expired.add(0, &[]);
    let mut ticks = Ticks::every(settings.expiry_interval_ms, &shutdown);
    while ticks.next().await {
        try_on("holds and queues", look_after(&writer, settings.expiry_batch as usize, &expired).await);
    }
}

/// Ends every hold that is due, batch by batch, and has the queues reviewed.
async fn look_after(writer: &Writer, batch: usize, expired: &Counter<u64>) -> Result<(), StoreError> {
    loop {
        let ended = writer.expire_holds(batch).await?;
        if ended > 0 {
            expired.add(ended as u64, &[]);
            tracing::info!(orders = ended, "holds have ended; their pieces are back on the stalls");
        }
        if ended < batch {
            return writer.review_waitlists().await.map(drop);
        }
    }
}
