//! The open-arrival driver: what it must see that a driver who waits does not.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use halles_loadtest::arrivals::{Ask, Driver, Ending, Live, Measured, Schedule, Spacing, Target};
use halles_loadtest::event::Curve;

use crate::known_server::{Manner, serve};

const SIGN: &str = "the right page";

fn driver(address: SocketAddr) -> Driver {
    let target = Target::parse(&format!("http://{address}")).expect("an address");
    Driver { target, workers: 2, max_in_flight: 5_000, patience: Duration::from_secs(10), live: Live::default() }
}

/// So many requests a second, for so long.
fn steady(per_second: f64, seconds: f64) -> Schedule {
    let curve = Curve::through([(0.0, per_second * 60.0), (seconds / 60.0, per_second * 60.0)]).expect("a curve");
    Schedule::new(curve, 1.0, 1.0, Spacing::Even)
}

fn ask() -> Ask {
    Ask::page(0, "/", SIGN)
}

/// The last one may be due just at the end, or just behind it.
fn is_about(count: u64, due: u64) -> bool {
    (due - 1..=due).contains(&count)
}

fn run(driver: &Driver, schedule: Schedule) -> Measured {
    driver.run(schedule, 1, |_| ask()).expect("a run")
}

/// What a driver sees that sends its next request when the last one was answered.
fn ask_one_after_the_other(address: SocketAddr, time: Duration) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let (began, mut latencies) = (Instant::now(), Vec::new());
    let mut buffer = [0; 4_096];
    while began.elapsed() < time {
        let sent = Instant::now();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
        let mut received = 0;
        while received == 0 || !buffer[..received].ends_with(SIGN.as_bytes()) {
            received += stream.read(&mut buffer[received..]).expect("an answer");
        }
        latencies.push(sent.elapsed());
    }
    latencies.sort_unstable();
    latencies
}

#[test]
fn a_pause_of_a_second_shows_in_p99_though_a_driver_who_waits_misses_it() {
    let pause = Some((Duration::from_millis(1_000), Duration::from_millis(2_000)));
    let measured = run(&driver(serve(Manner { pause, ..Manner::default() })), steady(300.0, 3.0));
    let tally = &measured.tallies[0];
    assert!(is_about(tally.total(), 900));
    assert_eq!((tally.count(Ending::Right), measured.dropped), (tally.total(), 0));
    assert!(tally.quantile(0.99) >= Duration::from_millis(800), "{:?}", tally.quantile(0.99));
    // Those who came before and after did not wait.
    assert!(tally.quantile(0.5) < Duration::from_millis(500), "{:?}", tally.quantile(0.5));

    let latencies = ask_one_after_the_other(serve(Manner { pause, ..Manner::default() }), Duration::from_secs(3));
    let p99 = latencies[latencies.len() * 99 / 100];
    assert!(p99 < Duration::from_millis(500), "one slow answer among {} is not seen: {p99:?}", latencies.len());
}

#[test]
fn a_known_delay_is_never_measured_shorter_nor_much_longer() {
    let delay = Duration::from_millis(20);
    let measured = run(&driver(serve(Manner { delay, ..Manner::default() })), steady(100.0, 1.0));
    let tally = &measured.tallies[0];
    assert!(is_about(tally.count(Ending::Right), 100));
    assert!(Duration::from_micros(tally.first_byte.min()) >= delay);
    assert!(tally.last_byte.min() >= tally.first_byte.min());
    // The best of a hundred has met a machine that did nothing else.
    assert!(
        Duration::from_micros(tally.last_byte.min()) < delay + Duration::from_millis(3),
        "{}",
        tally.last_byte.min()
    );
}

#[test]
fn every_ending_is_told_apart() {
    let silent = Manner { delay: Duration::from_secs(60), ..Manner::default() };
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    for (address, expected) in [
        (serve(Manner { body: "another page", ..Manner::default() }), Ending::Wrong),
        (serve(Manner { status: 503, ..Manner::default() }), Ending::Refused),
        (serve(Manner { status: 429, ..Manner::default() }), Ending::Refused),
        (serve(Manner { status: 202, headers: "X-Waiting-Room: waiting\r\n", ..Manner::default() }), Ending::Refused),
        (serve(Manner { status: 500, ..Manner::default() }), Ending::Failed),
        (serve(silent), Ending::TimedOut),
        (nobody, Ending::Unconnected),
    ] {
        let driver = Driver { patience: Duration::from_millis(200), ..driver(address) };
        let measured = run(&driver, steady(50.0, 0.5));
        let tally = &measured.tallies[0];
        assert!(is_about(tally.total(), 25));
        assert_eq!(tally.count(expected), tally.total(), "{expected:?}");
        assert!((tally.failed_share() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn what_is_due_beyond_the_bound_is_dropped_and_makes_the_run_invalid() {
    let slow = Manner { delay: Duration::from_secs(1), ..Manner::default() };
    let driver = Driver { max_in_flight: 10, workers: 1, ..driver(serve(slow)) };
    let measured = run(&driver, steady(100.0, 0.5));
    assert!(is_about(measured.tallies[0].total() + measured.dropped, 50));
    assert!(measured.dropped >= 28, "{}", measured.dropped);
    assert!(!measured.is_valid());
}
