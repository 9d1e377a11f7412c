//! A stack as production has it: two of each service, traces sent to a collector.

use std::env;

use halles_catalogue::{GenerateArgs, generate};
use halles_dev::ports::{InstancePorts, Ports};
use halles_dev::stack::postgres::{DATABASE, Durability};
use halles_dev::stack::services::ServicePrograms;
use halles_dev::stack::{Stack, StackPlan};
use halles_dev::state_dir::StateDir;
use halles_dev::system_user::SystemUser;
use halles_testkit::Collector;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// Everything that can be ordered, in plenty.
const STOCKED: &str = "UPDATE listing SET on_hand = 100000, status = 'published', \
    price_cents = coalesce(price_cents, 1000), currency = 'EUR' WHERE id <= 50;";

/// The stack and what must outlive it.
pub struct Scene {
    /// Everything runs.
    pub stack: Stack,
    /// Where all services send what they tell.
    pub collector: Collector,
    _scratch: TempDir,
    state: StateDir,
}

impl Scene {
    /// Starts everything with the demo catalogue.
    pub async fn open() -> Self {
        let programs = env::var_os("HALLES_TEST_PROGRAMS").expect("run this test with `cargo dev test`");
        let scratch = tempfile::tempdir().expect("a temporary directory");
        let user = SystemUser::for_postgres().expect("a user for PostgreSQL");
        let state = StateDir::new(scratch.path().join("state"), user.as_ref());
        let mut ports = Ports::default();
        ports.order.push(InstancePorts { port: 0, admin_port: 0 });
        ports.order_worker.push(0);
        let plan = StackPlan {
            state: state.clone(),
            ports: ports.free().expect("loopback has free ports"),
            host: "127.0.0.1".to_owned(),
            durability: Durability::Throwaway,
            services: ServicePrograms::in_directory(programs.into()),
        };
        let (sender, _nobody) = mpsc::unbounded_channel();
        let mut stack = Stack::new(plan, sender).expect("nothing is in the way");
        let collector = Collector::start();
        stack.set_for_all("TELEMETRY__OTLP_ENDPOINT", &collector.endpoint);
        stack.set_for_all("TELEMETRY__TRACE_RATIO", "1.0");
        stack.set_for_all("TELEMETRY__METRICS_INTERVAL_MS", "1000");
        stack.start_stores().await.expect("the stores start");
        stack.migrate().await.expect("the schema is made");
        generate(&GenerateArgs::demo(), &stack.owner_url(), &()).await.expect("the demo catalogue can be made");
        let scene = Self { stack, collector, state, _scratch: scratch };
        scene.sql(STOCKED).await;
        scene.open_doors().await
    }

    async fn open_doors(mut self) -> Self {
        self.stack.start_services().await.expect("the services start");
        self.stack.start_balancer().await.expect("the door opens");
        self
    }

    /// Runs a script in the marketplace's database, as its superuser.
    pub async fn sql(&self, script: &str) {
        self.try_sql(script).await.unwrap_or_else(|error| panic!("{script}: {error}"));
    }

    /// The same, and says what the database thinks of it.
    pub async fn try_sql(&self, script: &str) -> Result<(), String> {
        let script = format!("\\o /dev/null\n{script}");
        self.stack.postgres().run_sql(DATABASE, &script).await.map_err(|error| error.to_string())
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
