//! `/api/v1/orders`

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::order::{Order, OrderQueue, OrderRequest, status_url};
use halles_api::problem::ProblemDetails;
use halles_domain::{IdempotencyKey, OrderId, OrderState, PlacedOrder};
use halles_http::{Problem, RequestDeadline, Seat, Visitor};
use halles_queue::order_log::{LogPosition, QueuePlace};
use jiff::Timestamp;

use crate::app::State;
use crate::failure;
use crate::intent::Intent;
use crate::noted::{NotedQuery, noted_query};
use crate::order_status::{Freshness, Known};
use crate::place_order::Answer;

/// Says that an answer repeats an earlier one.
const REPLAYED: &str = "Idempotency-Replayed";

/// Ask to buy
#[utoipa::path(
    post, path = "/api/v1/orders", tag = "Orders", request_body = OrderRequest,
    params(("Idempotency-Key" = String, Header, description = "Your name for this intent: 8 to 200 visible ASCII \
        characters, new for every order, the same for every attempt at it", example = "7c9e6679-7425-40de-944b")),
    responses(
        (status = 201, description = "Placed: the pieces are held, or, with `may_wait`, the order waits for its turn", body = Order),
        (status = 200, description = "Placed before by the same request; see the header `Idempotency-Replayed`", body = Order),
        (status = 202, description = "Noted durably, not placed yet: look again at `Location`", body = Order),
        (status = 400, description = "The request cannot be read, or has no `Idempotency-Key`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Refused: the code is that of the first line in the way, such as `out_of_stock`; the member `order` says it all", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in it cannot be ordered (`invalid`), or the key belongs to another request (`idempotency_key_reused`)", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Nobody could note it: send it again with the same key, see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn place_order(
    state: Data<State>,
    visitor: Visitor,
    (deadline, seat): (RequestDeadline, Seat),
    request: HttpRequest,
    body: Json<OrderRequest>,
) -> Result<HttpResponse, Problem> {
    let idempotency_key = idempotency_key(&request)?;
    let parsed = body.parse().map_err(|faults| failure::faults(&faults))?;
    let language = parsed.language.unwrap_or(visitor.language);
    let intent = Intent {
        idempotency_key,
        language,
        contact: parsed.contact,
        lines: parsed.lines,
        may_wait: parsed.may_wait,
        what_there_is: parsed.what_there_is,
        personalisations: parsed.personalisations,
    };
    let answer = state.placing.place(intent, *deadline, &seat).await;
    match answer.map_err(|error| failure::placing(error, state.retry_after))? {
        Answer::Settled { order, replayed } if order.state == OrderState::Refused => {
            Err(failure::refused(&order, replayed))
        }
        Answer::Settled { order, replayed: false } => Ok(answered(StatusCode::CREATED, &described(&state, &order))),
        Answer::Settled { order, replayed: true } => {
            let mut answer = answered(StatusCode::OK, &described(&state, &order));
            answer.headers_mut().insert(
                header::HeaderName::from_bytes(REPLAYED.as_bytes()).map_err(Problem::internal)?,
                header::HeaderValue::from_static("true"),
            );
            Ok(answer)
        }
        Answer::Pending { id, position, queue } => {
            let mut answer = answered(StatusCode::ACCEPTED, &noted(id, position, Some(queue)));
            let location = format!("/api/v1/orders/{id}?{}", noted_query(position));
            answer.headers_mut().insert(header::LOCATION, location.parse().map_err(Problem::internal)?);
            Ok(answer)
        }
        Answer::KeyReused => Err(failure::key_reused()),
    }
}

/// How an order stands
#[utoipa::path(
    get, path = "/api/v1/orders/{id}", tag = "Orders",
    params(
        ("id" = uuid::Uuid, Path, description = "The order's name, as it was answered"),
        ("noted" = Option<String>, Query, description = "Where the request was noted, as `Location` said with a 202: \
            the answer then tells the place and the time while the order is pending", example = "1780574400000-0"),
    ),
    responses(
        (status = 200, description = "The order; its `state` is `pending` until it is placed", body = Order),
        (status = 404, description = "There is no such order", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Orders cannot be read right now; see `Retry-After`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn fetch_order(
    state: Data<State>,
    id: Path<String>,
    query: Query<NotedQuery>,
) -> Result<HttpResponse, Problem> {
    let id: OrderId = id.parse().map_err(|_| failure::no_order())?;
    let order = match state.orders.find(id, Freshness::Usual).await.map_err(failure::store)? {
        Known::Placed(order) => described(&state, &order),
        Known::Pending => match query.position() {
            Some(position) => noted(id, position, state.queue.place_of(position)),
            None => Order::pending(id),
        },
        Known::Nothing => return Err(failure::no_order()),
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(order))
}

/// A request that is noted, with its place if that is known; its page will know it, too.
fn noted(id: OrderId, position: LogPosition, queue: Option<QueuePlace>) -> Order {
    let status_url = format!("{}?{}", status_url(id), noted_query(position));
    Order { status_url, queue: queue.map(on_the_wire), ..Order::pending(id) }
}

/// The order, with a way to pay it when it can be paid.
fn described(state: &State, order: &PlacedOrder) -> Order {
    let is_payable = order.state == OrderState::AwaitingPayment;
    let payment_url = is_payable.then(|| state.paying.links().payment(order.id, Timestamp::now()));
    Order { payment_url, ..Order::from(order) }
}

fn idempotency_key(request: &HttpRequest) -> Result<IdempotencyKey, Problem> {
    let Some(key) = request.headers().get("Idempotency-Key") else {
        let detail = "Send an Idempotency-Key header: your own name for this order, the same for every attempt at it.";
        return Err(Problem::bad_request("idempotency_key_missing", detail));
    };
    Ok(key.to_str().unwrap_or_default().parse::<IdempotencyKey>()?)
}

/// A time is rounded up: nobody is kept waiting longer than they were told.
fn on_the_wire(queue: QueuePlace) -> OrderQueue {
    let expected_seconds = queue.expected.map(|expected| expected.as_secs() + u64::from(expected.subsec_nanos() > 0));
    OrderQueue { place: queue.place, expected_seconds }
}

/// The order and where to find it again.
fn answered(status: StatusCode, order: &Order) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::LOCATION, format!("/api/v1/orders/{}", order.id)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .json(order)
}
