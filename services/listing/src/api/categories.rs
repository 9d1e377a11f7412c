//! `/api/v1/categories`

use std::sync::Arc;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::listing::{CategoryList, ListingPage, ListingSummary};
use halles_api::problem::ProblemDetails;
use halles_cache::Shelf;
use halles_domain::{Invalid, Money, Slug};
use halles_http::Problem;
use serde::Deserialize;

use crate::ListingSettings;
use crate::answer;
use crate::app::State;
use crate::browse::{ListingFilter, find_category, parse_after, parse_sort};
use crate::ready::{Key, Subject};

const NO_CATEGORY: &str = "There is no category of this name.";

/// The most listings in one answer.
const MAX_LIMIT: usize = 100;

/// Which listings of a category to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CategoryListingsQuery {
    /// Only those that cost at least this, in minor units. A price limit leaves out what has no price.
    #[param(example = 1_000, minimum = 0)]
    min_price_cents: Option<i64>,
    /// Only those that cost at most this, in minor units.
    #[param(example = 5_000, minimum = 0)]
    max_price_cents: Option<i64>,
    /// `newest` (when it is not given), `price_asc` or `price_desc`. What has no price comes last.
    #[serde(default)]
    #[param(example = "price_asc")]
    sort: String,
    /// The `next` of the page before this one.
    #[serde(default)]
    after: String,
    /// How many, 1 to 100; 24 when it is not given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

impl CategoryListingsQuery {
    fn filter(&self) -> Result<ListingFilter, Invalid> {
        let min_cents = lawful_price("min_price_cents", self.min_price_cents)?;
        let max_cents = lawful_price("max_price_cents", self.max_price_cents)?;
        if let (Some(min), Some(max)) = (min_cents, max_cents)
            && min > max
        {
            return Err(Invalid::new("min_price_cents", "must not be above max_price_cents"));
        }
        ListingFilter { min_cents, max_cents, sort: parse_sort(&self.sort)?, after: parse_after(&self.after)? }
            .checked()
    }
}

fn lawful_price(field: &'static str, cents: Option<i64>) -> Result<Option<i64>, Invalid> {
    match cents {
        Some(cents) if !(0..=Money::MAX_CENTS).contains(&cents) => {
            Err(Invalid::new(field, format!("must be between 0 and {}", Money::MAX_CENTS)))
        }
        cents => Ok(cents),
    }
}

/// How many listings to answer with.
pub(super) fn limit(asked: Option<usize>, sizes: &ListingSettings) -> Result<usize, Invalid> {
    match asked {
        None => Ok(sizes.page_size),
        Some(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        Some(_) => Err(Invalid::new("limit", format!("must be between 1 and {MAX_LIMIT}"))),
    }
}

/// A page of listings as it travels.
pub(super) fn page(shelf: &Shelf) -> ListingPage {
    ListingPage {
        listings: shelf.listings.iter().map(|listing| ListingSummary::from(listing.as_ref())).collect(),
        next: shelf.next.map(|place| place.to_string()),
    }
}

/// The whole tree of categories
#[utoipa::path(
    get, path = "/api/v1/categories", tag = "Categories",
    responses((status = 200, description = "Every category, each after the one above it", body = CategoryList))
)]
pub(crate) async fn list_categories(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let make = |ahead| {
        let (state, catalogue) = (Arc::clone(&state), state.catalogue.ahead(ahead));
        async move {
            let tree = catalogue.category_tree().await?;
            tree.try_map(|tree| state.printer.document(&CategoryList::from(tree.as_ref())))
        }
    };
    let found = state.ready.get(Key::Document(Subject::Categories, 0), make).await;
    answer::same_for_all(&state, &request, found, "There are no categories.")
}

/// A category's listings
///
/// Those of the category itself and of every category below it, page by page: pass `next` back as `after`. What is
/// published or sold between two pages moves no other listing to another page.
#[utoipa::path(
    get, path = "/api/v1/categories/{slug}/listings", tag = "Categories",
    params(("slug" = String, Path, description = "The category's name in addresses", example = "ceramique"), CategoryListingsQuery),
    responses(
        (status = 200, description = "A page of listings", body = ListingPage),
        (status = 400, description = "The query cannot be understood", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such category", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The catalogue cannot be read right now; see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_category(
    state: Data<State>,
    slug: Path<String>,
    query: Query<CategoryListingsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (filter, limit) = (query.filter()?, limit(query.limit, &state.sizes)?);
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found(NO_CATEGORY))?;
    let make = |ahead| {
        let (state, catalogue, slug) = (Arc::clone(&state), state.catalogue.ahead(ahead), slug.clone());
        async move {
            let found = find_category(&catalogue, &slug, filter, limit).await?;
            found.try_map(|view| state.printer.document(&page(&view.shelf)))
        }
    };
    let found = state.ready.get(Key::Document(Subject::Category(slug.clone(), filter), limit), make).await;
    answer::same_for_all(&state, &request, found, NO_CATEGORY)
}
