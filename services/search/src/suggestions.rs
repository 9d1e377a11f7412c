//! The use case: what to suggest to somebody who types, as the catalogue has it right now, ready to send.

use std::sync::Arc;

use halles_api::listing::{Category, ListingSummary};
use halles_api::search::SuggestionList;
use halles_cache::{Catalogue, CatalogueError, Derived, DerivedCache, DerivedKind, DerivedSettings, Lookup};
use halles_domain::{CategoryTree, Language, Listing};
use halles_http::Rendered;
use halles_pages::search_field::{self, Offer};
use halles_search_index::{Suggestions, TypedText, is_searchable};

use crate::app::State;
use crate::find_listings::FindError;
use crate::ready::Form;
use crate::searcher::NoHits;

/// Two requests with one key get the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    typed: TypedText,
    form: Form,
    generation: Option<u64>,
}

/// The lists of suggestions that are kept.
pub(crate) type ReadySuggestions = DerivedCache<Key, Rendered, FindError>;

/// Room for lists made from what `catalogue` gives.
pub(crate) fn ready_suggestions(settings: &DerivedSettings, catalogue: &Catalogue) -> ReadySuggestions {
    let kind = DerivedKind {
        name: "suggestions",
        weigh: |_: &Key, rendered: &Rendered| rendered.weight(),
        is_outage: |error| match error {
            FindError::Catalogue(error) => matches!(error, CatalogueError::Unavailable(_) | CatalogueError::Busy),
            FindError::NoHits(reason) => matches!(reason, NoHits::Busy(_)),
            _ => false,
        },
    };
    DerivedCache::new(kind, settings, catalogue)
}

/// What to suggest, ready to send.
pub(crate) async fn find_suggestions(
    state: &Arc<State>,
    typed: TypedText,
    form: Form,
) -> Result<Derived<Key, Rendered>, FindError> {
    let key = Key { typed: typed.clone(), form, generation: state.searcher.generation() };
    let make = |ahead| {
        let (state, catalogue, typed) = (Arc::clone(state), state.catalogue.ahead(ahead), typed.clone());
        async move {
            let found = suggest(&state, typed, &catalogue).await?;
            found.try_map(|found| match form {
                Form::Page(language) => Ok(state.printer.document("text/html; charset=utf-8", found.draw(language))),
                Form::Document => {
                    let json = serde_json::to_vec(&found.to_wire());
                    let json = json.map_err(|error| FindError::Unwritable(error.to_string()))?;
                    Ok(state.printer.document("application/json", json))
                }
            })
        }
    };
    state.ready_suggestions.get(key, make).await
}

async fn suggest(state: &State, typed: TypedText, catalogue: &Catalogue) -> Result<Lookup<Suggested>, FindError> {
    let tree = catalogue.category_tree().await?;
    let suggestions = state.suggesting.suggest(typed, Arc::clone(&tree.value)).await?;
    let listings = catalogue.listings(&suggestions.listings).await?;
    Ok(tree.and(listings).map(|(tree, mut listings)| {
        // As on the results page: what was sold since the index was built is suggested to nobody.
        listings.retain(|listing| is_searchable(listing));
        Suggested { suggestions, tree, listings }
    }))
}

/// Suggestions with what is shown of them.
struct Suggested {
    suggestions: Suggestions,
    tree: Arc<CategoryTree>,
    listings: Vec<Arc<Listing>>,
}

impl Suggested {
    fn categories(&self) -> Vec<&halles_domain::Category> {
        self.suggestions.categories.iter().filter_map(|id| self.tree.get(*id)).collect()
    }

    fn draw(&self, language: Language) -> String {
        let offer =
            Offer { searches: &self.suggestions.searches, categories: &self.categories(), listings: &self.listings };
        search_field::suggestions(language, &offer)
    }

    fn to_wire(&self) -> SuggestionList {
        SuggestionList {
            searches: self.suggestions.searches.clone(),
            categories: self.categories().into_iter().map(Category::from).collect(),
            listings: self.listings.iter().map(|listing| ListingSummary::from(listing.as_ref())).collect(),
        }
    }
}
