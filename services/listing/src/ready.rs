//! Answers that are ready to send: which ones there are, what each depends on, and how they get their final form.

use halles_cache::{Catalogue, CatalogueError, DerivedCache, DerivedKind, DerivedSettings};
use halles_domain::{Language, ListingId, Slug};
use halles_http::{CachingSettings, Rendered, Terms};
use halles_pages::{Visit, find_basket_link};
use halles_store::Keyset;

use crate::browse::{ListingFilter, NoAnswer};

/// Everything that an answer depends on besides the catalogue: two requests with one key get the same bytes. It is made
/// of what was parsed, so whatever else stands in an address or a header makes no other answer and takes no memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A page for people.
    Page(Subject, Language),
    /// A document for programs, with so many listings at most.
    Document(Subject, usize),
    /// The drawing that stands in for a photo.
    Drawing(Drawn),
}

/// What a page or a document is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// The home page; for programs the newest listings.
    Market,
    Categories,
    Category(Slug, ListingFilter),
    Listing(ListingId),
    Shop(Slug),
    /// A shop's listings, from a place on.
    ShopListings(Slug, Option<Keyset>),
}

/// What a drawing shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Drawn {
    Listing(ListingId),
    Category(Slug),
}

/// An answer that is ready to send.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) rendered: Rendered,
    /// The one true address, if it was asked for under another.
    pub(crate) path: Option<String>,
}

/// The answers that are kept.
pub(crate) type ReadyAnswers = DerivedCache<Key, Ready, NoAnswer>;

/// Room for answers made from what `catalogue` gives.
pub(crate) fn ready_answers(settings: &DerivedSettings, catalogue: &Catalogue) -> ReadyAnswers {
    let kind = DerivedKind {
        name: "listing_answer",
        weigh: |_: &Key, ready: &Ready| ready.rendered.weight() + ready.path.as_ref().map_or(0, String::len),
        is_outage: |error| matches!(error, NoAnswer::Unreadable(CatalogueError::Unavailable(_) | CatalogueError::Busy)),
    };
    DerivedCache::new(kind, settings, catalogue)
}

/// Puts answers into their final form.
#[derive(Debug)]
pub(crate) struct Printer {
    pages: Terms,
    documents: Terms,
    drawings: Terms,
}

/// A drawing changes only when its listing's title, colour or category does, and then nobody minds the old one for a day.
const DRAWING_CACHE_CONTROL: &str = "public, max-age=86400, stale-while-revalidate=604800";

impl Printer {
    pub(crate) fn new(settings: &CachingSettings) -> Self {
        Self {
            pages: Terms::pages(settings),
            documents: Terms::documents(settings),
            drawings: Terms::fixed(DRAWING_CACHE_CONTROL),
        }
    }

    /// A page at its address, drawn for a visitor whose basket is empty: the basket's link is a hole for others.
    pub(crate) fn page(&self, language: Language, address: &str, draw: impl FnOnce(&Visit<'_>) -> String) -> Ready {
        let html = draw(&Visit { language, basket_pieces: 0, path_and_query: address });
        let hole = find_basket_link(&html, language);
        Ready { rendered: Rendered::page(&self.pages, html, hole), path: None }
    }

    /// A JSON document.
    pub(crate) fn document(&self, document: &impl serde::Serialize) -> Result<Ready, NoAnswer> {
        let json = serde_json::to_vec(document).map_err(|error| NoAnswer::Unwritable(error.to_string()))?;
        Ok(Ready { rendered: Rendered::new("application/json", &self.documents, json), path: None })
    }

    /// A drawing.
    pub(crate) fn drawing(&self, svg: String) -> Ready {
        Ready { rendered: Rendered::new("image/svg+xml", &self.drawings, svg), path: None }
    }
}
