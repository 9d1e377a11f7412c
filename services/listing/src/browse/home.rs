//! The home page's content.

use std::sync::Arc;

use halles_cache::{Catalogue, CatalogueError, Lookup};
use halles_domain::{CategoryTree, Listing};

use crate::ListingSettings;

/// What the home page shows.
pub(crate) struct HomeView {
    pub(crate) tree: Arc<CategoryTree>,
    pub(crate) featured: Vec<Arc<Listing>>,
    pub(crate) newest: Vec<Arc<Listing>>,
}

/// Reads its three parts side by side.
pub(crate) async fn fetch_home(
    catalogue: &Catalogue,
    sizes: &ListingSettings,
) -> Result<Lookup<HomeView>, CatalogueError> {
    let (tree, featured, newest) = tokio::try_join!(
        catalogue.category_tree(),
        catalogue.featured(sizes.featured),
        catalogue.newest(sizes.newest),
    )?;
    Ok(tree.and(featured).and(newest).map(|((tree, featured), newest)| HomeView { tree, featured, newest }))
}
