//! The way of one instance to Redis, which can be slow or cut.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use halles_cache::{Answer, Answers, Asker, Owner, Put, Question, RedisError, SharedEntries, Sighting};
use tokio::time::{sleep, timeout};

use super::origin::Books;
use super::rules::REDIS_PATIENCE;
use super::steps::Weather;
use crate::memory_tier::MemoryTier;

pub struct Wire {
    pub redis: Arc<MemoryTier>,
    pub books: Books,
    pub instance: usize,
    pub life: usize,
    /// The highest mark that this instance was told of.
    pub mark_ms: AtomicU64,
}

impl Wire {
    /// Carries questions there and the answers back. What was sent off arrives even if nobody waits for the answer any
    /// more, and even if the sender was killed; what is under way when the wire is cut does not.
    fn carry<T: Send + 'static>(
        &self,
        questions: usize,
        ask: impl FnOnce(&MemoryTier) -> Vec<T> + Send + 'static,
    ) -> Answers<'_, T> {
        Box::pin(async move {
            let answers = match self.weather() {
                Weather::Cut => Err(RedisError::Unavailable("cut".to_owned())),
                weather => self.send(weather, ask).await,
            };
            if self.books.open().life(self.instance) != self.life {
                pending().await
            }
            match answers {
                Ok(answers) => answers.into_iter().map(Ok).collect(),
                Err(error) => (0..questions).map(|_| Err(error.clone())).collect(),
            }
        })
    }

    async fn send<T: Send + 'static>(
        &self,
        weather: Weather,
        ask: impl FnOnce(&MemoryTier) -> T + Send + 'static,
    ) -> Result<T, RedisError> {
        let (redis, books, instance) = (Arc::clone(&self.redis), self.books.clone(), self.instance);
        let is_cut = move || books.open().weather(instance) == Weather::Cut;
        let under_way = tokio::spawn(async move {
            sleep(weather.takes()).await;
            if is_cut() {
                return None;
            }
            let answer = ask(&redis);
            sleep(weather.takes()).await;
            (!is_cut()).then_some(answer)
        });
        let arrived = timeout(REDIS_PATIENCE, under_way).await.map_err(|_| RedisError::Timeout)?;
        arrived.ok().flatten().ok_or_else(|| RedisError::Unavailable("cut".to_owned()))
    }

    fn weather(&self) -> Weather {
        self.books.open().weather(self.instance)
    }
}

impl SharedEntries for Wire {
    fn is_up(&self) -> bool {
        self.weather() != Weather::Cut
    }

    fn look_up<'a>(&'a self, asker: Asker, questions: &'a [Question]) -> Answers<'a, Sighting> {
        let asked = questions.to_vec();
        self.carry(questions.len(), move |redis| redis.look_up_now(asker, &asked))
    }

    fn put<'a>(&'a self, owner: Owner, puts: &'a [Put]) -> Answers<'a, ()> {
        let sent = puts.to_vec();
        self.carry(puts.len(), move |redis| {
            redis.put_now(owner, &sent);
            vec![(); sent.len()]
        })
    }

    fn bury<'a>(&'a self, tombstones: &'a [Put]) -> Answers<'a, ()> {
        let sent = tombstones.to_vec();
        self.carry(tombstones.len(), move |redis| {
            redis.bury_now(&sent);
            vec![(); sent.len()]
        })
    }

    fn release<'a>(&'a self, owner: Owner, names: &'a [String]) -> Answers<'a, ()> {
        let sent = names.to_vec();
        self.carry(names.len(), move |redis| {
            redis.release_now(owner, &sent);
            vec![(); sent.len()]
        })
    }

    fn distrust(&self, up_to_ms: u64) -> Answer<'_, u64> {
        let answers = self.carry(1, move |redis| vec![redis.distrust_now(up_to_ms)]);
        Box::pin(async move {
            let mark_ms = answers.await.pop().expect("one answer")?;
            if mark_ms > self.mark_ms.fetch_max(mark_ms, Ordering::AcqRel) {
                self.books.open().told_of_doubt(self.instance);
            }
            Ok(mark_ms)
        })
    }
}
