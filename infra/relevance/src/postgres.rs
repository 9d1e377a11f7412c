//! Another yardstick: the full-text search of PostgreSQL over the same texts, weighted, ranked and with an index.

use std::pin::pin;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use futures_util::SinkExt as _;
use tokio_postgres::{Client, NoTls, Statement};

use crate::judged_set::{DEPTH, JudgedSet, Product};

/// A table of this connection alone; it goes with it.
const TABLE: &str = "
    CREATE TEMPORARY TABLE products (
        place integer NOT NULL,
        title text NOT NULL,
        brand text NOT NULL,
        description text NOT NULL,
        words tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('english', title), 'A')
            || setweight(to_tsvector('english', brand), 'B')
            || setweight(to_tsvector('english', description), 'D')
        ) STORED
    )";

const COPY: &str = "COPY products (place, title, brand, description) FROM STDIN (FORMAT csv)";

const INDEX: &str = "
    CREATE INDEX ON products USING gin (words);
    ANALYZE products;";

const FIND: &str = "
    SELECT place
    FROM products, websearch_to_tsquery('english', $1) AS asked
    WHERE words @@ asked
    ORDER BY ts_rank_cd(words, asked) DESC, place
    LIMIT $2";

/// A judged catalogue in a database.
pub struct Postgres {
    client: Client,
    find: Statement,
}

impl Postgres {
    /// Fills and indexes a table of its own in the database at `url`.
    pub async fn index(set: &JudgedSet, url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("PostgreSQL cannot be reached")?;
        tokio::spawn(connection);
        client.batch_execute(TABLE).await?;
        let mut rows = pin!(client.copy_in::<_, Bytes>(COPY).await?);
        for (place, product) in set.products.iter().enumerate() {
            rows.send(row(place, product)?).await?;
        }
        rows.finish().await?;
        client.batch_execute(INDEX).await?;
        let find = client.prepare(FIND).await?;
        Ok(Self { client, find })
    }

    /// What it finds for a query as typed.
    pub async fn find(&self, text: &str) -> Result<Vec<usize>> {
        let depth = i64::try_from(DEPTH)?;
        let rows = self.client.query(&self.find, &[&text, &depth]).await?;
        rows.iter().map(|row| Ok(usize::try_from(row.get::<_, i32>(0))?)).collect()
    }
}

/// A line of CSV; PostgreSQL keeps no null bytes.
fn row(place: usize, product: &Product) -> Result<Bytes> {
    let texts = [&product.title, &product.brand, &product.description].map(|text| text.replace('\0', " "));
    let mut fields = vec![place.to_string()];
    fields.extend(texts);
    // Quoted, or an empty text would be read as none at all.
    let mut line = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    line.write_record(&fields)?;
    Ok(Bytes::from(line.into_inner()?))
}
