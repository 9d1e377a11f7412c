//! The waiting room's book in the cache Redis: one small hash for the fleet, touched once a second by each instance and once
//! for each newcomer.

use halles_redis::{Connection, Keys, RedisError, scripts};
use halles_resilience::waiting_room::{LONGEST_STEP_MS, REMEMBERED_MS, SILENT_AFTER_MS, STAYS_OPEN_MS};
use halles_resilience::{DeskAnswer, DeskAway, Given, OwnDesk, RoomBeat, RoomBook, RoomDesk, Speaker};
use redis::Script;

use crate::CacheSettings;
use crate::wall_clock::machine_unix_ms;

/// The desk that the settings name, for an instance of this service: in the cache Redis, or this process's own where there
/// is none.
pub async fn room_desk(settings: &CacheSettings, service: &str) -> Result<Box<dyn RoomDesk>, RedisError> {
    if settings.redis_url.is_empty() {
        return Ok(Box::new(OwnDesk::new(|| u64::try_from(machine_unix_ms()).unwrap_or_default())));
    }
    // A name for as long as this process lives: one that comes after it is another instance.
    let speaker = Speaker { service: service.to_owned(), instance: format!("{:016x}", rand::random::<u64>()) };
    Ok(Box::new(SharedRoomDesk::connect(settings, speaker).await?))
}

/// The desk of a fleet, as one of its instances uses it.
pub struct SharedRoomDesk {
    connection: Connection,
    key: String,
    speaker: Speaker,
    room: Script,
    /// The clock; the server's own when there is none.
    now_ms: Option<fn() -> u64>,
}

impl SharedRoomDesk {
    /// Connects to the cache Redis. One that is away is no error: the rooms then go on by the clock.
    pub async fn connect(settings: &CacheSettings, speaker: Speaker) -> Result<Self, RedisError> {
        let connection = Connection::connect("waiting_room", &settings.redis_url, &settings.redis).await?;
        let key = Keys::new(&settings.key_prefix).waiting_room();
        Ok(Self { connection, key, speaker, room: scripts::room(), now_ms: None })
    }

    /// The same by another clock, for tests.
    #[must_use]
    pub fn with_clock(self, now_ms: fn() -> u64) -> Self {
        Self { now_ms: Some(now_ms), ..self }
    }

    fn now(&self) -> String {
        self.now_ms.map(|now_ms| now_ms().to_string()).unwrap_or_default()
    }
}

impl RoomDesk for SharedRoomDesk {
    fn advance(&self, beat: RoomBeat) -> DeskAnswer<'_, RoomBook> {
        Box::pin(async move {
            let Speaker { service, instance } = &self.speaker;
            let mut call = self.room.key(&self.key);
            call.arg("advance").arg(self.now()).arg(format!("{service}:{instance}"));
            call.arg(u8::from(beat.wants_open)).arg(u8::from(beat.is_by_hand)).arg(u8::from(beat.at_ease));
            call.arg(beat.per_second).arg(beat.air_at_ms.map(|at| at.to_string()).unwrap_or_default());
            call.arg(STAYS_OPEN_MS).arg(REMEMBERED_MS).arg(LONGEST_STEP_MS).arg(SILENT_AFTER_MS);
            let book: Vec<u64> = self.connection.invoke(&call).await.map_err(|error| away(&error))?;
            read(&book)
        })
    }

    fn look(&self) -> DeskAnswer<'_, RoomBook> {
        Box::pin(async move {
            let mut call = self.room.key(&self.key);
            call.arg("look").arg(self.now());
            let book: Vec<u64> = self.connection.invoke(&call).await.map_err(|error| away(&error))?;
            read(&book)
        })
    }

    fn give(&self) -> DeskAnswer<'_, Given> {
        Box::pin(async move {
            let mut call = self.room.key(&self.key);
            call.arg("give").arg(self.now());
            let (kind, epoch, number): (String, u64, u64) =
                self.connection.invoke(&call).await.map_err(|error| away(&error))?;
            Ok(if kind == "pool" { Given::Pool { epoch } } else { Given::Number { epoch, number } })
        })
    }
}

/// The book as the script tells it.
fn read(book: &[u64]) -> Result<RoomBook, DeskAway> {
    let [epoch, open_until_ms, air_at_ms, ahead_of_pool, pool, issued, serving_milli, advanced_at_ms] = *book else {
        return Err(DeskAway("it says something else".to_owned()));
    };
    Ok(RoomBook { epoch, open_until_ms, air_at_ms, ahead_of_pool, pool, issued, serving_milli, advanced_at_ms })
}

fn away(error: &RedisError) -> DeskAway {
    DeskAway(error.to_string())
}
