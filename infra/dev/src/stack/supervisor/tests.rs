//! The supervisor with a real process: a shell that sleeps, ready from the start because somebody answers for it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::stack::readiness::Readiness;

struct Scene {
    _directory: tempfile::TempDir,
    place: Place,
    events: mpsc::UnboundedReceiver<Event>,
    sender: mpsc::UnboundedSender<Event>,
    port: u16,
}

impl Scene {
    async fn set() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let place = Place { logs: directory.path().to_owned(), roster: Roster::new(directory.path()) };
        let (sender, events) = mpsc::unbounded_channel();
        Self { _directory: directory, place, events, sender, port: pong().await }
    }

    fn start(&self, script: &str) -> Supervised {
        let spec = ProcessSpec {
            name: "sleeper".to_owned(),
            program: PathBuf::from("/bin/sh"),
            args: vec!["-c".into(), script.into()],
            env: Vec::new(),
            run_as: None,
            wave: 0,
            port: self.port,
            readiness: Readiness::Redis { port: self.port },
            stop_signal: Signal::SIGTERM,
            stop_patience: Duration::from_secs(5),
        };
        Supervised::start(spec, &self.place, self.sender.clone())
    }
}

/// Answers every `PING`.
async fn pong() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _read = stream.read(&mut [0; 16]).await;
            let _written = stream.write_all(b"+PONG\r\n").await;
        }
    });
    port
}

#[tokio::test]
async fn a_killed_process_comes_back_under_a_new_id() {
    let mut scene = Scene::set().await;
    let process = scene.start("exec sleep 600");
    assert!(process.ready().await);
    let first = process.pid().expect("it runs");
    assert_eq!(scene.place.roster.find_alive("sleeper").map(|entry| entry.pid), Some(first));
    process.signal(Signal::SIGKILL);
    let died = loop {
        match scene.events.recv().await.expect("the keeper lives") {
            Event::Died { how, .. } => break how,
            Event::Started { .. } | Event::Ready { .. } | Event::Mark(_) => {}
            Event::CannotStart { why, .. } => panic!("{why}"),
        }
    };
    assert!(died.contains('9'), "{died}");
    let mut pid = process.pid.clone();
    pid.wait_for(|pid| pid.is_some_and(|pid| pid != first)).await.expect("the keeper lives");
    process.hold().await;
}

#[tokio::test]
async fn a_held_process_stays_down_until_it_is_resumed() {
    let scene = Scene::set().await;
    let process = scene.start("exec sleep 600");
    assert!(process.ready().await);
    process.hold().await;
    assert_eq!(process.stage(), Stage::Held);
    assert_eq!(scene.place.roster.find_alive("sleeper"), None);
    process.resume().await;
    let mut pid = process.pid.clone();
    pid.wait_for(Option::is_some).await.expect("the keeper lives");
    process.hold_down().await;
}

#[tokio::test]
async fn a_process_deaf_to_its_stop_signal_is_killed() {
    let scene = Scene::set().await;
    let mut process = scene.start("trap '' TERM; while :; do sleep 1; done");
    assert!(process.ready().await);
    process.spec.stop_patience = Duration::from_millis(100);
    process.hold().await;
    assert_eq!(process.stage(), Stage::Held);
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_reported() {
    let mut scene = Scene::set().await;
    let spec_source = scene.start("exec sleep 600");
    let spec = ProcessSpec { program: PathBuf::from("/no/such/program"), ..spec_source.spec().clone() };
    let process = Supervised::start(spec, &scene.place, scene.sender.clone());
    let why = loop {
        if let Event::CannotStart { why, .. } = scene.events.recv().await.expect("the keeper lives") {
            break why;
        }
    };
    assert!(why.contains("No such file"), "{why}");
    process.hold().await;
}
