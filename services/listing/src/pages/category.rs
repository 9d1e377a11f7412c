//! `GET /c/{slug}?min=&max=&sort=&after=`

use std::sync::Arc;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{Invalid, Language, Slug};
use halles_http::{Problem, Visitor};
use halles_pages::category::{CategoryPage, Filter};
use halles_pages::{address, price};
use halles_store::{Keyset, ListingSort};

use crate::answer::{self, Found};
use crate::app::State;
use crate::browse::{CategoryView, ListingFilter, NoAnswer, RawFilter, find_category};
use crate::ready::{Key, Ready, Subject};

pub(crate) async fn category(
    state: Data<State>,
    slug: Path<String>,
    raw: Query<RawFilter>,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = raw.parse().map_err(faulty_filter)?;
    let found = match slug.parse() {
        Ok(slug) => find(&state, slug, filter, visitor.language).await,
        Err(_) => Err(NoAnswer::Absent),
    };
    answer::page(&state, &visitor, &request, found).await
}

pub(crate) async fn find(state: &Arc<State>, slug: Slug, filter: ListingFilter, language: Language) -> Found {
    let key = Key::Page(Subject::Category(slug.clone(), filter), language);
    let make = |ahead| {
        let (state, catalogue, slug) = (Arc::clone(state), state.catalogue.ahead(ahead), slug.clone());
        async move {
            let found = find_category(&catalogue, &slug, filter, state.sizes.page_size).await?;
            Ok(found.map(|view| draw(&state, &view, filter, language)))
        }
    };
    state.ready.get(key, make).await
}

fn draw(state: &State, view: &CategoryView, filter: ListingFilter, language: Language) -> Ready {
    let path = view.tree.path(view.id);
    let children: Vec<_> = view.tree.children(Some(view.id)).collect();
    let as_text = |place: Keyset| place.to_string();
    let (after, next) = (filter.after.map(as_text), view.shelf.next.map(as_text));
    let in_units = |cents: Option<i64>| cents.map(price::units).unwrap_or_default();
    let (min, max) = (in_units(filter.min_cents), in_units(filter.max_cents));
    let filter = Filter { min: &min, max: &max, sort: sort_name(filter.sort) };
    let address = path.last().map(|category| address::category(&category.slug)).unwrap_or_default();
    let address = filter.address(&address, after.as_deref().unwrap_or_default());
    let page = CategoryPage {
        path: &path,
        children: &children,
        listings: &view.shelf.listings,
        filter,
        is_later_page: after.is_some(),
        next: next.as_deref(),
    };
    state.printer.page(language, &address, |visit| page.render(visit))
}

/// The default order is left out of addresses, so that a page has one.
const fn sort_name(sort: ListingSort) -> &'static str {
    match sort {
        ListingSort::Newest => "",
        ListingSort::PriceAsc => "price_asc",
        ListingSort::PriceDesc => "price_desc",
    }
}

/// A filter that makes no sense: which fields, and why.
pub(crate) fn faulty_filter(faults: Vec<Invalid>) -> Problem {
    let problem = Problem::bad_request("invalid_filter", "The filter in the address cannot be understood.");
    faults.into_iter().fold(problem, |problem, fault| problem.with_field(fault.field, fault.reason))
}
