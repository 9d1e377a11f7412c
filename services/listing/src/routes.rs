//! Which address is answered where, on one screen.

use actix_web::web::{Data, ServiceConfig, get};
use halles_http::{Class, Classes, ROOM_PATH, switch_language};

use crate::app::State;
use crate::{api, docs, pages};

/// What matters how much when there is too much to do: all of it is for looking at. Those who wait in front of the market
/// need the page to wait on and what it loads.
pub(crate) fn classes() -> Classes {
    Classes::all(Class::Listing)
        .under_for_everybody(ROOM_PATH, Class::Listing)
        .under_for_everybody("/assets", Class::Listing)
        .under_for_everybody("/favicon.ico", Class::Listing)
        .under_for_everybody("/robots.txt", Class::Listing)
        .under_for_everybody("/language", Class::Listing)
}

pub(crate) fn routes(app: &mut ServiceConfig, state: Data<State>) {
    app.app_data(state)
        // Pages.
        .route("/", get().to(pages::home))
        .route("/c/{slug}", get().to(pages::category))
        .route("/l/{id}", get().to(pages::listing))
        .route("/l/{id}/{slug}", get().to(pages::listing))
        .route("/s/{slug}", get().to(pages::shop))
        .route("/language", get().to(switch_language))
        .route(ROOM_PATH, get().to(pages::waiting_room))
        // What pages load.
        .route("/photos/category/{name}", get().to(pages::category_photo))
        .route("/photos/{name}", get().to(pages::listing_photo))
        .route("/assets/{name}", get().to(pages::asset))
        .route("/favicon.ico", get().to(pages::favicon))
        .route("/robots.txt", get().to(pages::robots))
        // The same for programs.
        .route("/api/v1/listings", get().to(api::list_listings))
        .route("/api/v1/listings/{id}", get().to(api::fetch_listing))
        .route("/api/v1/categories", get().to(api::list_categories))
        .route("/api/v1/categories/{slug}/listings", get().to(api::list_category))
        .route("/api/v1/shops/{slug}", get().to(api::fetch_shop))
        .route("/api/v1/shops/{slug}/listings", get().to(api::list_shop))
        .route("/api/v1/openapi/listing.json", get().to(docs::openapi))
        .route("/api/docs", get().to(docs::to_front_page))
        .route("/api/docs/{file:.*}", get().to(docs::file))
        // Whatever else there is no page for gets one that helps.
        .route("/{anything:.*}", get().to(pages::nothing_here));
}
