//! What an instance makes ready before it takes traffic, so that the first crowd finds it warm.

use std::sync::Arc;

use halles_cache::Derived;
use halles_domain::Language;
use halles_http::{Readiness, WarmUp};
use tokio::task::JoinHandle;

use crate::WarmUpSettings;
use crate::answer::Found;
use crate::app::State;
use crate::browse::ListingFilter;
use crate::pages::{find_category_page, find_home_page, find_listing_page};

/// Begins as soon as the catalogue can be read, and holds readiness back until it is done or out of time.
pub(crate) fn warm_up(readiness: &Readiness, state: &Arc<State>) -> JoinHandle<()> {
    let warm_up = WarmUp::within(state.sizes.warm_up.limit());
    let (has_catalogue, pages) = (Arc::clone(state), Arc::clone(state));
    warm_up.start(
        readiness,
        move || {
            let state = Arc::clone(&has_catalogue);
            async move { state.catalogue.category_tree().await.is_ok() }
        },
        async move { make_ready(&pages, &pages.sizes.warm_up).await },
    )
}

async fn make_ready(state: &Arc<State>, named: &WarmUpSettings) {
    let featured = state.catalogue.featured(state.sizes.featured).await;
    let featured = featured.iter().flat_map(|found| found.value.iter().map(|listing| listing.id));
    let listings: Vec<_> = featured.chain(named.listings.iter().copied()).collect();
    let tree = state.catalogue.category_tree().await;
    let aisles = tree.iter().flat_map(|tree| tree.value.children(None).map(|category| category.slug.clone()));
    let categories: Vec<_> = aisles.chain(named.categories.iter().cloned()).collect();
    for language in Language::ALL {
        finish(find_home_page(state, language).await);
        for id in &listings {
            finish(find_listing_page(state, *id, language).await);
        }
        for slug in &categories {
            finish(find_category_page(state, slug.clone(), ListingFilter::default(), language).await);
        }
    }
    tracing::info!(listings = listings.len(), categories = categories.len(), "warm");
}

/// Encodes a page as well. One that cannot be made now is made, or refused, when somebody asks for it.
fn finish(found: Found) {
    match found {
        Ok(Derived { value: ready, .. }) => ready.rendered.warm(),
        Err(reason) => tracing::debug!(?reason, "a page could not be made ready"),
    }
}
