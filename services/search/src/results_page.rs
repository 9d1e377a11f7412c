//! `GET /search?q=&category=&min=&max=&currency=&facet=&shop=&language=&available=&sort=&page=`

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{Category, Currency, Invalid, Language, Listing, Money, Slug};
use halles_http::{Problem, RequestDeadline, Visitor, with_provenance};
use halles_pages::card::Found;
use halles_pages::search_results::{Asked, CategoryFacet, PriceFacet, Reasons, SearchResultsPage, TownOffer};
use halles_pages::{Visit, address, basket_link, price};
use halles_search_index::{Matched, Respect, Town};

use crate::app::State;
use crate::ask::{Ask, Place, parse_page, price_range, sort_name};
use crate::choices::{chosen, groups};
use crate::failure::problem;
use crate::find_listings::Findings;
use crate::nearby::Whereabouts;
use crate::parameters::Parameters;
use crate::ready::{Form, find_answer, remember};

/// Reads a search as it stands in an address. What is not ours is left alone: shoppers come with whatever their
/// newsletter put behind the address.
pub(crate) fn parse(query: &str, max_page: u32) -> Result<Ask, Invalid> {
    let parameters = Parameters::of(query);
    let cents = |field| Money::cents_from_text(field, parameters.one(field));
    Ok(Ask {
        price: price_range("min", cents("min")?, cents("max")?)?,
        place: Place::Page(parse_page(parameters.one("page"), max_page)?),
        ..Ask::parse(&parameters)?
    })
}

pub(crate) async fn results_page(
    state: Data<State>,
    visitor: Visitor,
    deadline: RequestDeadline,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let ask = parse(request.query_string(), state.settings.max_page)?;
    let found = find_answer(&state, ask, Form::Page(visitor.language), *deadline).await.map_err(problem)?;
    remember(&state, &request, found.key);
    let answer = found.value.answer_to(&visitor, request.head(), |pieces| basket_link(visitor.language, pieces));
    Ok(with_provenance(answer, found.came, found.came.age()))
}

/// The page for a visitor whose basket is empty: the basket's link is a hole for others.
pub(crate) fn draw(found: &Findings, ask: &Ask, language: Language) -> String {
    let path = found.category.map(|id| found.tree.path(id)).unwrap_or_default();
    let categories: Vec<CategoryFacet<'_>> =
        found.narrower_categories().into_iter().map(|(category, count)| CategoryFacet { category, count }).collect();
    let aisles: Vec<&Category> = found.tree.children(None).collect();
    let in_units = |cents: Option<i64>| cents.map(price::units).unwrap_or_default();
    let (min, max) = (in_units(ask.price.min_cents), in_units(ask.price.max_cents));
    let radius = ask.near.as_ref().map(|near| near.radius_km.to_string()).unwrap_or_default();
    let asked = Asked {
        text: ask.text.as_str(),
        category: ask.category.as_ref().map_or("", Slug::as_str),
        min: &min,
        max: &max,
        currency: if ask.currency == Currency::default() { "" } else { ask.currency.code() },
        near: ask.near.as_ref().map_or("", |near| &near.written),
        radius: &radius,
        choices: chosen(ask),
        sort: sort_name(ask.sort),
        page: page_number(ask),
        is_explained: ask.is_explained,
    };
    let path_and_query = asked.address();
    let page = SearchResultsPage {
        asked,
        path: &path,
        categories: &categories,
        prices: &prices(found, ask.currency),
        currencies: &currencies(found, ask.currency),
        groups: &groups(found, ask, language),
        at_any_price: found.without(&Respect::Price),
        listings: &cards(found),
        towns: &towns(found),
        reasons: &reasons(found, language),
        total: found.total,
        is_partial: found.matched == Matched::SomeWords,
        is_cut_short: found.is_cut_short,
        correction: found.correction.as_deref(),
        pages: found.pages,
        aisles: &aisles,
        consolation: &found.consolation,
    };
    page.render(&Visit { language, basket_pieces: 0, path_and_query: &path_and_query })
}

fn cards(found: &Findings) -> Vec<Found<'_>> {
    let marked = found.listings.iter().zip(&found.highlights).zip(&found.distances);
    marked.map(|((listing, highlight), distance)| highlight.on_card(listing, *distance)).collect()
}

/// The towns that may be meant, each told from the others by its first postcode.
fn towns(found: &Findings) -> Vec<TownOffer> {
    let Whereabouts::Known { town, others } = &found.whereabouts else { return Vec::new() };
    let name = |town: &Town| match town.postcodes.first() {
        Some(postcode) => format!("{} {postcode}", town.name),
        None => town.name.clone(),
    };
    std::iter::once(town).chain(others).map(|town| TownOffer { name: name(town) }).collect()
}

const fn page_number(ask: &Ask) -> u32 {
    match ask.place {
        Place::Page(page) => page,
        Place::Walk | Place::Behind(_) => 1,
    }
}

fn prices(found: &Findings, currency: Currency) -> Vec<PriceFacet> {
    let money = |cents: i64| Money::new(cents, currency).ok();
    let bands = found.facets.prices.iter().map(|band| PriceFacet {
        min: band.range.min_cents.and_then(money),
        max: band.range.max_cents.and_then(money),
        count: band.count,
    });
    bands.collect()
}

/// Why each of the listings shown was found.
fn reasons(found: &Findings, language: Language) -> Vec<Reasons> {
    let of = |listing: &Arc<Listing>| {
        let explanation = found.explanations.iter().find(|explanation| explanation.id == listing.id)?;
        let (title, address) = (listing.title.as_str().to_owned(), address::listing(listing));
        Some(Reasons { title, address, lines: explanation.in_words(language) })
    };
    found.listings.iter().filter_map(of).collect()
}

/// The currencies to choose from, the one in use among them and first.
fn currencies(found: &Findings, ours: Currency) -> Vec<&'static str> {
    let others = found.facets.currencies.iter().map(|(currency, _)| *currency).filter(|other| *other != ours);
    std::iter::once(ours).chain(others).map(Currency::code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_put_behind_an_address_is_left_alone() {
        let ask = parse("q=bol&utm_source=news&fbclid=x&min=3,50", 40).expect("a search");
        assert_eq!((ask.text.as_str(), ask.price.min_cents), ("bol", Some(350)));
        assert!(parse("q=bol&min=abc", 40).is_err());
    }
}
