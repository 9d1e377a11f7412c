//! Carries outcomes from the outcome stream into the waiting room of one order service.

use std::time::Duration;

use halles_redis::{Connection, Keys};
use halles_resilience::Backoff;

use super::{OrderLogError, OrderLogSettings, WaitingRoom, stream};

/// How long one look may wait for the first outcome.
const BLOCK: Duration = Duration::from_secs(1);

/// Follows the outcome stream, from its end at the time of the start. After an interruption it goes on where it was:
/// what was told in between is told late, unless it is more than the stream keeps.
#[derive(Debug)]
pub struct Follower {
    connection: Connection,
    keys: Keys,
    room: WaitingRoom,
    /// The last outcome seen; unknown until the log has been reached once.
    last: Option<String>,
}

impl Follower {
    /// Connects over a connection of its own, since following blocks it, and finds the end of the stream, so that
    /// nothing told after this returns is missed.
    pub async fn connect(settings: &OrderLogSettings, room: WaitingRoom) -> Result<Self, OrderLogError> {
        let waiting = settings.redis.blocking_for(BLOCK);
        let connection = Connection::connect("order_outcomes", &settings.redis_url, &waiting).await?;
        let keys = Keys::new(&settings.key_prefix);
        let last = stream::fetch_last_outcome(&connection, &keys).await.ok();
        Ok(Self { connection, keys, room, last })
    }

    /// Follows until the task is dropped. While the log is away nobody is told anything, and waiters run into their budget.
    pub async fn run(mut self) {
        let mut backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(1));
        loop {
            match self.follow_once().await {
                Ok(()) => backoff.reset(),
                Err(error) => {
                    tracing::debug!(%error, "cannot follow the outcomes; trying on");
                    backoff.wait().await;
                }
            }
        }
    }

    async fn follow_once(&mut self) -> Result<(), OrderLogError> {
        let last = match &mut self.last {
            Some(last) => last,
            none => none.insert(stream::fetch_last_outcome(&self.connection, &self.keys).await?),
        };
        for outcome in stream::read_outcomes(&self.connection, &self.keys, last, BLOCK).await? {
            self.room.tell(outcome);
        }
        Ok(())
    }
}
