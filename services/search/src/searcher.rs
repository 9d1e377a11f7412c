//! Runs searches where they disturb nobody: few at once, off the threads that answer requests, never for long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use halles_http::Deadline;
use halles_resilience::{Bulkhead, BulkheadFull};
use halles_search_index::{Gazetteer, HitExplanation, PlaceText, SearchError, SearchHits, SearchQuery, Town};

use crate::SearchSettings;
use crate::edited_file::Edited;
use crate::measures::Measures;
use crate::snapshot_follower::CurrentIndex;

/// Why a search has no hits.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum NoHits {
    /// No generation of the index has been loaded yet.
    #[error("no index is loaded yet")]
    NoIndex,
    /// Too many searches run.
    #[error(transparent)]
    Busy(#[from] BulkheadFull),
    /// The search took too long.
    #[error("the search took longer than it may")]
    OutOfTime,
    /// A bug, or a broken disk.
    #[error("searching the index failed: {0}")]
    Internal(String),
}

/// What an answer is made from. Another generation finds other listings and another edition of what people edit finds
/// them by other words, so each has answers of its own from its first moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Source {
    generation: u64,
    edition: u64,
}

/// What the index says.
#[derive(Debug)]
pub(crate) struct Answered {
    /// What it found.
    pub(crate) hits: SearchHits,
    /// Why, hit by hit, when that was asked for.
    pub(crate) explanations: Vec<HitExplanation>,
}

/// The index behind its wall.
pub(crate) struct Searcher {
    index: CurrentIndex,
    places: Bulkhead,
    edited: Edited,
    /// The towns of the list that came with the settings.
    gazetteer: Gazetteer,
    time_limit: Duration,
    measures: Measures,
}

impl Searcher {
    pub(crate) fn new(
        index: CurrentIndex,
        gazetteer: Gazetteer,
        settings: &SearchSettings,
        measures: Measures,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let max_concurrent = if settings.max_concurrent == 0 { cores } else { settings.max_concurrent };
        let places = Bulkhead::new("searching", max_concurrent, settings.max_wait());
        let edited = Edited::new(&settings.synonyms_path, &settings.rules_path);
        Self { index, places, edited, gazetteer, time_limit: settings.time_limit(), measures }
    }

    /// Whether a generation is loaded.
    pub(crate) fn has_index(&self) -> bool {
        self.index.borrow().is_some()
    }

    /// The generation that answers; none before the first is loaded.
    pub(crate) fn generation(&self) -> Option<u64> {
        self.index.borrow().as_ref().map(|index| index.generation())
    }

    /// What answers are made from now; nothing before the first generation is loaded.
    pub(crate) fn source(&self) -> Option<Source> {
        Some(Source { generation: self.generation()?, edition: self.edited.edition() })
    }

    /// What people edit.
    pub(crate) fn edited(&self) -> &Edited {
        &self.edited
    }

    /// The towns that may be meant, the likeliest first: of the list that came with the settings, else of those that
    /// listings and shops name.
    pub(crate) fn find_towns(&self, text: &PlaceText) -> Result<Vec<Town>, NoHits> {
        let listed = self.gazetteer.find(text);
        if !listed.is_empty() {
            return Ok(listed);
        }
        let index = self.index.borrow().as_ref().map(Arc::clone).ok_or(NoHits::NoIndex)?;
        // A look into a dictionary, far too short for a thread of its own.
        index.find_towns(text).map_err(|error| NoHits::Internal(error.to_string()))
    }

    /// Answers a query from the generation that is current when its turn comes; with reasons when `explains`, which takes
    /// about as long again.
    pub(crate) async fn search(
        &self,
        query: SearchQuery,
        explains: bool,
        deadline: Deadline,
    ) -> Result<Answered, NoHits> {
        let outcome = self.try_search(query, explains, deadline).await;
        match &outcome {
            Ok(_) => {}
            Err(NoHits::NoIndex) => self.measures.refused("no_index"),
            Err(NoHits::Busy(_)) => self.measures.refused("busy"),
            Err(NoHits::OutOfTime) => self.measures.refused("out_of_time"),
            Err(NoHits::Internal(_)) => self.measures.refused("internal"),
        }
        outcome
    }

    async fn try_search(&self, mut query: SearchQuery, explains: bool, deadline: Deadline) -> Result<Answered, NoHits> {
        if !self.has_index() {
            return Err(NoHits::NoIndex);
        }
        let permit = self.places.enter().await?;
        let index = self.index.borrow().as_ref().map(Arc::clone).ok_or(NoHits::NoIndex)?;
        let until = Instant::now() + deadline.at_most(self.time_limit).remaining();
        let started = Instant::now();
        let edited = self.edited.clone();
        let searching = tokio::task::spawn_blocking(move || {
            // The place is taken for as long as the thread is, even when nobody waits for the answer any more.
            let _permit = permit;
            edited.put_into(&mut query);
            let hits = index.search(&query, until)?;
            let explanations = if explains { index.explain(&query, &hits.ids)? } else { Vec::new() };
            Ok(Answered { hits, explanations })
        });
        let answered = match searching.await {
            Ok(Ok(answered)) => answered,
            Ok(Err(SearchError::OutOfTime)) => return Err(NoHits::OutOfTime),
            Ok(Err(SearchError::Index(error))) => return Err(NoHits::Internal(error.to_string())),
            Err(panic) => return Err(NoHits::Internal(panic.to_string())),
        };
        self.measures.answered(started.elapsed());
        Ok(answered)
    }
}
