//! Works out suggestions where they disturb nobody: in places of their own, off the threads that answer requests.

use std::sync::Arc;
use std::time::Instant;

use halles_domain::CategoryTree;
use halles_resilience::Bulkhead;
use halles_search_index::{SearchError, SuggestQuery, Suggester, Suggestions, TypedText};

use crate::asked_often::AskedOften;
use crate::measures::Measures;
use crate::searcher::NoHits;
use crate::snapshot_follower::CurrentIndex;
use crate::suggestion_settings::SuggestionSettings;

/// The phrases of the index behind their wall.
pub(crate) struct Suggesting {
    index: CurrentIndex,
    suggester: Arc<Suggester>,
    places: Bulkhead,
    /// What shoppers search for.
    pub(crate) asked_often: AskedOften,
    settings: SuggestionSettings,
    measures: Measures,
}

impl Suggesting {
    pub(crate) fn new(index: CurrentIndex, settings: &SuggestionSettings, measures: Measures) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let max_concurrent = if settings.max_concurrent == 0 { cores } else { settings.max_concurrent };
        Self {
            index,
            suggester: Arc::default(),
            places: Bulkhead::new("suggesting", max_concurrent, settings.max_wait()),
            asked_often: AskedOften::new(settings.shared_by),
            settings: settings.clone(),
            measures,
        }
    }

    /// Reads the phrases of each generation when it comes. Never returns; may be dropped at any moment.
    pub(crate) async fn follow(&self) {
        let mut index = self.index.clone();
        loop {
            let current = index.borrow_and_update().clone();
            if let Some(current) = current {
                let suggester = Arc::clone(&self.suggester);
                let reading = tokio::task::spawn_blocking(move || suggester.prepare(&current));
                if let Ok(Err(error)) = reading.await {
                    tracing::warn!(%error, "the phrases of a generation cannot be read; suggesting without");
                }
            }
            if index.changed().await.is_err() {
                return;
            }
        }
    }

    /// What may be meant by what was typed so far.
    pub(crate) async fn suggest(&self, typed: TypedText, tree: Arc<CategoryTree>) -> Result<Suggestions, NoHits> {
        let permit = self.places.enter().await?;
        let index = self.index.borrow().as_ref().map(Arc::clone).ok_or(NoHits::NoIndex)?;
        let asked_often = self.asked_often.beginning_with(&typed, self.settings.searches);
        let (suggester, limits, started) = (Arc::clone(&self.suggester), self.settings.limits(), Instant::now());
        let suggesting = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let query = SuggestQuery { typed: &typed, asked_often: &asked_often, tree: &tree, limits };
            suggester.suggest(&query, &index)
        });
        let suggestions = match suggesting.await {
            Ok(Ok(suggestions)) => suggestions,
            Ok(Err(SearchError::OutOfTime)) => return Err(NoHits::OutOfTime),
            Ok(Err(error)) => return Err(NoHits::Internal(error.to_string())),
            Err(panic) => return Err(NoHits::Internal(panic.to_string())),
        };
        self.measures.suggested(started.elapsed());
        Ok(suggestions)
    }
}
