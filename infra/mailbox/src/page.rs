//! The mails, to read in a browser, and as JSON for tests.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};
use actix_web::web::{Data, Path, Query, ServiceConfig, get};
use halles_http::Problem;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

use crate::letters::{Letter, Letters};

const STYLE: &str = "
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 46rem; padding: 1.25rem; font: 1.0625rem/1.5 system-ui, sans-serif; }
li { padding: .6rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
ol { list-style: none; padding: 0; }
small { opacity: .75; display: block; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; border: 1px solid #8886; border-radius: .5rem; padding: 1rem; }
";

pub(crate) fn routes(app: &mut ServiceConfig, letters: Data<Letters>) {
    app.app_data(letters)
        .route("/mailbox", get().to(list))
        .route("/mailbox/style.css", get().to(style))
        .route("/mailbox/mails.json", get().to(list_json))
        .route("/mailbox/{number}", get().to(show))
        .route("/mailbox/raw/{number}", get().to(show_raw));
}

/// Which mails are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    /// A part of the address.
    to: String,
}

/// A mail for programs.
#[derive(Debug, Serialize)]
struct Entry {
    number: u64,
    message_id: String,
    to: Vec<String>,
    subject: String,
    text: String,
    times: u32,
}

async fn list(letters: Data<Letters>, wanted: Query<Wanted>) -> HttpResponse {
    let there = letters.list(&wanted.to);
    let content = html! {
        h1 { "Mailbox" }
        p { "Every mail that was sent, the latest first. None is delivered to anybody." }
        @if there.is_empty() { p { "There is none yet." } }
        ol {
            @for letter in &there {
                li {
                    a href={ "/mailbox/" (letter.number) } { (subject(letter)) }
                    small { (letter.to.join(", ")) " · " (letter.came_at) @if letter.times > 1 { " · " (letter.times) " ×" } }
                }
            }
        }
    };
    page("Mailbox", &content)
}

async fn list_json(letters: Data<Letters>, wanted: Query<Wanted>) -> HttpResponse {
    let entry = |letter: Letter| Entry {
        number: letter.number,
        message_id: letter.reading.message_id,
        to: letter.to,
        subject: letter.reading.subject,
        text: letter.reading.text,
        times: letter.times,
    };
    let entries: Vec<Entry> = letters.list(&wanted.to).into_iter().map(entry).collect();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(entries)
}

async fn show(letters: Data<Letters>, number: Path<u64>) -> Result<HttpResponse, Problem> {
    let letter = find(&letters, *number)?;
    let content = html! {
        p { a href="/mailbox" { "Mailbox" } }
        h1 { (subject(&letter)) }
        p { small { (letter.reading.from) " → " (letter.to.join(", ")) " · " (letter.came_at) } }
        pre { (with_links(&letter.reading.text)) }
        p { a href={ "/mailbox/raw/" (letter.number) } { "As it came" } }
    };
    Ok(page(subject(&letter), &content))
}

async fn show_raw(letters: Data<Letters>, number: Path<u64>) -> Result<HttpResponse, Problem> {
    let letter = find(&letters, *number)?;
    Ok(HttpResponse::Ok().insert_header(ContentType::plaintext()).body(letter.raw.to_string()))
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8")).body(STYLE)
}

fn find(letters: &Letters, number: u64) -> Result<Letter, Problem> {
    letters.find(number).ok_or_else(|| Problem::not_found("There is no such mail, or not any more."))
}

fn subject(letter: &Letter) -> &str {
    if letter.reading.subject.is_empty() { "(no subject)" } else { &letter.reading.subject }
}

/// The text with its addresses made into links.
fn with_links(text: &str) -> Markup {
    let is_address = |word: &str| word.starts_with("http://") || word.starts_with("https://");
    html! {
        @for line in text.lines() {
            @if is_address(line) { a href=(line) { (line) } } @else { (line) }
            (PreEscaped("\n"))
        }
    }
}

fn page(title: &str, content: &Markup) -> HttpResponse {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href="/mailbox/style.css";
            }
            body { (content) }
        }
    };
    HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(page.into_string())
}
