//! The beats of a server: each worker's own, which tells how much waits in front of its door, and the one at which the
//! ladder is told how things are.

use std::rc::Weak;
use std::sync::Arc;
use std::time::Duration;

use halles_resilience::Strain;
use tokio::time::{Instant, sleep_until};

use crate::admission::Admission;
use crate::door::Porter;
use crate::rungs::Rungs;
use crate::waiting_room::ROOM_BEAT;

/// How often a worker should come round: many times within what a person calls at once.
const WORKER_BEAT: Duration = Duration::from_millis(50);

/// How often the ladder looks: some times within the shortest strain that moves it.
const LADDER_BEAT: Duration = Duration::from_millis(250);

/// Keeps the beat of a worker, on its own thread, for as long as it lives.
pub(crate) async fn keep_worker_beat(porter: Weak<Porter>) {
    loop {
        let due = Instant::now() + WORKER_BEAT;
        sleep_until(due).await;
        let Some(porter) = porter.upgrade() else { return };
        porter.heed(due.elapsed());
    }
}

/// Tells the ladder how things are, until it is aborted.
pub(crate) async fn keep_ladder_beat(admission: Arc<Admission>, rungs: Arc<Rungs>) {
    let mut before = admission.counts();
    loop {
        tokio::time::sleep(LADDER_BEAT).await;
        let strain = admission.strain_since(&before);
        before = admission.counts();
        rungs.feel(strain);
    }
}

/// Tells the waiting room how things are, until it is aborted. A server that has nobody waiting in front of it has none.
pub(crate) async fn keep_room_beat(admission: Arc<Admission>) {
    let Some(room) = admission.room() else { return };
    let mut before = admission.counts();
    loop {
        let at_ease = !matches!(admission.strain_since(&before), Strain::Refusing(_));
        before = admission.counts();
        room.beat(admission.ladder(), at_ease).await;
        tokio::time::sleep(ROOM_BEAT).await;
    }
}
