//! Which address is answered where, on one screen.

use actix_web::web::{Data, ServiceConfig, get};
use halles_http::{Class, Classes};

use crate::app::State;
use crate::{api, openapi, results_page, suggestion_pages};

/// What matters how much when there is too much to do.
pub(crate) fn classes() -> Classes {
    Classes::all(Class::Search)
        // A piece of a page that is open already: nobody is led anywhere by it.
        .under_for_everybody("/suggestions", Class::Suggestion)
        .under("/api/v1/suggestions", Class::Suggestion)
}

pub(crate) fn routes(app: &mut ServiceConfig, state: Data<State>) {
    app.app_data(state)
        .route("/search", get().to(results_page::results_page))
        .route("/suggestions", get().to(suggestion_pages::suggestion_list))
        .route("/api/v1/search", get().to(api::search))
        .route("/api/v1/suggestions", get().to(suggestion_pages::suggestions))
        .route("/api/v1/openapi/search.json", get().to(openapi::openapi));
}
