//! What an instance makes ready before it takes traffic, so that the first crowd finds it warm.

use std::sync::Arc;
use std::time::Duration;

use halles_domain::Language;
use halles_http::{Deadline, Readiness, WarmUp};
use halles_search_index::SearchText;
use tokio::task::JoinHandle;

use crate::app::State;
use crate::ask::Ask;
use crate::ready::{Form, find_answer};

/// Begins as soon as there is an index and the catalogue can be read, and holds readiness back until it is done or out
/// of time.
pub(crate) fn warm_up(readiness: &Readiness, state: &Arc<State>) -> JoinHandle<()> {
    let limit = Duration::from_millis(state.settings.warm_up.limit_ms);
    let (asked, searching) = (Arc::clone(state), Arc::clone(state));
    WarmUp::within(limit).start(
        readiness,
        move || {
            let state = Arc::clone(&asked);
            async move { state.searcher.has_index() && state.catalogue.category_tree().await.is_ok() }
        },
        async move { make_ready(&searching, limit).await },
    )
}

async fn make_ready(state: &Arc<State>, limit: Duration) {
    let searches = state.settings.warm_up.searches.iter().map(String::as_str);
    // Whoever presses the button without a word gets everything.
    for text in std::iter::once("").chain(searches) {
        let Ok(text) = SearchText::new(text) else { continue };
        let ask = Ask { text, ..Ask::default() };
        for language in Language::ALL {
            match find_answer(state, ask.clone(), Form::Page(language), Deadline::after(limit)).await {
                Ok(found) => found.value.warm(),
                Err(error) => tracing::debug!(%error, text = ask.text.as_str(), "a search could not be made ready"),
            }
        }
    }
}
