//! The laws: which answers and which loads are right, by what the ledger knows.

use halles_cache::{CacheStatus, OriginError};
use tokio::time::Instant;

use super::{Answer, Client, Ledger, Load, Question};
use crate::model::rules::{self, LOAD_TIMEOUT, ROUNDING, UNDER_WAY};
use crate::model::spells::Excuse;
use crate::model::steps::{CLIENTS, KEYS, Mood};

impl Ledger {
    /// Checks what an instance has answered to the questions of one client, unless it was killed in the meantime.
    pub fn answered(&mut self, questions: &[Question], answers: Result<Vec<Answer>, OriginError>) {
        let Some(first) = questions.first().filter(|first| first.life == self.life(first.instance)) else { return };
        let took = first.asked_at.elapsed();
        if took > rules::LONGEST_ANSWER {
            self.breaks("2 (a cache failure is a miss)", &format!("{took:?} for {questions:?}"));
        }
        if took > rules::SWIFT_ANSWER && self.was_fine(questions, first.asked_at) {
            self.breaks("3 (nobody waits for nobody)", &format!("{took:?} for {questions:?}"));
        }
        self.told[first.instance].clients[first.client].waits = false;
        let may_fail = self.origin_failed(first.asked_at);
        let answers = match answers {
            Ok(answers) => answers,
            Err(_) if may_fail => return,
            Err(error) => {
                return self.breaks("2 (a cache failure is never an error)", &format!("{error:?} for {questions:?}"));
            }
        };
        for (question, answer) in questions.iter().zip(answers) {
            if let Err(why) = self.judge(question, &answer, may_fail) {
                self.breaks("4 (nothing older than promised)", &format!("{why}: {question:?} {answer:?}"));
            }
            let seen = &mut self.told[question.instance].clients[question.client].seen[question.key];
            *seen = answer.version.max(*seen);
            if matches!(answer.status, CacheStatus::Hit(_) | CacheStatus::Miss) {
                self.told[question.instance].kept.push((question.key, answer));
            }
        }
    }

    /// Whether nothing happened, from shortly before these things were asked for, that makes answers take their time.
    fn was_fine(&self, questions: &[Question], asked_at: Instant) -> bool {
        let (since, now) = (asked_at - rules::LEASE - LOAD_TIMEOUT, Instant::now());
        let is_calm = |question: &Question| !self.lags[question.key].touch(since, now);
        !self.origin_drags.touch(since, now)
            && !self.redis_is_bad.touch(since, now)
            && !self.deaths.touch(since, now)
            && !self.told.iter().any(|told| told.distrusts.touch(since, now))
            && questions.iter().all(is_calm)
    }

    fn judge(&self, question: &Question, answer: &Answer, may_fail: bool) -> Result<(), &'static str> {
        let (version, status, read_at) = (answer.version, answer.status, answer.freshness.read_at);
        let shown = |at| self.store.replica_at(question.key, at);
        if !(shown(read_at - ROUNDING)..=shown(read_at + Mood::Slow.takes() / 2 + ROUNDING)).contains(&version) {
            return Err("the replica did not show this version when it is said to have been read");
        }
        let age = question.asked_at.saturating_duration_since(read_at);
        let ttl = if version == 0 { rules::NEGATIVE_TTL } else { self.lives.ttl() };
        let is_old = version < question.floor;
        let is_back = version < question.seen;
        match status {
            CacheStatus::Hit(_) | CacheStatus::Miss if is_old => Err("served as fresh though known to be outdated"),
            CacheStatus::Revalidating(_) if is_old => Err("served while revalidating though known to be outdated"),
            CacheStatus::Hit(_) | CacheStatus::Miss | CacheStatus::Revalidating(_) if is_back => {
                Err("a client has gone back")
            }
            CacheStatus::Hit(_) | CacheStatus::Miss if age > ttl + ROUNDING => Err("served as fresh though too old"),
            // Whoever joins a refresh is shown what is there until that ends.
            CacheStatus::Revalidating(_) if age > ttl + self.lives.revalidate() + LOAD_TIMEOUT + UNDER_WAY => {
                Err("served while revalidating though too old")
            }
            CacheStatus::Lagging if age > rules::LAGGING + Mood::Slow.takes() + ROUNDING => {
                Err("served as lagging for too long")
            }
            CacheStatus::Stale if !may_fail => Err("served stale though the origin answers"),
            CacheStatus::Stale if age > ttl + rules::STALE + ROUNDING => Err("served stale though much too old"),
            _ => Ok(()),
        }
    }

    /// After everything has cleared up and been told, an instance serves what is there.
    pub fn has_recovered(&mut self, instance: usize) {
        for client in 0..CLIENTS {
            let Client { waits, seen } = self.told[instance].clients[client];
            if waits || (0..KEYS).any(|key| seen[key] != self.store.primary(key)) {
                self.breaks("4 (a change is seen)", &format!("client {client} of instance {instance}: {seen:?}"));
            }
        }
    }

    /// Whoever keeps an answer finds out by its freshness that it is outdated.
    pub(super) fn judge_kept(&mut self, instance: usize) {
        let told = &self.told[instance];
        let is_good = |(_, answer): &&(usize, Answer)| {
            Instant::now() < answer.freshness.fresh_until
                && told.counters.as_ref().is_some_and(|counters| counters.are_current(&answer.freshness.stamps))
        };
        let outdated = |(key, answer): &&(usize, Answer)| answer.version < self.floor(instance, *key);
        if let Some((key, answer)) = told.kept.iter().filter(is_good).find(outdated) {
            let how = format!("instance {instance}, key {key}: kept though known to be outdated: {answer:?}");
            self.breaks("4 (nothing older than promised)", &how);
        }
    }

    /// Whether a load of this process is rightful: once in a window, and once more for what has happened since. Why it
    /// is, if this process has loaded only just now.
    pub(super) fn judge_load(&mut self, instance: usize, key: usize) -> Result<Option<Excuse>, String> {
        let now = Instant::now();
        let mut excuse = None;
        if let Some((_, began_at)) = self.early_load(|load| load.key == key && load.instance == instance) {
            let (failed, lags_on) = (self.origin_failed(began_at), self.lags[key].touch(began_at, now));
            let told = &mut self.told[instance];
            let is_rightful =
                failed || told.distrusts.touch(began_at, now) || (lags_on && now >= began_at + rules::LAGGING);
            if !is_rightful {
                excuse = told.upsets[key].excuse(began_at, instance);
                excuse.ok_or_else(|| format!("this process loaded it {:?} ago", now - began_at))?;
            }
        }
        if let Some((other, began_at)) = self.early_load(|load| load.key == key && self.lives.shared) {
            let is_rightful = self.told.iter().any(|told| told.distrusts.touch(began_at, now))
                || self.origin_drags.touch(began_at - rules::FAILURE_PAUSE - LOAD_TIMEOUT, now)
                || self.redis_is_bad.touch(began_at - rules::LEASE * 2, now)
                || self.deaths.touch(began_at, now)
                || self.lags[key].touch(began_at, now)
                || self.upsets[key].excuse(began_at, instance).is_some();
            if !is_rightful {
                return Err(format!("instance {other} loaded it {:?} ago", now - began_at));
            }
        }
        Ok(excuse)
    }

    /// The last load of these, if nobody may renew yet what it brought, or is to bring.
    fn early_load(&self, is_meant: impl Fn(&Load) -> bool) -> Option<(usize, Instant)> {
        let counts = |load: &&Load| load.life == self.life(load.instance) && !load.is_overtaken && is_meant(load);
        let last = self.loads.iter().rfind(counts)?;
        let is_early = Instant::now() + ROUNDING < self.renewable_from(last);
        is_early.then_some((last.instance, last.began_at))
    }

    /// When what a load brings may be loaded again: at its end, or as long before as an early refresh may reach; in no
    /// case while it is still being loaded.
    fn renewable_from(&self, load: &Load) -> Instant {
        let ends_at = load.began_at + self.lives.freshness_window(load.saw.unwrap_or(1));
        let Some(loaded_at) = load.ended_at else { return ends_at };
        let reach = self.lives.early_reach(loaded_at - load.began_at + ROUNDING);
        ends_at.checked_sub(reach).map_or(loaded_at, |early| early.max(loaded_at))
    }

    /// Whether whoever began then may have met an origin that does not answer, or the pause after it.
    fn origin_failed(&self, began_at: Instant) -> bool {
        self.origin_fails.touch(began_at - rules::FAILURE_PAUSE - LOAD_TIMEOUT, Instant::now())
    }

    pub(super) fn breaks(&mut self, law: &str, how: &str) {
        self.broken.get_or_insert_with(|| format!("law {law} is broken: {how}"));
    }
}
