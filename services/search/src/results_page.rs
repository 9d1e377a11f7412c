//! `GET /search?q=&category=&min=&max=&sort=&page=`

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{Category, Currency, Invalid, Money};
use halles_http::{Problem, RequestDeadline, Visitor};
use halles_pages::search_results::{Asked, CategoryFacet, PriceFacet, SearchResultsPage};
use halles_search_index::{Matched, SearchText};
use serde::Deserialize;

use crate::answer;
use crate::app::State;
use crate::ask::{Ask, parse_category, parse_page, parse_sort, price_range};
use crate::failure::problem;
use crate::find_listings::{Findings, find_listings};

/// A search as it stands in an address, not checked yet. What is not ours is left alone: shoppers come with whatever
/// their newsletter put behind the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawSearch {
    q: String,
    category: String,
    min: String,
    max: String,
    sort: String,
    page: String,
}

impl RawSearch {
    fn parse(&self, max_page: u32) -> Result<Ask, Invalid> {
        Ok(Ask {
            text: SearchText::new(&self.q)?,
            category: parse_category(&self.category)?,
            price: price_range(
                "min",
                Money::cents_from_text("min", &self.min)?,
                Money::cents_from_text("max", &self.max)?,
            )?,
            sort: parse_sort(&self.sort)?,
            page: parse_page(&self.page, max_page)?,
        })
    }
}

pub(crate) async fn results_page(
    state: Data<State>,
    raw: Query<RawSearch>,
    visitor: Visitor,
    deadline: RequestDeadline,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let ask = raw.parse(state.settings.max_page)?;
    let found = find_listings(&ask, &state.searcher, &state.catalogue, &state.settings, *deadline).await;
    let found = found.map_err(problem)?;
    let html = draw(&found, &ask, &raw, &visitor);
    Ok(answer::page(&request, html, found.status))
}

fn draw(found: &Findings, ask: &Ask, raw: &RawSearch, visitor: &Visitor) -> String {
    let path = found.category.map(|id| found.tree.path(id)).unwrap_or_default();
    let categories: Vec<CategoryFacet<'_>> =
        found.narrower_categories().into_iter().map(|(category, count)| CategoryFacet { category, count }).collect();
    let aisles: Vec<&Category> = found.tree.children(None).collect();
    // Mixed currencies are rare and small here; the euro stands for them all until prices are compared across.
    let money = |cents: i64| Money::new(cents, Currency::Eur).ok();
    let prices: Vec<PriceFacet> = found
        .prices
        .iter()
        .map(|band| PriceFacet {
            min: band.range.min_cents.and_then(money),
            max: band.range.max_cents.and_then(money),
            count: band.count,
        })
        .collect();
    // The default order is left out of addresses, so that a search has one.
    let sort = Some(raw.sort.as_str()).filter(|sort| *sort != "relevance").unwrap_or_default();
    let page = SearchResultsPage {
        asked: Asked {
            text: ask.text.as_str(),
            category: &raw.category,
            min: raw.min.trim(),
            max: raw.max.trim(),
            sort,
            page: ask.page,
        },
        path: &path,
        categories: &categories,
        prices: &prices,
        listings: &found.listings,
        total: found.total,
        is_partial: found.matched == Matched::SomeWords,
        pages: found.pages,
        aisles: &aisles,
    };
    page.render(&answer::visit(visitor))
}
