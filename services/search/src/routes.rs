//! Which address is answered where, on one screen.

use actix_web::web::{Data, ServiceConfig, get};

use crate::app::State;
use crate::{api, openapi, results_page};

pub(crate) fn routes(app: &mut ServiceConfig, state: Data<State>) {
    app.app_data(state)
        .route("/search", get().to(results_page::results_page))
        .route("/api/v1/search", get().to(api::search))
        .route("/api/v1/openapi/search.json", get().to(openapi::openapi));
}
