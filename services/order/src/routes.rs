//! Which address is answered where, on one screen.

use actix_web::web::{self, Data, ServiceConfig, get, post, put};
use halles_http::{Class, Classes};

use crate::app::State;
use crate::{api, pages};

/// What matters how much when there is too much to do: whoever wants to buy or to pay comes first, then whoever wants to
/// know what became of it. The payment provider's notices come from few addresses for all shoppers.
pub(crate) fn classes() -> Classes {
    Classes::all(Class::Listing)
        .under("/basket", Class::Checkout)
        // Whoever has something in the basket is in, so nobody gets there past those who wait.
        .under_for_those_inside("/basket/lines", Class::Checkout)
        .under("/checkout", Class::Checkout)
        .under("/pay", Class::Checkout)
        .under("/orders", Class::OrderStatus)
        .under("/orders/*/pay", Class::Checkout)
        .under("/orders/*/payments", Class::Checkout)
        .under("/api/v1/orders", Class::Checkout)
        .under("/api/v1/orders/*", Class::OrderStatus)
        .under_without_rate_limit("/api/v1/payments/notices", Class::Checkout)
}

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
        .route("/orders/{id}/live", get().to(pages::live))
        .route("/orders/{id}/live.json", get().to(pages::live_once))
        .route("/orders/{id}/cancel", post().to(pages::cancel_order))
        // Paying it, with the order's own page or with a payment link.
        .route("/orders/{id}/pay", post().to(pages::pay_order))
        .route("/orders/{id}/payments/{payment}", get().to(pages::back_to_order))
        .route("/pay/{token}", get().to(pages::show_link))
        .route("/pay/{token}", post().to(pages::pay_by_link))
        .route("/pay/{token}/payments/{payment}", get().to(pages::back_to_link))
        // What the payment provider tells.
        .route("/api/v1/payments/notices", post().to(api::take_notice))
        // The same for programs.
        .route("/api/v1/orders", post().to(api::place_order))
        .route("/api/v1/orders/{id}", get().to(api::fetch_order))
        // For sellers.
        .route("/api/v1/seller/parts", get().to(api::list_parts))
        .route("/api/v1/seller/parts/{order_id}/sent", put().to(api::note_sent))
        .route("/api/v1/openapi/order.json", get().to(api::openapi))
        .default_service(web::to(pages::nothing_here));
}
