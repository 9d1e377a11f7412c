//! The yardstick: actix-web and nothing else, answering everything with the same bytes.
//!
//! It is a process of its own (a hidden subcommand), so that it can be pinned to a core and its time be told apart. It is
//! also the origin behind the proxies that we compare with: they cache exactly what our own page sends.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context as _, Result};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::ports::LOOPBACK;

/// Arguments of the yardstick.
#[derive(Debug, Args)]
pub struct BareServerArgs {
    /// The port to listen on
    #[arg(long)]
    pub port: u16,
    /// The answer, as the benchmark wrote it down
    #[arg(long, value_name = "FILE")]
    pub answer: PathBuf,
}

/// An answer as it left another server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recorded {
    /// Its head fields, without those that every server adds by itself.
    pub head: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Recorded {
    /// Writes it down for the server.
    pub fn write(&self, path: &Path) -> Result<()> {
        fs::write(path, serde_json::to_vec(self)?).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Serves until the process is told to stop.
pub async fn run(args: &BareServerArgs) -> Result<()> {
    let answer = Answer::read(&args.answer)?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(answer.clone()))
            .route("/readyz", web::get().to(HttpResponse::Ok))
            .default_service(web::get().to(give))
    });
    let server = server.workers(1).tcp_nodelay(true).bind((LOOPBACK, args.port)).context("cannot listen")?;
    Ok(server.run().await?)
}

#[derive(Clone)]
struct Answer {
    head: Vec<(HeaderName, HeaderValue)>,
    body: web::Bytes,
}

impl Answer {
    fn read(path: &Path) -> Result<Self> {
        let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let recorded: Recorded = serde_json::from_slice(&text).context("this is no recorded answer")?;
        let head = recorded.head.iter();
        let head = head.map(|(name, value)| Ok((HeaderName::from_str(name)?, HeaderValue::from_str(value)?)));
        Ok(Self { head: head.collect::<Result<_>>()?, body: recorded.body.into() })
    }
}

async fn give(answer: web::Data<Answer>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for (name, value) in &answer.head {
        response.insert_header((name.clone(), value.clone()));
    }
    response.body(answer.body.clone())
}
