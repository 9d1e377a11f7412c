//! What the indexer is doing.

use std::fmt;

use tokio::sync::watch;

/// What part the indexer plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Finding out where to begin.
    #[default]
    Starting,
    /// Building the index from the replica; nothing is published yet.
    Building,
    /// Writing the index.
    Leading,
    /// Watching another one write it.
    StandingBy,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Building => "building the index",
            Self::Leading => "leading",
            Self::StandingBy => "standing by",
        })
    }
}

/// The indexer's state at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// Its part.
    pub role: Role,
    /// The generation that it published last; 0 before the first.
    pub generation: u64,
    /// How many listings are in it.
    pub documents: u64,
    /// How often this process has built the index from the replica.
    pub builds: u32,
}

impl Status {
    /// Whether it does what it is there for.
    pub const fn is_ready(&self) -> bool {
        matches!(self.role, Role::Leading | Role::StandingBy)
    }
}

/// Looks at the status. Cheap to clone.
#[derive(Debug, Clone)]
pub struct StatusWatch(watch::Sender<Status>);

impl StatusWatch {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Status::default()))
    }

    /// The status right now.
    pub fn latest(&self) -> Status {
        *self.0.borrow()
    }

    /// Waits until the status is as wanted.
    pub async fn wait_for(&self, is_wanted: impl FnMut(&Status) -> bool) -> Status {
        let mut looks = self.0.subscribe();
        match looks.wait_for(is_wanted).await {
            Ok(status) => *status,
            // It cannot fail: `self` is a sender, so the channel stays open while we wait.
            Err(_) => self.latest(),
        }
    }

    pub(crate) fn set_role(&self, role: Role) {
        self.0.send_if_modified(|status| std::mem::replace(&mut status.role, role) != role);
    }

    pub(crate) fn count_build(&self) {
        self.0.send_modify(|status| status.builds += 1);
    }

    pub(crate) fn set_published(&self, generation: u64, documents: u64) {
        self.0.send_modify(|status| *status = Status { role: Role::Leading, generation, documents, ..*status });
    }
}
