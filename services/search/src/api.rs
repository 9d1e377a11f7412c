//! `GET /api/v1/search`

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::listing::ListingSummary;
use halles_api::problem::ProblemDetails;
use halles_api::search::{CategoryCount, PriceCount, SearchMatch, SearchPage};
use halles_domain::Invalid;
use halles_http::{Problem, RequestDeadline, with_provenance};
use halles_search_index::{Matched, SearchText};
use serde::Deserialize;

use crate::app::State;
use crate::ask::{Ask, check_price, parse_category, parse_page, parse_sort, price_range};
use crate::failure::problem;
use crate::find_listings::Findings;
use crate::ready::{Form, find_answer, remember};

/// What to look for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchParameters {
    /// The words, in French or English; at most 400 characters, of which the first 16 different words count. Without
    /// any, everything matches.
    #[param(example = "bol en grès")]
    q: String,
    /// Only this category and those below it, by its name in addresses.
    #[param(example = "ceramique")]
    category: String,
    /// Only those that cost at least this, in minor units. A price limit leaves out what has no price.
    #[param(example = 1_000, minimum = 0)]
    min_price_cents: Option<i64>,
    /// Only those that cost at most this, in minor units.
    #[param(example = 5_000, minimum = 0)]
    max_price_cents: Option<i64>,
    /// `relevance` (when it is not given), `newest`, `price_asc` or `price_desc`. What has no price comes last.
    #[param(example = "relevance")]
    sort: String,
    /// The page, from 1.
    #[param(example = "1")]
    page: String,
}

impl SearchParameters {
    fn parse(&self, max_page: u32) -> Result<Ask, Invalid> {
        let min_cents = check_price("min_price_cents", self.min_price_cents)?;
        let max_cents = check_price("max_price_cents", self.max_price_cents)?;
        Ok(Ask {
            text: SearchText::new(&self.q)?,
            category: parse_category(&self.category)?,
            price: price_range("min_price_cents", min_cents, max_cents)?,
            sort: parse_sort(&self.sort)?,
            page: parse_page(&self.page, max_page)?,
        })
    }
}

/// Search listings
///
/// Finds listings by their title, description, attributes, category and shop, in either language's form, with or without
/// accents. Listings that have every word come first; when they are few, some with fewer words follow.
#[utoipa::path(
    get, path = "/api/v1/search", tag = "Search",
    params(SearchParameters),
    responses(
        (status = 200, description = "A page of listings, with counts to narrow the search by", body = SearchPage),
        (status = 400, description = "The query cannot be understood", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "No search is possible right now; see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search(
    state: Data<State>,
    parameters: Query<SearchParameters>,
    deadline: RequestDeadline,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let ask = parameters.parse(state.settings.max_page)?;
    let found = find_answer(&state, ask, Form::Document, *deadline).await.map_err(problem)?;
    remember(&state, &request, found.key);
    Ok(with_provenance(found.value.answer(&request), found.came, found.came.age()))
}

pub(crate) fn to_wire(found: &Findings, ask: &Ask) -> SearchPage {
    let categories = found.narrower_categories().into_iter();
    let prices = found.prices.iter().map(|band| PriceCount {
        min_price_cents: band.range.min_cents,
        max_price_cents: band.range.max_cents,
        count: band.count,
    });
    SearchPage {
        listings: found.listings.iter().map(|listing| ListingSummary::from(listing.as_ref())).collect(),
        total: found.total,
        page: ask.page,
        pages: found.pages,
        matched: match found.matched {
            Matched::AllWords => SearchMatch::AllWords,
            Matched::SomeWords => SearchMatch::SomeWords,
        },
        categories: categories.map(|(category, count)| CategoryCount::new(category, count)).collect(),
        prices: prices.collect(),
        generation: found.generation,
    }
}
