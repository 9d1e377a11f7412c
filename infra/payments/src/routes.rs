//! Which address is answered where, on one screen.

use actix_web::web::{Data, ServiceConfig, get, post};

use crate::app::Provider;
use crate::{api, page};

pub(crate) fn routes(app: &mut ServiceConfig, provider: Data<Provider>) {
    app.app_data(provider)
        // For the shop.
        .route("/v1/payments", post().to(api::open_payment))
        .route("/v1/payments/{id}", get().to(api::find_payment))
        .route("/v1/payments/{id}/refunds", post().to(api::give_back))
        // For whoever pays.
        .route("/sandbox/style.css", get().to(page::stylesheet))
        .route("/sandbox/payments/{id}", get().to(page::show))
        .route("/sandbox/payments/{id}", post().to(page::pay));
}
