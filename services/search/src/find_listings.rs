//! The use case: what a search finds, as the catalogue has it right now.

use std::collections::HashMap;
use std::sync::Arc;

use halles_cache::{Catalogue, CatalogueError, Lookup};
use halles_domain::{Category, CategoryId, CategoryTree, Listing};
use halles_http::Deadline;
use halles_search_index::{Matched, PriceBand, is_searchable};

use crate::SearchSettings;
use crate::ask::Ask;
use crate::searcher::{NoHits, Searcher};

/// What a search found.
#[derive(Debug)]
pub(crate) struct Findings {
    /// This page's listings.
    pub(crate) listings: Vec<Arc<Listing>>,
    /// How many match in all.
    pub(crate) total: u64,
    /// How many pages can be asked for.
    pub(crate) pages: u32,
    /// How well they match.
    pub(crate) matched: Matched,
    /// The tree that the counts belong to.
    pub(crate) tree: Arc<CategoryTree>,
    /// The category asked for.
    pub(crate) category: Option<CategoryId>,
    /// For each category, how many of the listings are in it or below it.
    pub(crate) category_counts: HashMap<CategoryId, u64>,
    /// How many there are by price.
    pub(crate) prices: Vec<PriceBand>,
    /// The generation of the index that answered.
    pub(crate) generation: u64,
}

/// Why a search has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum FindError {
    /// The category asked for does not exist.
    #[error("there is no such category")]
    UnknownCategory,
    /// A document that cannot be written: a bug.
    #[error("the results cannot be written: {0}")]
    Unwritable(String),
    /// The index gave none.
    #[error(transparent)]
    NoHits(#[from] NoHits),
    /// The hits cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

/// Finds listings.
pub(crate) async fn find_listings(
    ask: &Ask,
    searcher: &Searcher,
    catalogue: &Catalogue,
    settings: &SearchSettings,
    deadline: Deadline,
) -> Result<Lookup<Findings>, FindError> {
    let tree = catalogue.category_tree().await?;
    let query = ask.to_query(&tree.value, settings).ok_or(FindError::UnknownCategory)?;
    let category = query.category;
    let hits = searcher.search(query, deadline).await?;
    let found = tree.and(catalogue.listings(&hits.ids).await?);
    Ok(found.map(|(tree, listings)| Findings {
        // The index may be a second behind: what was closed or sold since is nobody's hit any more.
        listings: listings.into_iter().filter(|listing| is_searchable(listing)).collect(),
        total: hits.total,
        pages: page_count(hits.total, settings),
        matched: hits.matched,
        tree,
        category,
        category_counts: hits.categories,
        prices: hits.prices,
        generation: hits.generation,
    }))
}

fn page_count(total: u64, settings: &SearchSettings) -> u32 {
    let pages = total.div_ceil(settings.page_size as u64);
    u32::try_from(pages).unwrap_or(u32::MAX).min(settings.max_page)
}

impl Findings {
    /// Categories to narrow the search to: those directly below the one asked for, or those at the top, as far as they
    /// hold anything and not everything.
    pub(crate) fn narrower_categories(&self) -> Vec<(&Category, u64)> {
        let children = self.tree.children(self.category);
        let counted = children.map(|child| (child, self.category_counts.get(&child.id).copied().unwrap_or_default()));
        counted.filter(|(_, count)| *count > 0).collect()
    }
}
