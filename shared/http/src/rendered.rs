//! Bytes that are ready to send: a body with its encodings, its tags and the terms on which others may keep it.
//!
//! A body is made once and sent many times. Its gzip and brotli forms are made when somebody first asks for them, and
//! kept with it. Every form has a strong tag of its own, made from the bytes of the body: instances that draw the same
//! bytes give the same tags, so a shopper who is led to another instance still gets a 304.
//!
//! What belongs to one visitor alone (the number on the basket) is not in these bytes. A body may have one *hole*, drawn
//! as it is for most visitors; for the others [`Rendered::answer_to`] sends what stands before it, their own part, and
//! what stands behind it, without copying or compressing the page again. In brotli a body cannot be taken apart like
//! that, so visitors with an own part get gzip.

mod body;
pub(crate) mod encoding;
pub(crate) mod gzip;
mod provenance;
mod terms;

use std::ops::Range;
use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use sha2::{Digest, Sha256};

use body::Pieces;
use encoding::Encoding;
use gzip::Gzipped;
pub use provenance::{Provenance, with_provenance};
pub use terms::{CachingSettings, Terms};

use crate::Visitor;

/// Below this, headers and packets weigh more than what an encoding saves.
const MIN_ENCODED_BYTES: usize = 512;

/// A body that is ready to send.
#[derive(Debug)]
pub struct Rendered {
    content_type: HeaderValue,
    terms: Terms,
    body: Bytes,
    hole: Option<Range<usize>>,
    tags: Tags,
    gzip: OnceLock<Gzipped>,
    brotli: OnceLock<Bytes>,
}

/// A visitor's own part of a page, to stand in the hole.
struct OwnPart {
    text: String,
    /// What tells it from every other text in that place: it becomes part of the tag.
    mark: u32,
}

impl Rendered {
    /// A body of this media type that is the same for everybody.
    pub fn new(media_type: &str, terms: &Terms, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            content_type: HeaderValue::from_str(media_type).expect("a media type fits into a header"),
            terms: terms.clone(),
            tags: Tags::of(&body),
            body,
            hole: None,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// A page with a hole: what stands in `hole` is what most visitors see there. A place outside the body is none.
    pub fn page(terms: &Terms, html: impl Into<Bytes>, hole: Option<Range<usize>>) -> Self {
        let page = Self::new("text/html; charset=utf-8", terms, html);
        let hole = hole.filter(|hole| hole.start <= hole.end && hole.end <= page.body.len());
        Self { hole, ..page }
    }

    /// About how much memory it takes once every encoding of it has been asked for.
    pub fn weight(&self) -> usize {
        // Pages shrink to between a third and an eighth, in two encodings.
        size_of::<Self>() + self.body.len() + self.body.len() / 2
    }

    /// Makes every encoding now, before somebody waits for it.
    pub fn warm(&self) {
        if self.body.len() >= MIN_ENCODED_BYTES {
            self.gzip();
            self.brotli();
        }
    }

    /// The answer for everybody: the body in the encoding that the request likes best, or a 304 for whoever has it.
    pub fn answer(&self, request: &RequestHead) -> HttpResponse {
        let encoding = self.encoding_for(request, true);
        let tag = self.tags.of_encoding(encoding).clone();
        let mut answer = if is_known(request, &tag) {
            HttpResponse::with_body(StatusCode::NOT_MODIFIED, BoxBody::new(()))
        } else {
            let body = match encoding {
                Encoding::Identity => self.body.clone(),
                Encoding::Gzip => self.gzip().whole().clone(),
                Encoding::Brotli => self.brotli().clone(),
            };
            self.describe(HttpResponse::with_body(StatusCode::OK, BoxBody::new(body)), encoding)
        };
        let headers = answer.headers_mut();
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, self.terms.for_everybody.clone());
        headers.insert(header::VARY, self.terms.vary.clone());
        answer
    }

    /// The answer for this visitor: with a basket they see `own_part`, which is told how many pieces are in it.
    pub fn answer_to(
        &self,
        visitor: &Visitor,
        request: &RequestHead,
        own_part: impl FnOnce(u32) -> String,
    ) -> HttpResponse {
        match visitor.basket.pieces() {
            0 => self.answer(request),
            pieces => self.answer_with(request, OwnPart { text: own_part(pieces), mark: pieces }),
        }
    }

    /// The answer with somebody's own part inside, for this one time: without a tag, and on no terms for keeping it.
    pub fn answer_once(&self, request: &RequestHead, own_part: String) -> HttpResponse {
        let Some(hole) = self.hole.clone() else { return self.answer(request) };
        let encoding = self.encoding_for(request, false);
        let pieces = self.with_own(&hole, encoding, own_part);
        self.describe(HttpResponse::with_body(StatusCode::OK, BoxBody::new(pieces)), encoding)
    }

    /// With somebody's own part inside, nobody else may keep it. Without a hole for it, it is the answer for everybody.
    fn answer_with(&self, request: &RequestHead, own: OwnPart) -> HttpResponse {
        let Some(hole) = self.hole.clone() else { return self.answer(request) };
        let encoding = self.encoding_for(request, false);
        let tag = self.tags.with_mark(encoding, own.mark);
        let mut answer = if is_known(request, &tag) {
            HttpResponse::with_body(StatusCode::NOT_MODIFIED, BoxBody::new(()))
        } else {
            let pieces = self.with_own(&hole, encoding, own.text);
            self.describe(HttpResponse::with_body(StatusCode::OK, BoxBody::new(pieces)), encoding)
        };
        let headers = answer.headers_mut();
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, Terms::FOR_ONE);
        headers.insert(header::VARY, self.terms.vary.clone());
        answer
    }

    fn with_own(&self, hole: &Range<usize>, encoding: Encoding, own_part: String) -> Pieces {
        Pieces::new(match encoding {
            Encoding::Gzip => self.gzip().with(own_part.as_bytes()),
            _ => vec![self.body.slice(..hole.start), own_part.into(), self.body.slice(hole.end..)],
        })
    }

    fn describe(&self, mut answer: HttpResponse, encoding: Encoding) -> HttpResponse {
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        if let Some(name) = encoding.content_encoding() {
            headers.insert(header::CONTENT_ENCODING, name);
        }
        answer
    }

    fn encoding_for(&self, request: &RequestHead, may_be_brotli: bool) -> Encoding {
        if self.body.len() < MIN_ENCODED_BYTES {
            return Encoding::Identity;
        }
        let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        accepted.map_or(Encoding::Identity, |accepted| Encoding::negotiate(accepted, may_be_brotli))
    }

    fn gzip(&self) -> &Gzipped {
        self.gzip.get_or_init(|| Gzipped::new(&self.body, self.hole.clone()))
    }

    fn brotli(&self) -> &Bytes {
        self.brotli.get_or_init(|| encoding::brotli(&self.body))
    }
}

/// The tags of a body's forms.
#[derive(Debug)]
struct Tags {
    stem: String,
    ready: [HeaderValue; 3],
}

impl Tags {
    fn of(body: &[u8]) -> Self {
        let digest = Sha256::digest(body);
        let stem: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        let ready = [Encoding::Identity, Encoding::Gzip, Encoding::Brotli];
        let ready = ready.map(|encoding| as_tag(format!("\"{stem}{}\"", encoding.tag_ending())));
        Self { stem, ready }
    }

    const fn of_encoding(&self, encoding: Encoding) -> &HeaderValue {
        match encoding {
            Encoding::Identity => &self.ready[0],
            Encoding::Gzip => &self.ready[1],
            Encoding::Brotli => &self.ready[2],
        }
    }

    fn with_mark(&self, encoding: Encoding, mark: u32) -> HeaderValue {
        as_tag(format!("\"{}{}.{mark}\"", self.stem, encoding.tag_ending()))
    }
}

fn as_tag(tag: String) -> HeaderValue {
    HeaderValue::try_from(tag).expect("hexadecimal digits and a few signs fit into a header")
}

/// Whether `If-None-Match` has the tag. Compared weakly (RFC 9110, section 13.1.2): what lies between may have weakened
/// the tag that we gave.
fn is_known(request: &RequestHead, tag: &HeaderValue) -> bool {
    let lists = request.headers().get_all(header::IF_NONE_MATCH);
    let mut known = lists.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    known.any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known).as_bytes() == tag.as_bytes()
    })
}

#[cfg(test)]
mod tests;
