//! A database to fill, and questions to ask it.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use halles_catalogue::{ImportArgs, ImportError, ImportReport, import};
use halles_testkit::TestDatabase;
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls, Row};

/// An empty catalogue and a directory for files.
pub struct Catalogue {
    database: TestDatabase,
    client: Client,
    directory: TempDir,
}

impl Catalogue {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let (client, connection) =
            tokio_postgres::connect(&database.owner_url, NoTls).await.expect("connects to its own database");
        tokio::spawn(connection);
        Self { database, client, directory: TempDir::new().expect("a temporary directory") }
    }

    pub fn url(&self) -> &str {
        &self.database.owner_url
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, packed if its name says so.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        let content =
            if path.extension().is_some_and(|ending| ending == "gz") { pack(content) } else { content.into() };
        std::fs::write(&path, content).expect("writes a small file");
        path
    }

    pub async fn import(&self, path: &Path) -> Result<ImportReport, ImportError> {
        self.import_with(ImportArgs { path: path.to_owned(), ..ImportArgs::default() }).await
    }

    pub async fn import_with(&self, args: ImportArgs) -> Result<ImportReport, ImportError> {
        let rejects = args.rejects.clone().or_else(|| Some(self.path("rejected.csv")));
        import(&ImportArgs { rejects, ..args }, self.url(), &()).await
    }

    pub async fn rows(&self, sql: &str) -> Vec<Row> {
        self.client.query(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].get(0)
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.rows(sql).await.iter().map(|row| row.get(0)).collect()
    }

    pub async fn execute(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

pub fn pack(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).expect("packs in memory");
    encoder.finish().expect("packs in memory")
}
