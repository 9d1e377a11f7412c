//! Telling what happens to the processes of a stack, as it happens.

use std::collections::{HashMap, HashSet};

use tokio::sync::mpsc::UnboundedReceiver;

use crate::say::{Say, Waiting};
use crate::stack::supervisor::Event;

/// Turns events into lines until the stack is gone.
pub async fn tell(mut events: UnboundedReceiver<Event>, say: Say) {
    let mut waiting: HashMap<String, Waiting> = HashMap::new();
    let mut seen_ready: HashSet<String> = HashSet::new();
    let mut ports: HashMap<String, u16> = HashMap::new();
    while let Some(event) = events.recv().await {
        match event {
            Event::Started { name, port } => {
                ports.insert(name.clone(), port);
                waiting.insert(name.clone(), say.waiting(&name, &format!("starting on {port}")));
            }
            Event::Ready { name, after } => {
                waiting.remove(&name);
                let port = ports.get(&name).copied().unwrap_or_default();
                let again = if seen_ready.insert(name.clone()) { "" } else { ", back again" };
                say.done(&name, &format!("port {port}{again}"), after);
            }
            Event::Died { name, how } => {
                waiting.remove(&name);
                say.warn(&name, &format!("ended ({how}); starting it again"));
            }
            Event::Mark(told) => {
                let _nobody_waits = told.send(());
            }
            Event::CannotStart { name, why } => {
                waiting.remove(&name);
                say.failed(&name, &format!("cannot be started: {why}"));
            }
        }
    }
}
