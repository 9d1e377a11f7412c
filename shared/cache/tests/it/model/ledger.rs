//! The reference: what happened, what everybody was told of it, and so what may be served and loaded.

mod laws;
mod losses;

use std::sync::Arc;

use halles_cache::{CacheStatus, ChangeCounters, Freshness};
pub use losses::Loss;
use tokio::time::Instant;

use super::rules;
use super::spells::{Excuse, Spells, Upsets};
use super::steps::{CLIENTS, INSTANCES, KEYS, LATENCY, Lives, Mood, Weather};
use super::store::Store;

/// Everything that happened, and the first law that was broken.
pub struct Ledger {
    pub store: Store,
    lives: Lives,
    told: Vec<Told>,
    loads: Vec<Load>,
    /// The origin fails, or does not answer in time.
    origin_fails: Spells,
    /// The origin answers later than others wait for whoever loads.
    origin_drags: Spells,
    weather: [Weather; INSTANCES],
    redis_is_bad: Spells,
    /// Whoever died may have held leases.
    deaths: Spells,
    /// The newest version of each thing that any instance has heard of.
    heard: [i64; KEYS],
    /// Somebody knows a version of this thing that the replica does not show yet.
    lags: [Spells; KEYS],
    /// When something happened that makes one more load of this thing rightful for the fleet.
    upsets: [Upsets; KEYS],
    /// When what Redis held of this thing was destroyed last.
    forgotten_at: [Option<Instant>; KEYS],
    broken: Option<String>,
}

/// What one instance was told since it began.
struct Told {
    /// Counts the instances that have had this place.
    life: usize,
    versions: [i64; KEYS],
    losses: Vec<(Instant, Loss)>,
    clients: [Client; CLIENTS],
    counters: Option<Arc<ChangeCounters>>,
    /// Answers that were as good as fresh, as somebody keeps them who makes pages of them.
    kept: Vec<(usize, Answer)>,
    /// The instance trusts nothing that it has.
    distrusts: Spells,
    /// When a version was told that is newer than what this instance has loaded itself.
    upsets: [Upsets; KEYS],
}

/// What a client of an instance does and knows.
#[derive(Debug, Clone, Copy, Default)]
struct Client {
    waits: bool,
    /// The newest version of each thing that it was shown.
    seen: [i64; KEYS],
}

/// One reading of one thing from the origin.
struct Load {
    instance: usize,
    life: usize,
    key: usize,
    began_at: Instant,
    /// A change overtook whoever loads, and somebody else in this process had begun for it already: no window begins.
    is_overtaken: bool,
    saw: Option<i64>,
    ended_at: Option<Instant>,
    /// What it brought was put into Redis: whoever is in doubt shares nothing.
    is_shared: bool,
}

/// A client's question for one thing.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub key: usize,
    instance: usize,
    life: usize,
    client: usize,
    asked_at: Instant,
    /// The least version that may be served, for the instance was told of it.
    floor: i64,
    /// The newest version that this client has seen, on this instance.
    seen: i64,
}

/// An answer to it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// 0 when there is no such thing.
    pub version: i64,
    pub status: CacheStatus,
    pub freshness: Freshness,
}

impl Ledger {
    pub fn new(lives: Lives) -> Self {
        Self {
            store: Store::new(),
            lives,
            told: (0..INSTANCES).map(|_| Told::new(0)).collect(),
            loads: Vec::new(),
            origin_fails: Spells::default(),
            origin_drags: Spells::default(),
            weather: [Weather::Fine; INSTANCES],
            redis_is_bad: Spells::default(),
            deaths: Spells::default(),
            heard: [0; KEYS],
            lags: Default::default(),
            upsets: Default::default(),
            forgotten_at: [None; KEYS],
            broken: None,
        }
    }

    /// The first law that was broken, and how.
    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    pub fn life(&self, instance: usize) -> usize {
        self.told[instance].life
    }

    /// An instance begins, with these counters of the changes that it hears of.
    pub fn begins(&mut self, instance: usize, counters: Arc<ChangeCounters>) {
        self.told[instance].counters = Some(counters);
    }

    pub fn origin(&mut self, mood: Mood) {
        self.origin_fails.set(matches!(mood, Mood::Away | Mood::Hanging));
        self.origin_drags.set(mood != Mood::Willing);
    }

    pub fn redis(&mut self, instance: usize, weather: Weather) {
        self.weather[instance] = weather;
        self.redis_is_bad.set(self.weather.iter().any(|weather| *weather != Weather::Fine));
    }

    pub fn weather(&self, instance: usize) -> Weather {
        self.weather[instance]
    }

    /// What Redis holds of a thing was destroyed.
    pub fn forgotten(&mut self, key: usize) {
        self.upsets[key].push();
        self.forgotten_at[key] = Some(Instant::now());
    }

    /// Another instance takes the place of one that was killed.
    pub fn replaced(&mut self, instance: usize) {
        self.told[instance] = Told::new(self.life(instance) + 1);
        self.deaths.until(Instant::now() + rules::LEASE + rules::UNDER_WAY);
    }

    /// An instance begins to take in a change.
    pub fn hears(&mut self, instance: usize, key: usize, version: i64) {
        let now = Instant::now();
        let life = self.life(instance);
        let newest_loaded = |own: bool| {
            let is_own = |load: &&Load| !own || (load.instance == instance && load.life == life);
            // What has only just been loaded may not be known to anybody yet.
            let is_settled = |load: &&Load| load.ended_at.is_some_and(|end| end + LATENCY * 4 <= now);
            // What Redis never held, or has forgotten, is news to it: the tombstone takes the lease from whoever loads
            // just now.
            let is_there = |load: &&Load| own || load.is_shared && Some(load.began_at) >= self.forgotten_at[key];
            let loads = self.loads.iter().filter(|load| load.key == key);
            let loads = loads.filter(is_own).filter(is_settled).filter(is_there);
            loads.filter_map(|load| load.saw).max().unwrap_or(0)
        };
        if version > newest_loaded(false) {
            self.upsets[key].push();
        }
        if version > newest_loaded(true) {
            self.told[instance].upsets[key].push();
        }
        self.heard[key] = version.max(self.heard[key]);
        self.look_for_lag(key);
    }

    /// An instance has taken in a change.
    pub fn told(&mut self, instance: usize, key: usize, version: i64) {
        let known = &mut self.told[instance].versions[key];
        *known = version.max(*known);
        self.judge_kept(instance);
    }

    /// The replica takes in the oldest transactions that it does not show.
    pub fn replicate(&mut self, transactions: usize) {
        for _ in 0..transactions {
            if let Some(key) = self.store.replicate_one() {
                self.look_for_lag(key);
            }
        }
    }

    /// The replica takes in what it may not be without any longer.
    pub fn replicate_overdue(&mut self) {
        while self.store.behind_since().is_some_and(|since| since.elapsed() >= rules::LONGEST_LAG) {
            self.replicate(1);
        }
    }

    fn look_for_lag(&mut self, key: usize) {
        self.lags[key].set(self.heard[key] > self.store.replica(key));
    }

    /// A client asks for things; none when it waits for an answer already.
    pub fn ask(&mut self, instance: usize, client: usize, keys: &[usize]) -> Option<Vec<Question>> {
        let told = &mut self.told[instance];
        if std::mem::replace(&mut told.clients[client].waits, true) {
            return None;
        }
        let (life, seen, asked_at) = (told.life, told.clients[client].seen, Instant::now());
        let floor = |key| self.floor(instance, key);
        let ask = |key: &usize| Question {
            key: *key,
            instance,
            life,
            client,
            asked_at,
            floor: floor(*key),
            seen: seen[*key],
        };
        Some(keys.iter().map(ask).collect())
    }

    /// A load begins; what it is to be called later.
    pub fn load_begins(&mut self, instance: usize, life: usize, key: usize) -> usize {
        let mut is_overtaken = false;
        if life == self.life(instance) {
            match self.judge_load(instance, key) {
                Ok(excuse) => is_overtaken = excuse == Some(Excuse::Overtaken),
                Err(why) => {
                    self.breaks("3 (one origin read per window)", &format!("instance {instance}, key {key}: {why}"));
                }
            }
        }
        let began_at = Instant::now();
        let load = Load { instance, life, key, began_at, is_overtaken, saw: None, ended_at: None, is_shared: false };
        self.loads.push(load);
        self.loads.len() - 1
    }

    /// The replica looks for what a load wants.
    pub fn load_sees(&mut self, load: usize) -> i64 {
        let version = self.store.replica(self.loads[load].key);
        self.loads[load].saw = Some(version);
        version
    }

    /// What a load wanted has come.
    pub fn load_ends(&mut self, load: usize) {
        let now = Instant::now();
        let load = &mut self.loads[load];
        load.ended_at = Some(now);
        load.is_shared = !self.told[load.instance].distrusts.touch(load.began_at, now);
    }
}

impl Told {
    fn new(life: usize) -> Self {
        Self {
            life,
            versions: [0; KEYS],
            losses: Vec::new(),
            clients: Default::default(),
            counters: None,
            kept: Vec::new(),
            distrusts: Spells::default(),
            upsets: Default::default(),
        }
    }
}
