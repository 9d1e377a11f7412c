//! `GET /search?q=&category=&min=&max=&sort=&page=`

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{Category, Currency, Invalid, Language, Money, Slug};
use halles_http::{Problem, RequestDeadline, Visitor, client_address, with_provenance};
use halles_pages::search_results::{Asked, CategoryFacet, PriceFacet, SearchResultsPage};
use halles_pages::{Visit, basket_link, price};
use halles_search_index::{Matched, SearchText};
use serde::Deserialize;

use crate::app::State;
use crate::ask::{Ask, parse_category, parse_page, parse_sort, price_range, sort_name};
use crate::failure::problem;
use crate::find_listings::Findings;
use crate::ready::{Form, find_answer, remember};

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
    /// The first page of a search for these words.
    pub(crate) fn for_words(words: &str) -> Self {
        Self { q: words.to_owned(), ..Self::default() }
    }

    pub(crate) fn parse(&self, max_page: u32) -> Result<Ask, Invalid> {
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
    if let Some(address) = client_address(&request).filter(|_| ask.page == 1) {
        state.suggesting.asked_often.note(&ask.text, address);
    }
    let found = find_answer(&state, ask, Form::Page(visitor.language), *deadline).await.map_err(problem)?;
    remember(&state, &request, found.key);
    let answer = found.value.answer_to(&visitor, &request, |pieces| basket_link(visitor.language, pieces));
    Ok(with_provenance(answer, found.came, found.came.age()))
}

/// The page for a visitor whose basket is empty: the basket's link is a hole for others.
pub(crate) fn draw(found: &Findings, ask: &Ask, language: Language) -> String {
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
    let in_units = |cents: Option<i64>| cents.map(price::units).unwrap_or_default();
    let (min, max) = (in_units(ask.price.min_cents), in_units(ask.price.max_cents));
    let asked = Asked {
        text: ask.text.as_str(),
        category: ask.category.as_ref().map_or("", Slug::as_str),
        min: &min,
        max: &max,
        sort: sort_name(ask.sort),
        page: ask.page,
    };
    let page = SearchResultsPage {
        asked,
        path: &path,
        categories: &categories,
        prices: &prices,
        listings: &found.listings,
        total: found.total,
        is_partial: found.matched == Matched::SomeWords,
        pages: found.pages,
        aisles: &aisles,
    };
    page.render(&Visit { language, basket_pieces: 0, path_and_query: &asked.address() })
}
