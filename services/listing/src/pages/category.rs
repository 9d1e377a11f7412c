//! `GET /c/{slug}?min=&max=&sort=&after=`

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::Invalid;
use halles_http::{Problem, Visitor};
use halles_pages::category::{CategoryPage, Filter};

use super::missing::not_found;
use crate::answer;
use crate::app::State;
use crate::browse::{CategoryView, RawFilter, find_category};
use crate::failure::problem;

pub(crate) async fn category(
    state: Data<State>,
    slug: Path<String>,
    raw: Query<RawFilter>,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = raw.parse().map_err(faulty_filter)?;
    let found = find_category(&state.catalogue, &slug, filter, state.sizes.page_size).await.map_err(problem)?;
    let Some(found) = found else { return Ok(not_found(&state, &visitor).await) };
    let html = draw(&found.value, &raw, &visitor);
    Ok(answer::page(&request, html, found.status))
}

fn draw(view: &CategoryView, raw: &RawFilter, visitor: &Visitor) -> String {
    let path = view.tree.path(view.id);
    let children: Vec<_> = view.tree.children(Some(view.id)).collect();
    let next = view.shelf.next.map(|place| place.to_string());
    // The default order is left out of addresses, so that a page has one.
    let sort = Some(raw.sort.as_str()).filter(|sort| *sort != "newest").unwrap_or_default();
    let page = CategoryPage {
        path: &path,
        children: &children,
        listings: &view.shelf.listings,
        filter: Filter { min: raw.min.trim(), max: raw.max.trim(), sort },
        is_later_page: !raw.after.is_empty(),
        next: next.as_deref(),
    };
    page.render(&answer::visit(visitor))
}

/// A filter that makes no sense: which fields, and why.
pub(crate) fn faulty_filter(faults: Vec<Invalid>) -> Problem {
    let problem = Problem::bad_request("invalid_filter", "The filter in the address cannot be understood.");
    faults.into_iter().fold(problem, |problem, fault| problem.with_field(fault.field, fault.reason))
}
