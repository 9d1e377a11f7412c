//! The fleet of the model: instances with the real cache, their clients, and what they hear of changes.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use halles_cache::{CacheSettings, EntrySettings, SharedTier, Surroundings, TieredCache, WallClock};
use halles_domain::Version;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep};

use super::ledger::{Answer, Ledger, Loss};
use super::origin::{Books, ModelOrigin};
use super::rules;
use super::steps::{CLIENTS, INSTANCES, KEYS, Mood, Plan, Step, Weather};
use super::wire::Wire;
use crate::memory_tier::MemoryTier;

/// Lives through a plan; the error is the first law that was broken.
pub async fn live_through(plan: &Plan) -> Result<(), String> {
    let mut fleet = Fleet::new(plan);
    for step in &plan.steps {
        fleet.take(*step).await;
        fleet.check()?;
    }
    fleet.recover().await;
    fleet.check()
}

struct Fleet {
    books: Books,
    redis: Arc<MemoryTier>,
    mood: watch::Sender<Mood>,
    settings: CacheSettings,
    clock: WallClock,
    shared: bool,
    /// Every change that was ever committed, in order, and when.
    stream: Vec<(usize, i64, Instant)>,
    instances: Vec<Process>,
}

struct Process {
    cache: TieredCache<ModelOrigin>,
    news: mpsc::UnboundedSender<News>,
    following: JoinHandle<()>,
    /// How many changes of the stream it was sent.
    place: usize,
}

enum News {
    Changes(Vec<(usize, i64)>),
    Lost(Loss),
}

impl Fleet {
    fn new(plan: &Plan) -> Self {
        let mut fleet = Self {
            books: Books::new(Ledger::new(plan.lives)),
            redis: Arc::default(),
            mood: watch::Sender::new(Mood::Willing),
            settings: settings(plan),
            clock: WallClock::new(),
            shared: plan.lives.shared,
            stream: Vec::new(),
            instances: Vec::new(),
        };
        fleet.instances = (0..INSTANCES).map(|instance| fleet.begin(instance)).collect();
        fleet
    }

    fn begin(&self, instance: usize) -> Process {
        let life = self.books.open().life(instance);
        let wire = Wire {
            redis: Arc::clone(&self.redis),
            books: self.books.clone(),
            instance,
            life,
            mark_ms: AtomicU64::new(0),
        };
        let tier = self.shared.then(|| SharedTier::over(Arc::new(wire), self.clock.clone(), &self.settings));
        let surroundings = Surroundings::new(&self.settings, tier);
        self.books.open().begins(instance, surroundings.counters());
        let origin = ModelOrigin { books: self.books.clone(), instance, life, mood: self.mood.subscribe() };
        let cache = TieredCache::new(origin, self.settings.listing.clone(), &surroundings);
        let (news, inbox) = mpsc::unbounded_channel();
        let following = tokio::spawn(follow(cache.clone(), self.books.clone(), instance, inbox));
        let place = self.older_than(rules::LOOK_BACK);
        Process { cache, news, following, place }
    }

    /// How many changes were committed longer ago than this.
    fn older_than(&self, age: Duration) -> usize {
        self.stream.partition_point(|(_, _, at)| at.elapsed() > age)
    }

    fn check(&self) -> Result<(), String> {
        self.books.open().broken().map_or(Ok(()), |how| Err(how.to_owned()))
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Write { key } => self.write(key),
            Step::Replicate { transactions } => self.books.open().replicate(transactions),
            Step::Deliver { instance, messages } => self.deliver(instance, messages),
            Step::Repeat { instance, messages } => {
                // What is told again was told a moment ago, not longer ago than a cache remembers.
                let oldest = self.older_than(rules::REMEMBER);
                let place = &mut self.instances[instance].place;
                *place = place.saturating_sub(messages).max(oldest).min(*place);
                self.deliver(instance, messages);
            }
            Step::Lose { instance } => {
                let process = &mut self.instances[instance];
                process.place = self.stream.len();
                let _ = process.news.send(News::Lost(self.books.open().loss()));
            }
            Step::Read { instance, client, keys } => {
                let keys = (0..KEYS).filter(|key| keys & (1 << key) != 0).collect();
                self.read(instance, client, keys);
            }
            Step::Rush { key } => {
                for instance in 0..INSTANCES {
                    (0..CLIENTS).for_each(|client| self.read(instance, client, vec![key]));
                }
            }
            Step::Pass { ms } => self.pass(Duration::from_millis(ms)).await,
            Step::Origin(mood) => self.origin(mood),
            Step::Redis { instance, weather } => self.books.open().redis(instance, weather),
            Step::Flush => {
                self.redis.flush();
                (0..KEYS).for_each(|key| self.books.open().forgotten(key));
            }
            Step::Garble { key } => {
                self.redis.garble(&format!("thing:{key}"));
                self.books.open().forgotten(key);
            }
            Step::Crash { instance } => self.crash(instance),
        }
        self.deliver_overdue();
        // Whoever was woken goes on, without time passing.
        for _ in 0..4 {
            yield_now().await;
        }
    }

    /// Lets time pass, in pieces between which nothing becomes long overdue.
    async fn pass(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            sleep(rules::LONGEST_LAG.min(end - Instant::now())).await;
            self.deliver_overdue();
        }
    }

    fn deliver_overdue(&mut self) {
        for instance in 0..INSTANCES {
            let overdue = self.older_than(rules::LONGEST_DELAY).saturating_sub(self.instances[instance].place);
            self.deliver(instance, overdue);
        }
    }

    fn write(&mut self, key: usize) {
        let version = self.books.open().store.write(key);
        self.stream.push((key, version, Instant::now()));
        let books = self.books.clone();
        tokio::spawn(async move {
            sleep(rules::LONGEST_LAG).await;
            books.open().replicate_overdue();
        });
    }

    fn deliver(&mut self, instance: usize, messages: usize) {
        let process = &mut self.instances[instance];
        let end = self.stream.len().min(process.place + messages);
        let changes: Vec<_> =
            self.stream[process.place..end].iter().map(|(key, version, _)| (*key, *version)).collect();
        process.place = end;
        if !changes.is_empty() {
            let _ = process.news.send(News::Changes(changes));
        }
    }

    fn read(&self, instance: usize, client: usize, keys: Vec<usize>) {
        let Some(questions) = self.books.open().ask(instance, client, &keys) else { return };
        let (cache, books) = (self.instances[instance].cache.clone(), self.books.clone());
        tokio::spawn(async move {
            let answers = cache.get_many(&keys).await.map(|found| {
                let answers = found.into_iter().map(|found| Answer {
                    version: found.value.map_or(0, |thing| thing.version),
                    status: found.status,
                    freshness: found.freshness,
                });
                answers.collect()
            });
            books.open().answered(&questions, answers);
        });
    }

    fn origin(&self, mood: Mood) {
        self.books.open().origin(mood);
        self.mood.send_replace(mood);
    }

    fn crash(&mut self, instance: usize) {
        self.books.open().replaced(instance);
        let newcomer = self.begin(instance);
        let killed = std::mem::replace(&mut self.instances[instance], newcomer);
        killed.following.abort();
    }

    /// The weather clears up: soon everybody serves what was committed last.
    async fn recover(&mut self) {
        self.origin(Mood::Willing);
        for instance in 0..INSTANCES {
            self.books.open().redis(instance, Weather::Fine);
            self.deliver(instance, self.stream.len());
        }
        sleep(rules::REMEMBER + rules::LONGEST_ANSWER).await;
        for instance in 0..INSTANCES {
            (0..CLIENTS).for_each(|client| self.read(instance, client, (0..KEYS).collect()));
        }
        sleep(rules::LONGEST_ANSWER).await;
        for instance in 0..INSTANCES {
            self.books.open().has_recovered(instance);
        }
    }
}

/// Takes in what an instance hears, one after the other, until it is killed.
async fn follow(
    cache: TieredCache<ModelOrigin>,
    books: Books,
    instance: usize,
    mut inbox: mpsc::UnboundedReceiver<News>,
) {
    while let Some(news) = inbox.recv().await {
        match news {
            News::Changes(changes) => {
                changes.iter().for_each(|(key, version)| books.open().hears(instance, *key, *version));
                let versions: Vec<_> =
                    changes.iter().map(|(key, version)| (*key, Some(Version::new(*version)))).collect();
                cache.invalidate_many(&versions).await;
                changes.iter().for_each(|(key, version)| books.open().told(instance, *key, *version));
            }
            News::Lost(loss) => {
                cache.distrust();
                books.open().told_of_loss(instance, loss);
            }
        }
    }
}

fn settings(plan: &Plan) -> CacheSettings {
    let millis = |time: Duration| u64::try_from(time.as_millis()).expect("some seconds");
    let lives = &plan.lives;
    CacheSettings {
        listing: EntrySettings {
            ttl_ms: lives.ttl_ms,
            negative_ttl_ms: millis(rules::NEGATIVE_TTL),
            stale_if_error_ms: millis(rules::STALE),
            stale_while_revalidate_ms: lives.revalidate_ms,
            lagging_ms: millis(rules::LAGGING),
            early_refresh_percent: lives.early_refresh_percent,
            jitter_percent: lives.jitter_percent,
            ..CacheSettings::default().listing
        },
        load_timeout_ms: millis(rules::LOAD_TIMEOUT),
        failure_pause_ms: millis(rules::FAILURE_PAUSE),
        remember_versions_ms: millis(rules::REMEMBER),
        settle_ms: millis(rules::SETTLE),
        lease_ms: millis(rules::LEASE),
        lease_wait_ms: millis(rules::LEASE_WAIT),
        ..CacheSettings::default()
    }
}
