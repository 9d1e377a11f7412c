//! A whole stack on free ports, in a directory of its own, with a catalogue.

use std::env;
use std::path::PathBuf;

use clap::Parser;
use halles_catalogue::{GenerateArgs, ImportArgs, generate, import};
use halles_dev::ports::Ports;
use halles_dev::stack::postgres::Durability;
use halles_dev::stack::services::ServicePrograms;
use halles_dev::stack::{Stack, StackPlan};
use halles_dev::state_dir::StateDir;
use halles_dev::system_user::SystemUser;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// The stack and what must outlive it.
pub struct Scene {
    /// Everything runs.
    pub stack: Stack,
    /// Where pictures go.
    pub screenshots: PathBuf,
    state: StateDir,
    _directory: TempDir,
}

impl Scene {
    /// Starts everything. Catalogue: the demo one, or the file that `HALLES_CHORUS_FILE` names.
    pub async fn open() -> Self {
        let programs = programs();
        let directory = tempfile::tempdir().expect("a temporary directory");
        let user = SystemUser::for_postgres().expect("a user for PostgreSQL");
        let state = StateDir::new(directory.path().join("state"), user.as_ref());
        let plan = StackPlan {
            state: state.clone(),
            ports: Ports::default().free().expect("loopback has free ports"),
            host: "127.0.0.1".to_owned(),
            durability: Durability::Throwaway,
            services: ServicePrograms::in_directory(programs.clone()),
        };
        let (sender, _nobody) = mpsc::unbounded_channel();
        let mut stack = Stack::new(plan, sender).expect("nothing is in the way");
        stack.start_stores().await.expect("the stores start");
        stack.migrate().await.expect("the schema is made");
        fill(&stack.owner_url()).await;
        stack.start_services().await.expect("the services start");
        stack.start_balancer().await.expect("the door opens");
        let target = programs.parent().expect("programs lie in a profile of a target directory");
        Self { stack, screenshots: target.join("screenshots"), state, _directory: directory }
    }

    /// Stops everything and leaves nothing behind.
    pub async fn close(mut self) {
        self.stack.stop().await;
        self.state.erase().expect("the state can be erased");
    }
}

impl Drop for Scene {
    /// After a failed assertion the directory goes too, wherever PostgreSQL's data had to be.
    fn drop(&mut self) {
        let _already_gone = self.state.erase();
    }
}

async fn fill(owner_url: &str) {
    if let Ok(file) = env::var("HALLES_CHORUS_FILE") {
        let args = Import::parse_from(["import", &file]).args;
        import(&args, owner_url, &()).await.expect("the file can be imported");
    } else {
        generate(&GenerateArgs::demo(), owner_url, &()).await.expect("the demo catalogue can be made");
    }
}

#[derive(Parser)]
struct Import {
    #[command(flatten)]
    args: ImportArgs,
}

/// `cargo dev test` builds the services and says where they are.
fn programs() -> PathBuf {
    let named = env::var_os("HALLES_TEST_PROGRAMS").expect("run this test with `cargo dev test`");
    PathBuf::from(named)
}
