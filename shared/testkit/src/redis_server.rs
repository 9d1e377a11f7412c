//! Room for one test on the Redis servers.

use uuid::Uuid;

use crate::servers;

/// The address of a Redis server, and a prefix for keys that nobody else uses. The keys are removed with this value.
#[derive(Debug)]
pub struct TestRedis {
    /// The server.
    pub url: String,
    /// What every key of the test begins with.
    pub prefix: String,
}

impl TestRedis {
    /// The cache's server.
    pub fn cache() -> Self {
        Self::on("HALLES_TEST_REDIS_CACHE")
    }

    /// The order log's server.
    pub fn log() -> Self {
        Self::on("HALLES_TEST_REDIS_LOG")
    }

    fn on(variable: &str) -> Self {
        let url = servers::address(variable).to_string();
        Self { url, prefix: format!("test:{}:", Uuid::new_v4().simple()) }
    }

    fn remove_keys(url: &str, prefix: &str) -> redis::RedisResult<()> {
        let mut connection = redis::Client::open(url)?.get_connection()?;
        let keys: Vec<String> =
            redis::Commands::scan_match(&mut connection, format!("{prefix}*"))?.collect::<redis::RedisResult<_>>()?;
        if keys.is_empty() {
            return Ok(());
        }
        redis::Commands::unlink(&mut connection, keys)
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        let (url, prefix) = (self.url.clone(), self.prefix.clone());
        // On a thread of its own, because this connection blocks. A server that the test killed keeps nothing anyway.
        drop(std::thread::spawn(move || Self::remove_keys(&url, &prefix)).join());
    }
}
