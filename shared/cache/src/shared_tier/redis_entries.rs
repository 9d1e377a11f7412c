//! The shared entries in the cache Redis: each step is one script, so it happens at once.
//!
//! Everything goes out together and comes back together, in the time of one round trip: one call on a single server, one
//! for each slot in a cluster. A node that does not answer makes misses of its own keys only.

use std::time::Duration;

use halles_redis::{Connection, Keys, RedisError, scripts};
use redis::{FromRedisValue, Script, ScriptInvocation};

use super::entries::{Answer, Answers, Asker, Lease, Owner, Put, Question, Seen, SharedEntries, Sighting};
use super::envelope;

/// The most entries that go into one call: beyond it, one call would hold up everybody else's for milliseconds.
const MAX_ENTRIES_AT_ONCE: usize = 500;

/// Entries and leases in Redis.
pub(super) struct RedisEntries {
    connection: Connection,
    keys: Keys,
    look_up: Script,
    put_newer: Script,
    release: Script,
    distrust: Script,
}

impl RedisEntries {
    pub(super) fn new(connection: Connection, keys: Keys) -> Self {
        let (look_up, put_newer, release) = (scripts::look_up(), scripts::put_newer(), scripts::release());
        Self { connection, keys, look_up, put_newer, release, distrust: scripts::distrust() }
    }

    /// Makes one call for each group of names that can be asked for together, and brings the answers into their order:
    /// `split` says what a group's answer means for each of its names.
    async fn call<'a, T: FromRedisValue, U>(
        &'a self,
        names: &[&str],
        make_call: impl Fn(&[usize]) -> ScriptInvocation<'a>,
        split: impl Fn(T, usize) -> Vec<U>,
    ) -> Vec<Result<U, RedisError>> {
        let keys: Vec<String> = names.iter().map(|name| self.keys.cache_entry(name)).collect();
        let by_slot = self.connection.group_by_slot(&keys);
        let groups: Vec<&[usize]> = by_slot.iter().flat_map(|group| group.chunks(MAX_ENTRIES_AT_ONCE)).collect();
        let calls: Vec<_> = groups.iter().map(|group| make_call(group)).collect();
        let answers = self.connection.invoke_all::<T>(&calls).await;
        let mut sorted: Vec<Option<Result<U, RedisError>>> = names.iter().map(|_| None).collect();
        for (group, answer) in groups.into_iter().zip(answers) {
            match answer {
                Ok(answer) => {
                    for (place, one) in group.iter().zip(split(answer, group.len())) {
                        sorted[*place] = Some(Ok(one));
                    }
                }
                Err(error) => group.iter().for_each(|place| sorted[*place] = Some(Err(error.clone()))),
            }
        }
        let unanswered = || Err(RedisError::Unexpected("fewer answers than questions".to_owned()));
        sorted.into_iter().map(|one| one.unwrap_or_else(unanswered)).collect()
    }

    /// Names an entry and its lease in a call.
    fn name<'a, 'b>(&self, call: &'a mut ScriptInvocation<'b>, name: &str) -> &'a mut ScriptInvocation<'b> {
        call.key(self.keys.cache_entry(name)).key(self.keys.cache_lease(name))
    }

    async fn write(&self, how: &str, owner: Option<Owner>, puts: &[Put]) -> Vec<Result<(), RedisError>> {
        let names: Vec<&str> = puts.iter().map(|put| put.name.as_str()).collect();
        let make_call = |group: &[usize]| {
            let mut call = self.put_newer.prepare_invoke();
            call.arg(how).arg(owner.map_or_else(String::new, |Owner(owner)| owner.to_string()));
            for put in group.iter().map(|place| &puts[*place]) {
                self.name(&mut call, &put.name).arg(in_ms(put.life)).arg(envelope::encode(&put.entry));
            }
            call
        };
        self.call(&names, make_call, |_written: u64, count| vec![(); count]).await
    }
}

impl SharedEntries for RedisEntries {
    fn is_up(&self) -> bool {
        self.connection.is_up()
    }

    fn look_up<'a>(&'a self, asker: Asker, questions: &'a [Question]) -> Answers<'a, Sighting> {
        Box::pin(async move {
            let names: Vec<&str> = questions.iter().map(|question| question.name.as_str()).collect();
            let make_call = |group: &[usize]| {
                let mut call = self.look_up.prepare_invoke();
                call.arg(asker.owner.0).arg(in_ms(asker.lease_life)).arg(asker.format);
                for question in group.iter().map(|place| &questions[*place]) {
                    self.name(&mut call, &question.name).arg(question.at_least.get()).arg(question.read_after_ms);
                }
                call
            };
            let split = |answers: Vec<(Option<Vec<u8>>, u8)>, _| {
                answers.into_iter().map(|(entry, lease)| sighting(asker.format, entry, lease)).collect()
            };
            self.call(&names, make_call, split).await
        })
    }

    fn put<'a>(&'a self, owner: Owner, puts: &'a [Put]) -> Answers<'a, ()> {
        Box::pin(self.write("put", Some(owner), puts))
    }

    fn bury<'a>(&'a self, tombstones: &'a [Put]) -> Answers<'a, ()> {
        Box::pin(self.write("bury", None, tombstones))
    }

    fn release<'a>(&'a self, owner: Owner, names: &'a [String]) -> Answers<'a, ()> {
        Box::pin(async move {
            let name_refs: Vec<&str> = names.iter().map(String::as_str).collect();
            let make_call = |group: &[usize]| {
                let mut call = self.release.prepare_invoke();
                call.arg(owner.0);
                group.iter().for_each(|place| {
                    call.key(self.keys.cache_lease(&names[*place]));
                });
                call
            };
            self.call(&name_refs, make_call, |_released: u64, count| vec![(); count]).await
        })
    }

    fn distrust(&self, up_to_ms: u64) -> Answer<'_, u64> {
        Box::pin(async move {
            let mut call = self.distrust.prepare_invoke();
            self.connection.invoke(call.key(self.keys.cache_distrusted()).arg(up_to_ms)).await
        })
    }
}

fn sighting(format: u8, entry: Option<Vec<u8>>, lease: u8) -> Sighting {
    let seen = match entry {
        None => Seen::Nothing,
        Some(bytes) => envelope::decode(bytes, format).map_or(Seen::Garbage, Seen::Entry),
    };
    let lease = match lease {
        0 => Lease::NotNeeded,
        1 => Lease::Granted,
        _ => Lease::Held,
    };
    Sighting { seen, lease }
}

/// Redis refuses a life of nothing.
fn in_ms(life: Duration) -> u64 {
    u64::try_from(life.as_millis()).unwrap_or(u64::MAX).max(1)
}
