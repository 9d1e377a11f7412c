//! The way out: what every answer passes, however it came about (the door's steps 8 to 11).

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::{Error, HttpResponse};
use tracing::Span;

use super::{House, Porter};
use crate::arrival::{Arrival, REQUEST_ID};
use crate::compress::compress;
use crate::measures::Series;
use crate::{Problem, error_page, record, security_headers, waiting_room};

/// How a request went.
pub(super) enum Answer<B> {
    /// Not let in.
    Refused(ServiceRequest, Problem),
    /// Led to the waiting room; what programs are told instead.
    Led(ServiceRequest, Problem),
    /// Answered by the handler, perhaps with a problem.
    Given(ServiceResponse<B>),
    /// Given up, and gone with the work on it.
    Lost(Problem),
}

/// Makes an answer of it, measures it and sends it on its way.
pub(super) fn leave<B: MessageBody + 'static>(
    porter: &Porter,
    arrival: Arrival,
    span: &Span,
    answer: Answer<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let house = &porter.house;
    let refuse = |arrival: Arrival, request: ServiceRequest, response: HttpResponse| {
        let series = porter.known_series.without_route(&arrival.method, response.status());
        let response = finish(porter, arrival, span, &series, response);
        Ok(request.into_response(response).map_into_right_body())
    };
    match answer {
        Answer::Refused(request, problem) => {
            let response = write_problem(house, &arrival, problem);
            refuse(arrival, request, response)
        }
        Answer::Led(request, problem) => {
            let response = if arrival.wants_json() {
                waiting_room::mark_as_led(write_problem(house, &arrival, problem))
            } else {
                waiting_room::lead_to_room(wanted(&arrival))
            };
            refuse(arrival, request, response)
        }
        Answer::Given(response) => {
            let problem = problem_in(&response);
            let (request, response) = response.into_parts();
            let response = match problem {
                Some(problem) => write_problem(house, &arrival, problem).map_into_right_body(),
                None => response.map_into_left_body(),
            };
            let response = compress(request.headers(), response);
            let series_of = |status| porter.known_series.of(&arrival.method, &request, status);
            porter.express.remember(&request, series_of);
            let series = series_of(response.status());
            Ok(ServiceResponse::new(request, finish(porter, arrival, span, &series, response)))
        }
        Answer::Lost(problem) => {
            let response = write_problem(house, &arrival, problem);
            let series = porter.known_series.without_route(&arrival.method, response.status());
            let response = finish(porter, arrival, span, &series, response);
            // The request is gone, so this travels as an error that carries its finished answer.
            Err(InternalError::from_response("answered at the door", response).into())
        }
    }
}

/// Where people on their way to the room wanted to go. A form that was sent is not sent again from there.
fn wanted(arrival: &Arrival) -> &str {
    match arrival.method {
        Method::GET | Method::HEAD => arrival.uri.path_and_query().map_or("/", |path| path.as_str()),
        _ => "/",
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

/// The problem that an error stands for, with what is known of its causes.
pub(super) fn problem_of(error: &Error) -> Problem {
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
    porter: &Porter,
    arrival: Arrival,
    span: &Span,
    series: &Series,
    mut response: HttpResponse<B>,
) -> HttpResponse<B> {
    let house = &porter.house;
    let status = response.status();
    let took = arrival.elapsed();
    series.record(took);
    series.note_trace(took, span);
    let route = series.route.as_deref();
    record::close_span(span, &arrival, route, status);
    let is_refusal = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let is_remarkable = (is_refusal && !arrival.is_turned_away) || took >= house.slow_answer;
    if is_remarkable || arrival.is_logged {
        record::log_access(&arrival, route, status, took);
    }
    let headers = response.headers_mut();
    security_headers::add(headers, arrival.is_secure);
    headers.insert(REQUEST_ID, arrival.request_id);
    if house.readiness.is_draining() {
        // Whoever comes back is led to another instance.
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    response
}
