//! Threads for what nobody waits for: whatever makes a new generation of the index ready gives way to searches.
//!
//! A merge of segments is fetched, checked and read in one go now and then. On an instance with one core that would take half
//! of it away from the searches of that moment; from here it takes a tenth, and is done a little later.

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

/// How far these threads stand back: beside a thread that wants the same core they get about a tenth of it.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// A runtime of such threads; its tasks end when it is dropped.
pub(crate) struct Unhurried {
    handle: Handle,
    /// There until this is dropped.
    runtime: Option<Runtime>,
}

impl Unhurried {
    /// Starts the threads.
    pub(crate) fn start() -> std::io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("unhurried").enable_all().on_thread_start(give_way);
        let runtime = builder.build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Runs a task here.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        self.handle.spawn(task)
    }
}

impl Drop for Unhurried {
    fn drop(&mut self) {
        // Waiting for what is under way is nothing that a task may do, and it is dropped in one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Linux counts a thread's niceness for itself alone.
#[cfg(target_os = "linux")]
fn give_way() {
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "a thread cannot give way");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn its_threads_give_way_and_no_other_does() {
        let niceness = || rustix::process::getpriority_process(None).expect("Linux tells it");
        let before = niceness();
        let unhurried = Unhurried::start().expect("threads");
        let (tell, told) = tokio::sync::oneshot::channel();
        unhurried.spawn(async move {
            let beside = tokio::task::spawn_blocking(niceness).await.expect("it ran");
            let _ = tell.send((niceness(), beside));
        });
        let (worker, blocking) = told.await.expect("it ran");
        assert_eq!((worker, blocking), (NICENESS, NICENESS));
        assert_eq!(niceness(), before);
    }
}
