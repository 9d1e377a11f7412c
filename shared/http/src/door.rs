//! The door: what every request passes on its way in, and every answer on its way out, in this order.
//!
//! In: 1. its name and what is needed to answer it come what may → 2. counted as active → 3. its span, within the
//! caller's trace → 4. refused without work if it announces too large a body or is another site's form → 5. its
//! deadline → 6. the handler, whose panic stays its own.
//!
//! Out: 7. a problem becomes JSON or a page → 8. name and security headers; an instance that is about to stop closes the
//! connection → 9. measured, its span ended, one log line.
//!
//! Inside lie compression, the extractors with their body limit (`inputs`) and the routes of the service.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;
use halles_resilience::Deadline;
use tracing::Instrument;

use crate::arrival::{Arrival, REQUEST_ID};
use crate::measures::Measures;
use crate::{ErrorPage, Problem, Readiness, Signer, error_page, inputs, record, same_site, security_headers};

/// What the door needs to know; shared by all workers of a server.
pub(crate) struct House {
    pub(crate) request_deadline: Duration,
    pub(crate) body_limit_bytes: usize,
    pub(crate) signer: Signer,
    pub(crate) error_page: ErrorPage,
    pub(crate) measures: Measures,
    pub(crate) readiness: Readiness,
}

/// Takes one request in and its answer out.
pub(crate) async fn pass<B: MessageBody + 'static>(
    house: Arc<House>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let arrival = Arrival::note(&request);
    let _active = house.measures.enter();
    let span = record::open_span(&arrival, request.headers());
    // A HEAD is a GET whose body stays here; the connection knows that by itself.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let answer = match check(&house, &request) {
        Err(problem) => Answer::Refused(request, problem),
        Ok(()) => handle(&house, request, next).instrument(span.clone()).await,
    };
    span.in_scope(|| leave(&house, &arrival, answer))
}

/// How a request went.
enum Answer<B> {
    /// Not let in.
    Refused(ServiceRequest, Problem),
    /// Answered by the handler, perhaps with a problem.
    Given(ServiceResponse<B>),
    /// Given up, and gone with the work on it.
    Lost(Problem),
}

/// Refusals that cost nothing.
fn check(house: &House, request: &ServiceRequest) -> Result<(), Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > house.body_limit_bytes as u64) {
        return Err(inputs::too_large(house.body_limit_bytes));
    }
    same_site::check(request)
}

async fn handle<B: MessageBody + 'static>(house: &House, request: ServiceRequest, next: Next<B>) -> Answer<B> {
    let deadline = Deadline::after(house.request_deadline);
    request.extensions_mut().insert(deadline);
    // Nothing of ours is shared with the handler that a panic could leave half done.
    let handler = AssertUnwindSafe(async move { next.call(request).await }).catch_unwind();
    match deadline.run(handler).await {
        Ok(Ok(Ok(response))) => Answer::Given(response),
        Ok(Ok(Err(error))) => Answer::Lost(problem_of(&error)),
        // The panic has been logged where it happened, within this request's span.
        Ok(Err(_)) => Answer::Lost(Problem::from_status(StatusCode::INTERNAL_SERVER_ERROR)),
        Err(exceeded) => Answer::Lost(exceeded.into()),
    }
}

fn leave<B: MessageBody + 'static>(
    house: &House,
    arrival: &Arrival,
    answer: Answer<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match answer {
        Answer::Refused(request, problem) => {
            let response = write_problem(house, arrival, problem);
            let response = finish(house, arrival, None, response);
            Ok(request.into_response(response).map_into_right_body())
        }
        Answer::Given(response) => {
            let route = response.request().match_pattern();
            let problem = problem_in(&response);
            let (request, response) = response.into_parts();
            let response = match problem {
                Some(problem) => write_problem(house, arrival, problem).map_into_right_body(),
                None => response.map_into_left_body(),
            };
            Ok(ServiceResponse::new(request, finish(house, arrival, route, response)))
        }
        Answer::Lost(problem) => {
            let response = write_problem(house, arrival, problem);
            let response = finish(house, arrival, None, response);
            // The request is gone, so this travels as an error that carries its finished answer.
            Err(InternalError::from_response("answered at the door", response).into())
        }
    }
}

/// The problem that an answer stands for: one that the handler returned, or one of the layers below it.
fn problem_in<B: MessageBody>(response: &ServiceResponse<B>) -> Option<Problem> {
    if let Some(error) = response.response().error() {
        return Some(problem_of(error));
    }
    let is_empty = response.response().body().size().is_eof();
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    (is_error && is_empty).then(|| Problem::from_status(response.status()))
}

fn problem_of(error: &Error) -> Problem {
    let Some(problem) = error.as_error::<Problem>() else {
        let problem = Problem::from_status(error.as_response_error().status_code());
        return if problem.status().is_server_error() { problem.caused_by(error.to_string()) } else { problem };
    };
    match problem.causes() {
        Some(causes) => problem.without_cause().caused_by(causes),
        None => problem.without_cause(),
    }
}

fn write_problem(house: &House, arrival: &Arrival, problem: Problem) -> HttpResponse {
    record::log_problem(&problem, arrival);
    error_page::answer(problem, arrival, &house.signer, house.error_page)
}

fn finish<B>(
    house: &House,
    arrival: &Arrival,
    route: Option<String>,
    mut response: HttpResponse<B>,
) -> HttpResponse<B> {
    let headers = response.headers_mut();
    security_headers::add(headers, arrival.is_secure);
    let request_id = HeaderValue::from_str(&arrival.request_id).expect("a request's name is plain ASCII");
    headers.insert(REQUEST_ID, request_id);
    if house.readiness.is_draining() {
        // Whoever comes back is led to another instance.
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    let status = response.status();
    record::close_span(&tracing::Span::current(), arrival, route.as_deref(), status);
    record::log_access(arrival, route.as_deref(), status);
    house.measures.record(&arrival.method, route, status, arrival.started.elapsed());
    response
}
