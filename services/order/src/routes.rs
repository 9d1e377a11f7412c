//! Which address is answered where, on one screen.

use actix_web::web::{self, Data, ServiceConfig, get, post};

use crate::app::State;
use crate::{api, pages};

pub(crate) fn routes(app: &mut ServiceConfig, state: Data<State>) {
    app.app_data(state)
        // The basket.
        .route("/basket", get().to(pages::show_basket))
        .route("/basket/lines", post().to(pages::put_in_basket))
        .route("/basket/lines/{id}", post().to(pages::change_basket))
        // The checkout.
        .route("/checkout", get().to(pages::show_checkout))
        .route("/checkout", post().to(pages::order))
        // An order.
        .route("/orders/{id}", get().to(pages::show_order))
        .route("/orders/{id}/cancel", post().to(pages::cancel_order))
        // The same for programs.
        .route("/api/v1/orders", post().to(api::place_order))
        .route("/api/v1/orders/{id}", get().to(api::fetch_order))
        .route("/api/v1/openapi/order.json", get().to(api::openapi))
        .default_service(web::to(pages::nothing_here));
}
