//! The use case: what a search finds, as the catalogue has it right now.

use std::sync::Arc;

use halles_cache::{Catalogue, CatalogueError, Lookup};
use halles_domain::{Category, CategoryId, CategoryTree, Listing, Seller, SellerId, Slug};
use halles_http::Deadline;
use halles_search_index::{Facets, HitExplanation, HitKey, Matched, Respect, SearchHits, is_searchable};
use tokio::time::Instant;

use crate::SearchSettings;
use crate::ask::Ask;
use crate::highlights::{Highlight, highlights};
use crate::nearby::Whereabouts;
use crate::searcher::{Answered, NoHits, Searcher};

/// What a search found.
#[derive(Debug)]
pub(crate) struct Findings {
    /// This page's listings.
    pub(crate) listings: Vec<Arc<Listing>>,
    /// The words of each that it was found by.
    pub(crate) highlights: Vec<Highlight>,
    /// Where the place is that they should be near to.
    pub(crate) whereabouts: Whereabouts,
    /// How many kilometres each is away from it.
    pub(crate) distances: Vec<Option<f64>>,
    /// How many match in all.
    pub(crate) total: u64,
    /// How many pages can be asked for.
    pub(crate) pages: u32,
    /// The hit behind which a walk goes on.
    pub(crate) next: Option<HitKey>,
    /// How well they match.
    pub(crate) matched: Matched,
    /// Whether the time ran out before all listings were looked at.
    pub(crate) is_cut_short: bool,
    /// The words with their probable mistakes put right.
    pub(crate) correction: Option<String>,
    /// The tree that the counts belong to.
    pub(crate) tree: Arc<CategoryTree>,
    /// The category asked for.
    pub(crate) category: Option<CategoryId>,
    /// What the search can be narrowed by.
    pub(crate) facets: Facets,
    /// The shops among that, with their names.
    pub(crate) shops: Vec<(Arc<Seller>, u64)>,
    /// Why they were found, when that was asked for.
    pub(crate) explanations: Vec<HitExplanation>,
    /// Something to look at when nothing was found.
    pub(crate) consolation: Vec<Arc<Listing>>,
    /// The generation of the index that answered.
    pub(crate) generation: u64,
}

/// Why a search has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum FindError {
    /// The category asked for does not exist.
    #[error("there is no such category")]
    UnknownCategory,
    /// The place asked for is on no list.
    #[error("the place is not known")]
    UnknownPlace,
    /// A shop asked for does not exist.
    #[error("there is no such shop")]
    UnknownShop,
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

/// How many listings console whoever found nothing: two rows on a wide screen, four on a phone.
const CONSOLATION: usize = 8;

/// Finds listings.
pub(crate) async fn find_listings(
    ask: &Ask,
    searcher: &Searcher,
    catalogue: &Catalogue,
    settings: &SearchSettings,
    deadline: Deadline,
) -> Result<Lookup<Findings>, FindError> {
    let tree = catalogue.category_tree().await?;
    let asked_shops = find_shops(&ask.shops, catalogue).await?;
    let whereabouts = Whereabouts::find(ask.near.as_ref(), searcher)?;
    let mut query = ask.to_query(&tree.value, asked_shops, settings).ok_or(FindError::UnknownCategory)?;
    query.near = whereabouts.near(ask.near.as_ref());
    let category = query.category;
    let Answered { hits, explanations } = searcher.search(query, ask.is_explained, deadline).await?;
    let shops = name_shops(&hits.facets.shops, catalogue).await?;
    let consolation = console(&hits, ask, catalogue).await?;
    // The index may be a second behind: what was closed or sold since is nobody's hit any more.
    let listings = catalogue.listings(&hits.ids).await?.map(still_there);
    let distances = whereabouts.distances(&listings.value, catalogue).await?;
    let parts = tree.and(listings).and(shops).and(consolation).and(distances);
    let is_cut_short = hits.is_cut_short;
    let mut found = parts.map(|((((tree, listings), shops), consolation), distances)| Findings {
        highlights: highlights(&hits.words, &listings),
        listings,
        whereabouts,
        distances,
        total: hits.total,
        pages: page_count(hits.total, settings),
        next: hits.last,
        matched: hits.matched,
        is_cut_short,
        correction: hits.correction,
        tree,
        category,
        facets: hits.facets,
        shops,
        explanations,
        consolation,
        generation: hits.generation,
    });
    if is_cut_short {
        // Whoever asks next may find a quieter moment.
        found.freshness.fresh_until = Instant::now();
    }
    Ok(found)
}

fn still_there(mut listings: Vec<Arc<Listing>>) -> Vec<Arc<Listing>> {
    listings.retain(|listing| is_searchable(listing));
    listings
}

async fn find_shops(slugs: &[Slug], catalogue: &Catalogue) -> Result<Vec<SellerId>, FindError> {
    let mut shops = Vec::with_capacity(slugs.len());
    for slug in slugs {
        let shop = catalogue.seller_by_slug(slug).await?;
        shops.push(shop.value.ok_or(FindError::UnknownShop)?.id);
    }
    Ok(shops)
}

async fn name_shops(
    counts: &[(SellerId, u64)],
    catalogue: &Catalogue,
) -> Result<Lookup<Vec<(Arc<Seller>, u64)>>, CatalogueError> {
    if counts.is_empty() {
        return Ok(Lookup::certain(Vec::new()));
    }
    let ids: Vec<SellerId> = counts.iter().map(|(id, _)| *id).collect();
    let count_of = |shop: &Seller| counts.iter().find(|(id, _)| *id == shop.id).map_or(0, |(_, count)| *count);
    let shops = catalogue.sellers(&ids).await?;
    Ok(shops.map(|shops| shops.into_iter().map(|shop| (Arc::clone(&shop), count_of(&shop))).collect()))
}

/// The newest listings of all, when nothing was found whatever the choices.
async fn console(
    hits: &SearchHits,
    ask: &Ask,
    catalogue: &Catalogue,
) -> Result<Lookup<Vec<Arc<Listing>>>, CatalogueError> {
    if hits.total > 0 || ask.is_plain || ask.is_narrowed() {
        return Ok(Lookup::certain(Vec::new()));
    }
    catalogue.newest(CONSOLATION).await
}

fn page_count(total: u64, settings: &SearchSettings) -> u32 {
    let pages = total.div_ceil(settings.page_size as u64);
    u32::try_from(pages).unwrap_or(u32::MAX).min(settings.max_page)
}

impl Findings {
    /// How many would be found if the search were not narrowed in this respect; nothing when it is not.
    pub(crate) fn without(&self, respect: &Respect) -> Option<u64> {
        self.facets.without.iter().find(|(known, _)| known == respect).map(|(_, count)| *count)
    }

    /// Categories to narrow the search to: those directly below the one asked for, or those at the top, as far as they
    /// hold anything and not everything.
    pub(crate) fn narrower_categories(&self) -> Vec<(&Category, u64)> {
        let count_in = |category: &Category| self.facets.categories.get(&category.id).copied().unwrap_or_default();
        let counted = self.tree.children(self.category).map(|child| (child, count_in(child)));
        counted.filter(|(_, count)| *count > 0).collect()
    }
}
