//! Answers that are ready to send: what each depends on, and how they get their final form.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::RequestHead;
use actix_web::web::Bytes;
use halles_cache::{Catalogue, CatalogueError, Derived, DerivedCache, DerivedKind, DerivedSettings};
use halles_domain::Language;
use halles_http::{CachingSettings, Deadline, Provenance, Rendered, Rung, Terms, TrustedHops, offer_shortcut};
use halles_pages::find_basket_link;

use crate::app::State;
use crate::ask::{Ask, Place};
use crate::asked_often::Asked;
use crate::find_listings::{FindError, Findings, find_listings};
use crate::nearby::Whereabouts;
use crate::searcher::{NoHits, Source};
use crate::{results_page, wire};

/// Everything that an answer depends on besides the catalogue: two requests with one key get the same bytes. It is made
/// of what was parsed, so whatever else stands in an address or a header makes no other answer and takes no memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    ask: Ask,
    form: Form,
    source: Option<Source>,
}

impl Key {
    /// What a person who opened this page searched for; turning pages is no search.
    fn asked(&self) -> Option<Asked> {
        let is_search = matches!(self.form, Form::Page(_)) && self.ask.place == Place::Page(1);
        is_search.then(|| Asked::of(&self.ask.text)).flatten()
    }
}

/// For whom an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// A page for people.
    Page(Language),
    /// A document for programs.
    Document,
}

/// The answers that are kept.
pub(crate) type ReadyAnswers = DerivedCache<Key, Rendered, FindError>;

/// Room for answers made from what `catalogue` gives.
pub(crate) fn ready_answers(settings: &DerivedSettings, catalogue: &Catalogue) -> ReadyAnswers {
    let kind = DerivedKind {
        name: "search_answer",
        // The words of a search stand in its key twice.
        weigh: |key: &Key, rendered: &Rendered| rendered.weight() + 2 * key.ask.text.as_str().len(),
        is_outage: |error| match error {
            FindError::Catalogue(error) => matches!(error, CatalogueError::Unavailable(_) | CatalogueError::Busy),
            FindError::NoHits(reason) => matches!(reason, NoHits::Busy(_) | NoHits::OutOfTime),
            FindError::UnknownCategory
            | FindError::UnknownPlace
            | FindError::UnknownShop
            | FindError::Unwritable(_) => false,
        },
    };
    DerivedCache::new(kind, settings, catalogue)
}

/// How long an answer without its extras is good: not much longer than what it goes without them for.
const LEAN_ANSWER_LIFE: Duration = Duration::from_secs(30);

/// What a search finds, ready to send.
pub(crate) async fn find_answer(
    state: &Arc<State>,
    ask: Ask,
    form: Form,
    deadline: Deadline,
) -> Result<Derived<Key, Rendered>, FindError> {
    let key = Key { ask: ask.clone(), form, source: state.searcher.source() };
    let make = |ahead| {
        let (state, catalogue, ask) = (Arc::clone(state), state.catalogue.ahead(ahead), ask.clone());
        async move {
            let is_lean = state.ladder.gives_up(Rung::NoExtras);
            let ask = if is_lean { ask.without_extras() } else { ask };
            let mut found = find_listings(&ask, &state.searcher, &catalogue, &state.settings, deadline).await?;
            if is_lean {
                found.freshness = found.freshness.at_most(LEAN_ANSWER_LIFE);
            }
            found.try_map(|found| state.printer.print(&found, &ask, form))
        }
    };
    state.ready.get(key, make).await
}

/// Whoever asks for the same without a basket, while it is ready, need not come all this way.
pub(crate) fn remember(state: &Arc<State>, request: &HttpRequest, key: Key) {
    let asked = key.asked();
    let hops = TrustedHops::of_server(request);
    count(state, asked.as_ref(), hops.client_address(request.head()));
    offer_shortcut(request, || {
        let (state, source) = (Arc::clone(state), key.source);
        let (ready, provenance) = (state.ready.short_way_to(key), Provenance::default());
        move |request: &RequestHead| {
            count(&state, asked.as_ref(), hops.client_address(request));
            let is_current = source == state.searcher.source();
            let (rendered, came) = is_current.then(|| ready.find())??;
            Some(provenance.add(rendered.answer(request), came, came.age()))
        }
    });
}

fn count(state: &State, asked: Option<&Asked>, address: Option<IpAddr>) {
    if let (Some(asked), Some(address)) = (asked, address) {
        state.suggesting.asked_often.count(asked, address);
    }
}

/// Puts answers into their final form.
#[derive(Debug)]
pub(crate) struct Printer {
    pages: Terms,
    documents: Terms,
}

impl Printer {
    pub(crate) fn new(settings: &CachingSettings) -> Self {
        Self { pages: Terms::pages(settings), documents: Terms::documents(settings) }
    }

    /// A document that is the same for everybody.
    pub(crate) fn document(&self, media_type: &str, body: impl Into<Bytes>) -> Rendered {
        Rendered::new(media_type, &self.documents, body)
    }

    fn print(&self, found: &Findings, ask: &Ask, form: Form) -> Result<Rendered, FindError> {
        match form {
            Form::Page(language) => {
                let html = results_page::draw(found, ask, language);
                let hole = find_basket_link(&html, language);
                Ok(Rendered::page(&self.pages, html, hole))
            }
            Form::Document if found.whereabouts == Whereabouts::Unknown => Err(FindError::UnknownPlace),
            Form::Document => {
                let json = serde_json::to_vec(&wire::to_wire(found, ask));
                let json = json.map_err(|error| FindError::Unwritable(error.to_string()))?;
                Ok(self.document("application/json", json))
            }
        }
    }
}
