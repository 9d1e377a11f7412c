//! `GET /suggestions?q=&language=`, the list below the search field, and `GET /api/v1/suggestions?q=`, the same as JSON.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::problem::ProblemDetails;
use halles_api::search::SuggestionList;
use halles_domain::Language;
use halles_http::{Problem, with_provenance};
use halles_search_index::TypedText;
use serde::Deserialize;

use crate::app::State;
use crate::failure::problem;
use crate::ready::Form;
use crate::suggestions::find_suggestions;

/// What has been typed.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SuggestionParameters {
    /// What has been typed so far, at most 200 characters. The last word may be unfinished; a blank behind it says that
    /// it is not.
    #[param(example = "bol b")]
    q: String,
}

/// Suggest something while somebody types
///
/// Searches, categories and listings that begin with what was typed, with or without accents; with one letter put right
/// when there are few. Each search finds something. For more than eight words nothing is suggested.
#[utoipa::path(
    get, path = "/api/v1/suggestions", tag = "Search",
    params(SuggestionParameters),
    responses(
        (status = 200, description = "What may be meant, the likeliest first", body = SuggestionList),
        (status = 400, description = "The text is too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be suggested right now; see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn suggestions(
    state: Data<State>,
    parameters: Query<SuggestionParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&state, &parameters.q, Form::Document, &request).await
}

/// The language stands in the address, so that the list is the same for everybody who types this.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawTyped {
    q: String,
    language: String,
}

pub(crate) async fn suggestion_list(
    state: Data<State>,
    raw: Query<RawTyped>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let language = raw.language.parse::<Language>().unwrap_or_default();
    answer(&state, &raw.q, Form::Page(language), &request).await
}

async fn answer(state: &Data<State>, text: &str, form: Form, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let typed = TypedText::new(text)?;
    let found = find_suggestions(state, typed, form).await.map_err(problem)?;
    Ok(with_provenance(found.value.answer(request.head()), found.came, found.came.age()))
}
