//! The waiting room's book in Redis keeps the same rules as the one in memory.

use std::sync::atomic::{AtomicU64, Ordering};

use halles_cache::{CacheSettings, SharedRoomDesk};
use halles_redis::RedisSettings;
use halles_resilience::{Given, OwnDesk, RoomBeat, RoomDesk, Speaker};
use halles_testkit::TestRedis;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

static NOW: AtomicU64 = AtomicU64::new(1_780_574_400_000);

/// Three services, one of which has a single instance.
const FLEET: [(&str, &str); 6] =
    [("listing", "1"), ("listing", "2"), ("listing", "3"), ("search", "1"), ("search", "2"), ("order", "1")];

fn now() -> u64 {
    NOW.load(Ordering::SeqCst)
}

fn speaker((service, instance): (&str, &str)) -> Speaker {
    Speaker { service: service.to_owned(), instance: instance.to_owned() }
}

fn settings(redis: &TestRedis) -> CacheSettings {
    CacheSettings {
        redis_url: redis.url.as_str().into(),
        key_prefix: redis.prefix.clone(),
        // Twenty thousand answers in a row, none of which is missed because the machine is busy.
        redis: RedisSettings { response_timeout_ms: 10_000, ..RedisSettings::for_cache() },
        ..CacheSettings::default()
    }
}

/// Random evenings of a fleet, lived through by both desks: every answer is the same.
#[tokio::test]
async fn the_script_and_the_rules_agree_on_every_evening() {
    let redis = TestRedis::cache();
    for seed in 0..20 {
        let mut evening = StdRng::seed_from_u64(seed);
        let mut settings = settings(&redis);
        settings.key_prefix = format!("{}{seed}:", redis.prefix);
        let mut fleet = Vec::new();
        for name in FLEET {
            let desk = SharedRoomDesk::connect(&settings, speaker(name)).await.expect("a desk");
            fleet.push((speaker(name), desk.with_clock(now)));
        }
        let own = OwnDesk::new(now);
        for step in 0..60 {
            // Now and then so long that the room closes, or that it is forgotten; mostly less than silence takes.
            let pause = if evening.random_bool(0.03) { 1_000_000 } else { 2_500 };
            NOW.fetch_add(evening.random_range(0..pause), Ordering::SeqCst);
            let (speaker, shared) = &fleet[evening.random_range(0..fleet.len())];
            let beat = RoomBeat {
                wants_open: evening.random_bool(0.6),
                is_by_hand: evening.random_bool(0.2),
                at_ease: evening.random_bool(0.7),
                per_second: evening.random_range(0.1..80.0),
                air_at_ms: evening.random_bool(0.1).then(|| now() + evening.random_range(0..20_000)),
            };
            let (theirs, ours) = (shared.advance(beat).await.expect("Redis"), own.advance_as(speaker, beat));
            assert_eq!(theirs, ours, "evening {seed}, step {step}, {speaker:?}, {beat:?}");
            for _ in 0..evening.random_range(0..30) {
                assert_eq!(shared.give().await.expect("Redis"), own.give().await.expect("memory"));
            }
            assert_eq!(shared.look().await.expect("Redis"), own.look().await.expect("memory"));
        }
    }
}

/// Two instances, one crowd: no number is given twice.
#[tokio::test]
async fn two_instances_give_no_number_twice() {
    let redis = TestRedis::cache();
    let settings = settings(&redis);
    let one = SharedRoomDesk::connect(&settings, speaker(FLEET[0])).await.expect("a desk");
    let other = SharedRoomDesk::connect(&settings, speaker(FLEET[1])).await.expect("a desk");
    let beat = RoomBeat { wants_open: true, is_by_hand: true, at_ease: true, per_second: 1.0, air_at_ms: None };
    one.advance(beat).await.expect("Redis");
    let mut numbers = Vec::new();
    for desk in [&one, &other].into_iter().cycle().take(100) {
        let Given::Number { number, .. } = desk.give().await.expect("Redis") else { panic!("there is no show") };
        numbers.push(number);
    }
    assert_eq!(numbers, (1..=100).collect::<Vec<u64>>());
    let (one, other) = (one.advance(beat).await.expect("Redis"), other.advance(beat).await.expect("Redis"));
    assert_eq!((one.epoch, one.issued, other.issued), (other.epoch, 100, 100));
}
