//! Faults that strike at their moments, whoever waits for whom.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Hands;
use crate::arrivals::lock;
use crate::event::Fault;

/// A fault that struck.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Struck {
    /// What was done.
    pub fault: Fault,
    /// When, in seconds since the crowd began to come.
    pub at_s: f64,
    /// When the process was ready again; none while it is not.
    pub over_s: Option<f64>,
    /// Why it could not be done.
    pub error: Option<String>,
}

/// All faults of a rehearsal, each on a thread of its own: one may last while the next strikes.
pub struct Strikes {
    struck: Arc<Mutex<Vec<Struck>>>,
    threads: Vec<JoinHandle<()>>,
    /// Dropped, it calls off what has not struck yet.
    _calls_off: Vec<Sender<()>>,
}

impl Strikes {
    /// Lets each fault strike so long after `began`.
    pub fn plan(hands: &Hands, began: Instant, faults: impl IntoIterator<Item = (Duration, Fault)>) -> Self {
        let struck: Arc<Mutex<Vec<Struck>>> = Arc::default();
        let (mut threads, mut calls_off) = (Vec::new(), Vec::new());
        for (after, fault) in faults {
            let (call_off, called_off) = channel();
            calls_off.push(call_off);
            let (hands, struck) = (hands.clone(), Arc::clone(&struck));
            threads.push(thread::spawn(move || strike(&hands, (began + after, &fault), began, &called_off, &struck)));
        }
        Self { struck, threads, _calls_off: calls_off }
    }

    /// A handle for whoever shows them.
    pub fn seen(&self) -> Arc<Mutex<Vec<Struck>>> {
        Arc::clone(&self.struck)
    }

    /// Waits until all that struck are over; those that did not come to it are called off.
    pub fn end(self) -> Vec<Struck> {
        let Self { struck, threads, _calls_off } = self;
        drop(_calls_off);
        threads.into_iter().for_each(|thread| drop(thread.join()));
        let mut struck = std::mem::take(&mut *lock(&struck));
        struck.sort_by(|one, other| one.at_s.total_cmp(&other.at_s));
        struck
    }
}

fn strike(
    hands: &Hands,
    (due, fault): (Instant, &Fault),
    began: Instant,
    called_off: &Receiver<()>,
    struck: &Mutex<Vec<Struck>>,
) {
    let left = due.saturating_duration_since(Instant::now());
    if called_off.recv_timeout(left) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let at_s = began.elapsed().as_secs_f64();
    let place = {
        let mut struck = lock(struck);
        struck.push(Struck { fault: fault.clone(), at_s, over_s: None, error: None });
        struck.len() - 1
    };
    let error = hands.strike(fault).err().map(|error| format!("{error:#}"));
    let over_s = error.is_none().then(|| began.elapsed().as_secs_f64());
    let mut struck = lock(struck);
    struck[place].error = error;
    struck[place].over_s = over_s;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Deed;

    fn fault(what: &str) -> Fault {
        let (lasts, back_within) = (Duration::ZERO, Duration::from_secs(30));
        Fault { minute: 0.0, deed: Deed::Kill, what: what.to_owned(), lasts, max_failed: 0.0, back_within }
    }

    #[test]
    fn what_is_due_strikes_and_what_is_not_is_called_off() {
        let hands = Hands::parse("true").expect("a program");
        let due = [(Duration::ZERO, fault("now")), (Duration::from_secs(3_600), fault("never"))];
        let strikes = Strikes::plan(&hands, Instant::now(), due);
        let seen = strikes.seen();
        while lock(&seen).first().is_none_or(|struck| struck.over_s.is_none()) {
            thread::yield_now();
        }
        let struck = strikes.end();
        assert_eq!(struck.len(), 1);
        assert!(struck[0].fault.what == "now" && struck[0].error.is_none());
    }

    #[test]
    fn what_could_not_be_done_is_told() {
        let hands = Hands::parse("false").expect("a program");
        let strikes = Strikes::plan(&hands, Instant::now(), [(Duration::ZERO, fault("listing-1"))]);
        let seen = strikes.seen();
        while lock(&seen).first().is_none_or(|struck| struck.error.is_none()) {
            thread::yield_now();
        }
        let struck = strikes.end();
        assert!(struck[0].over_s.is_none() && struck[0].error.is_some());
    }
}
