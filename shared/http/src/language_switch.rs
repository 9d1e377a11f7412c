//! The switch between languages: a cookie, and back to where one was.

use actix_web::cookie::time::Duration;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use halles_domain::Language;
use serde::Deserialize;

use crate::{LocalPath, Problem, Visitor, cookies};

/// The cookie that remembers the choice.
pub(crate) const COOKIE_NAME: &str = "language";

/// A choice of language is kept for a year.
const MAX_AGE: Duration = Duration::days(365);

/// What the switch is asked.
#[derive(Debug, Deserialize)]
pub struct LanguageChoice {
    to: String,
    back: Option<String>,
}

/// `GET /language?to=en&back=/path`: remembers the language and goes back to the path.
pub async fn switch_language(choice: web::Query<LanguageChoice>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    let language: Language = choice.to.parse()?;
    let back = match &choice.back {
        Some(path) => path.parse()?,
        None => LocalPath::home(),
    };
    let cookie = cookies::build(COOKIE_NAME, language.code().to_owned(), MAX_AGE, visitor.is_secure);
    Ok(HttpResponse::SeeOther()
        .cookie(cookie)
        .insert_header((header::LOCATION, back.as_str()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish())
}
