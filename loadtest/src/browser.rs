//! What a browser fetches beside a page: stylesheets, scripts and pictures, and what it keeps of them.
//!
//! Fresh copies are not asked for again; stale ones are, with the name of the version at hand, so that the server may answer
//! "not modified". Pictures below the first screens wait until somebody scrolls, as `loading="lazy"` asks for: half do.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use goose::goose::{GooseMethod, GooseRequest, GooseUser, TransactionError};
use halles_loadtest::html;
use rand::RngExt as _;
use reqwest::StatusCode;
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH};

/// Pictures on the first screens.
const IN_SIGHT: usize = 8;
/// The most that one page may make a browser fetch.
const MOST: usize = 60;

/// What a browser has kept.
#[derive(Debug, Default, Clone)]
pub struct Kept {
    copies: HashMap<String, Copy>,
}

#[derive(Debug, Clone)]
struct Copy {
    version: Option<String>,
    fresh_until: Instant,
}

impl Kept {
    /// Fetches what a page shows and is not at hand.
    pub async fn complete(&mut self, user: &mut GooseUser, page: &str) -> Result<(), Box<TransactionError>> {
        for path in wanted(page) {
            let copy = self.copies.get(&path).cloned();
            if copy.as_ref().is_some_and(|copy| Instant::now() < copy.fresh_until) {
                continue;
            }
            let version = copy.and_then(|copy| copy.version);
            if let Some(copy) = fetch(user, &path, version).await? {
                self.copies.insert(path, copy);
            }
        }
        Ok(())
    }
}

/// What a page asks a browser to fetch.
fn wanted(page: &str) -> Vec<String> {
    let mut wanted = html::links(page, "/assets/");
    wanted.extend(html::sources(page, "/assets/"));
    let mut pictures = html::sources(page, "/photos/");
    if rand::rng().random_range(0..2) == 0 {
        pictures.truncate(IN_SIGHT);
    }
    wanted.extend(pictures);
    wanted.truncate(MOST);
    wanted
}

/// Fetches one thing; what a browser may keep of it, if anything.
async fn fetch(
    user: &mut GooseUser,
    path: &str,
    version: Option<String>,
) -> Result<Option<Copy>, Box<TransactionError>> {
    let kind = if path.starts_with("/photos/") { "photo" } else { "asset" };
    let builder = user.get_request_builder(&GooseMethod::Get, path)?;
    let builder = match &version {
        Some(version) => builder.header(IF_NONE_MATCH, version),
        None => builder,
    };
    let request = GooseRequest::builder().name(kind).set_request_builder(builder);
    // Goose takes only 2xx for good unless it is told what to expect.
    let request = if version.is_some() { request.expect_status_code(304) } else { request };
    let mut answer = user.request(request.build()).await?;
    let Ok(response) = answer.response else {
        user.set_failure(kind, &mut answer.request, None, None)?;
        return Ok(None);
    };
    let (status, head) = (response.status(), response.headers().clone());
    let fresh_until = Instant::now() + freshness(&head);
    if status == StatusCode::NOT_MODIFIED && version.is_some() {
        return Ok(Some(Copy { version, fresh_until }));
    }
    let body = response.bytes().await.unwrap_or_default();
    let is_right = status.is_success() && !body.is_empty() && is_kind(&head, path);
    if !is_right {
        let reason = format!("{kind}: status {status}, {} bytes", body.len());
        user.set_failure(&reason, &mut answer.request, None, None)?;
        return Ok(None);
    }
    user.set_success(&mut answer.request)?;
    let version = head.get(ETAG).and_then(|version| Some(version.to_str().ok()?.to_owned()));
    Ok(Some(Copy { version, fresh_until }))
}

/// Whether the answer says that it is what its name says.
fn is_kind(head: &HeaderMap, path: &str) -> bool {
    let kind = head.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => kind.starts_with("text/css"),
        "js" => kind.contains("javascript"),
        _ => kind.starts_with("image/") || path.starts_with("/assets/"),
    }
}

/// For how long a copy is good.
fn freshness(head: &HeaderMap) -> Duration {
    let terms = head.get(CACHE_CONTROL).and_then(|terms| terms.to_str().ok()).unwrap_or_default();
    let seconds = terms.split(',').find_map(|term| term.trim().strip_prefix("max-age=")?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_browser_wants_what_the_page_shows() {
        let page = r#"<link rel="stylesheet" href="/assets/a.css"><script src="/assets/b.js"></script>
            <img src="/photos/1.svg"><a href="/l/1">Bol</a>"#;
        assert_eq!(wanted(page), ["/assets/a.css", "/assets/b.js", "/photos/1.svg"]);
    }

    #[test]
    fn a_copy_is_good_as_long_as_the_server_says() {
        let mut head = HeaderMap::new();
        assert_eq!(freshness(&head), Duration::ZERO);
        head.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400, immutable"));
        assert_eq!(freshness(&head), Duration::from_secs(86_400));
    }

    #[test]
    fn a_page_in_place_of_a_stylesheet_is_wrong() {
        let mut head = HeaderMap::new();
        head.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        assert!(!is_kind(&head, "/assets/a.css") && !is_kind(&head, "/photos/1.svg"));
        head.insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
        assert!(is_kind(&head, "/photos/1.svg"));
    }
}
