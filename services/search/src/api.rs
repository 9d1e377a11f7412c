//! `GET /api/v1/search`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use halles_api::problem::ProblemDetails;
use halles_api::search::SearchPage;
use halles_domain::Invalid;
use halles_http::{Problem, RequestDeadline, with_provenance};

use crate::app::State;
use crate::ask::{Ask, Place, parse_cents, parse_flag, parse_limit, parse_page, price_range};
use crate::failure::problem;
use crate::parameters::Parameters;
use crate::ready::{Form, find_answer, remember};

/// What to look for: for the description only, since some of them may be given several times.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; `parse` reads them")]
pub(crate) struct SearchParameters {
    /// The words, in French or English; at most 400 characters, of which the first 16 different words count. Without
    /// any, everything matches.
    #[param(example = "bol en grès")]
    q: Option<String>,
    /// Only this category and those below it, by its name in addresses.
    #[param(example = "ceramique")]
    category: Option<String>,
    /// Only listings with this property, as `properties` of an earlier answer names it. Give it several times: of one
    /// property any of the values will do, of different properties all must fit. At most 48 values of 12 properties.
    #[param(example = json!(["colour:bleu", "colour:vert", "material:gres"]))]
    facet: Option<Vec<String>>,
    /// Only listings of this shop, by its name in addresses; several times for several shops.
    shop: Option<Vec<String>>,
    /// Only listings written in this language.
    #[param(example = "fr")]
    language: Option<String>,
    /// Only listings of which a piece can be ordered now.
    available: Option<bool>,
    /// The currency that prices are compared in. Listings priced in another one are in no price range, and come last in
    /// the orders by price.
    #[param(example = "EUR")]
    currency: Option<String>,
    /// Only those that cost at least this, in minor units. A price limit leaves out what has no price.
    #[param(example = 1_000, minimum = 0)]
    min_price_cents: Option<i64>,
    /// Only those that cost at most this, in minor units.
    #[param(example = 5_000, minimum = 0)]
    max_price_cents: Option<i64>,
    /// Only listings near this town or postcode: their own place, or else their shop's. Of several towns with one name
    /// the largest is taken; a postcode or department beside the name tells which.
    #[param(example = "Saint-Denis 93")]
    near: Option<String>,
    /// How many kilometres away they may be; 50 when it is not given.
    #[param(example = 25, minimum = 1, maximum = 1_000)]
    radius: Option<u32>,
    /// `relevance` (when it is not given), `newest`, `price_asc`, `price_desc` or, together with `near`, `distance`. What
    /// has no price comes last.
    #[param(example = "relevance")]
    sort: Option<String>,
    /// The page, from 1, for people who turn pages. Not together with `after`.
    #[param(example = 1, minimum = 1)]
    page: Option<u32>,
    /// For programs that walk through all hits: `*` to begin, then what `next` said. A walk is in strict order and costs
    /// the same however far it has come; listings that are published meanwhile neither repeat nor hide others. (Scores
    /// change a little from one generation of the index to the next, so in the order of relevance a long walk may meet
    /// a hit twice.)
    #[param(example = "*")]
    after: Option<String>,
    /// How many hits; 24 when it is not given.
    #[param(example = 24, minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Whether to count what the search can be narrowed by; `true` when it is not given.
    facets: Option<bool>,
    /// Whether to say of each listing why it was found; `false` when it is not given.
    explain: Option<bool>,
}

/// The names of the parameters.
const KNOWN: [&str; 17] = [
    "q",
    "category",
    "facet",
    "shop",
    "language",
    "available",
    "currency",
    "min_price_cents",
    "max_price_cents",
    "near",
    "radius",
    "sort",
    "page",
    "after",
    "limit",
    "facets",
    "explain",
];

fn parse(query: &str, max_page: u32) -> Result<Ask, Invalid> {
    let parameters = Parameters::of(query);
    parameters.check(&KNOWN, &["facet", "shop"])?;
    let min_cents = parse_cents("min_price_cents", parameters.one("min_price_cents"))?;
    let max_cents = parse_cents("max_price_cents", parameters.one("max_price_cents"))?;
    let mut ask = Ask {
        price: price_range("min_price_cents", min_cents, max_cents)?,
        limit: parse_limit(parameters.one("limit"))?,
        is_plain: !parse_flag("facets", parameters.one("facets"))?.unwrap_or(true),
        ..Ask::parse(&parameters)?
    };
    ask.place = match (parameters.one("page"), parameters.one("after")) {
        (page, "") => Place::Page(parse_page(page, max_page)?),
        ("", after) => ask.parse_after(after)?,
        _ => return Err(Invalid::new("after", "must not be given together with page")),
    };
    Ok(ask)
}

/// Search listings
///
/// Finds listings by their title, description, attributes, category and shop, in either language's form, with or without
/// accents. Listings that have every word come first; when they are few, some with fewer words follow.
///
/// Beside the hits stands what the search can be narrowed by, each choice with how many listings it would find. A list
/// of choices does not narrow itself: whatever colours were chosen, every colour keeps its count.
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
    deadline: RequestDeadline,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let ask = parse(request.query_string(), state.settings.max_page)?;
    let found = find_answer(&state, ask, Form::Document, *deadline).await.map_err(problem)?;
    remember(&state, &request, found.key);
    Ok(with_provenance(found.value.answer(request.head()), found.came, found.came.age()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_and_a_walk_exclude_each_other() {
        assert!(parse("q=bol&page=2", 40).is_ok_and(|ask| ask.place == Place::Page(2)));
        assert!(parse("q=bol&after=*", 40).is_ok_and(|ask| ask.place == Place::Walk));
        for bad in ["after=*&page=1", "after=x", "after=1-2-3-4", "limit=0", "limit=101", "facets=perhaps"] {
            assert!(parse(bad, 40).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_described_is_what_is_read() {
        let described: Vec<String> = <SearchParameters as utoipa::IntoParams>::into_params(|| None)
            .into_iter()
            .map(|parameter| parameter.name)
            .collect();
        assert_eq!(described, KNOWN);
    }
}
