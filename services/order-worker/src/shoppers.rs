//! What is owed to shoppers by the clock: a word before their hold ends, and being forgotten some time after the end.
//!
//! Every worker does this. The store lets each hold be told once, and each order be forgotten once, whoever comes first.

use std::time::Duration;

use halles_http::Shutdown;
use halles_store::{StoreError, Writer};

use crate::settings::ShopperSettings;
use crate::ticks::{Ticks, try_on};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Has shoppers reminded in time until asked to stop.
pub async fn remind(writer: Writer, settings: ShopperSettings, shutdown: Shutdown) {
    let before = Duration::from_millis(settings.remind_before_ms);
    let mut ticks = Ticks::every(settings.remind_interval_ms, &shutdown);
    while !before.is_zero() && ticks.next().await {
        try_on("reminding of holds", writer.remind_of_holds(before).await.map(drop));
    }
}

/// Forgets in time until asked to stop.
pub async fn forget(writer: Writer, settings: ShopperSettings, shutdown: Shutdown) {
    let mut ticks = Ticks::every(settings.forget_interval_ms, &shutdown);
    while settings.forget_after_days > 0 && ticks.next().await {
        try_on("forgetting who ordered", forget_due(&writer, &settings, &shutdown).await);
    }
}

async fn forget_due(writer: &Writer, settings: &ShopperSettings, shutdown: &Shutdown) -> Result<(), StoreError> {
    let batch = settings.forget_batch as usize;
    while !shutdown.is_requested() {
        let forgotten = writer.erase_contacts(DAY * settings.forget_after_days, batch).await?;
        if forgotten > 0 {
            tracing::info!(orders = forgotten, "it is forgotten who ordered");
        }
        if forgotten < batch {
            return Ok(());
        }
    }
    Ok(())
}
