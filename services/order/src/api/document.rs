//! The description of this service's API (OpenAPI 3.1), made from its handlers and wire types.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use halles_api::order::{Order, OrderContact, OrderLine, OrderRefusal, OrderRequest, OrderRequestLine, OrderState};
use halles_api::part::{Part, Parts, Recipient};
use halles_api::problem::{FieldProblem, ProblemDetails};
use halles_http::{Rendered, Terms};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{orders, parts};
use crate::app::State;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Halles: orders",
        description = "Requests to buy, and what becomes of them. A request is durable before it is answered, and the \
            same `Idempotency-Key` with the same body is the same order, however often it is sent. Nothing is charged \
            by ordering: pieces are held until a time limit. Errors are problem documents (RFC 9457) with a stable \
            `code`. Fields are only ever added within `/api/v1`.",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This shop")),
    paths(orders::place_order, orders::fetch_order, parts::list_parts, parts::note_sent),
    components(schemas(
        OrderRequest, OrderContact, OrderRequestLine, Order, OrderState, OrderLine, OrderRefusal, ProblemDetails,
        FieldProblem, Parts, Part, Recipient,
    )),
    tags(
        (name = "Orders", description = "Requests to buy, and what becomes of them"),
        (name = "Sellers", description = "Parts of paid orders, for whoever fulfils them"),
    ),
    modifiers(&SellerToken)
)]
struct OrderApi;

/// How sellers show who they are.
struct SellerToken;

impl Modify for SellerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("seller", scheme);
    }
}

/// The document, written once.
pub(crate) struct Document(Rendered);

impl Document {
    pub(crate) fn new() -> Self {
        let document = OrderApi::openapi().to_json().expect("the description has nothing that JSON cannot say");
        Self(Rendered::new("application/json", &Terms::fixed("public, max-age=300"), document))
    }
}

/// `GET /api/v1/openapi/order.json`
pub(crate) async fn openapi(state: Data<State>, request: HttpRequest) -> HttpResponse {
    state.document.0.answer(request.head())
}
