//! The door: what every request passes on its way in, and every answer on its way out, in this order.
//!
//! In: 1. its name and what is needed to answer it come what may → 2. counted as active → 3. its span, if it is
//! traced → 4. refused without work if it announces too large a body or is another site's form → 5. its
//! deadline, or refused if that has passed → 6. let in or turned away by class (`admission`) → 7. the handler, whose panic
//! stays its own.
//!
//! Out (`way_out`): 8. a problem becomes JSON or a page → 9. what was not made to be sent twice is compressed → 10. measured, its span
//! ended, one log line if it is remarkable or drawn → 11. name and security headers; an instance that is about to stop
//! closes the connection.
//!
//! A hot page spends about as long here as actix needs to write it. So there is a second, narrow door in front of this
//! one, and of actix-web ([`pass_at_once`]): who asks for what is ready, and was asked for before, gets it with 10. and 11.
//! done and the rest left out, since there is nothing to refuse, to wait for or to compress (`express`).
//!
//! Inside lie the extractors with their body limit (`inputs`) and the routes of the service.

mod way_out;

use std::future::{Future as _, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use actix_http::Request;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;
use halles_resilience::{Deadline, DeadlineExceeded};
use tracing::{Instrument, Span};

use self::way_out::{Answer, leave, problem_of};
use crate::admission::{Admission, Admitted, Turnstile};
use crate::arrival::{Arrival, REQUEST_ID};
use crate::chance::{Chance, Share};
use crate::express::ExpressLane;
use crate::measures::{KnownSeries, Measures};
use crate::{ErrorPage, Problem, Readiness, Seat, Signer};
use crate::{arrival, deadline_header, inputs, record, same_site, security_headers};

/// What the door needs to know; shared by all workers of a server.
pub(crate) struct House {
    pub(crate) request_deadline: Duration,
    pub(crate) admission: Arc<Admission>,
    pub(crate) body_limit_bytes: usize,
    pub(crate) signer: Signer,
    pub(crate) error_page: ErrorPage,
    pub(crate) measures: Measures,
    pub(crate) readiness: Readiness,
    /// Answers that took this long get an access line.
    pub(crate) slow_answer: Duration,
    /// So do this many of the others.
    pub(crate) access_log_share: Share,
    /// This many requests begin a trace.
    pub(crate) trace_share: Share,
}

/// What one worker knows besides.
pub(crate) struct Porter {
    house: Arc<House>,
    chance: Chance,
    known_series: KnownSeries,
    express: ExpressLane,
    turnstile: Turnstile,
}

impl Porter {
    pub(crate) fn new(house: Arc<House>) -> Self {
        let turnstile = house.admission.turnstile();
        let known_series = KnownSeries::new(house.measures.clone());
        Self { house, chance: Chance::new(), known_series, express: ExpressLane::new(), turnstile }
    }

    /// This worker came so late to its beat.
    pub(crate) fn heed(&self, lateness: Duration) {
        self.turnstile.heed(lateness);
    }

    /// Lets a request in, or says why not.
    fn admit(&self, request: &ServiceRequest, deadline: Deadline) -> Result<Admitted, Refused> {
        check(&self.house, request).map_err(Refused::Outright)?;
        if deadline.has_passed() {
            return Err(Refused::Outright(DeadlineExceeded.into()));
        }
        let admitted = self.house.admission.admit(&self.turnstile, request);
        admitted.map_err(|refusal| {
            if refusal.leads_to_room() {
                Refused::LedToRoom(refusal.into())
            } else {
                Refused::TurnedAway(refusal.into())
            }
        })
    }

    fn draw_lots(&self) -> Lots {
        let (trace_share, access_log_share) = (self.house.trace_share, self.house.access_log_share);
        Lots { is_traced: self.chance.draw(trace_share), is_logged: self.chance.draw(access_log_share) }
    }
}

/// Why a request is not let in.
enum Refused {
    /// There is something wrong with it.
    Outright(Problem),
    /// It comes at a bad time.
    TurnedAway(Problem),
    /// Its sender has not been let in yet; programs are told so, people are led to where they wait.
    LedToRoom(Problem),
}

/// What chance has in store for a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Lots {
    /// It begins a trace.
    is_traced: bool,
    /// It gets an access line, even if there is nothing remarkable about it.
    is_logged: bool,
}

/// Answers a request for something that is ready; none when it must pass the door itself.
pub(crate) fn pass_at_once(porter: &Porter, request: &Request) -> Option<HttpResponse> {
    let house = &porter.house;
    let lots = porter.draw_lots();
    if lots != Lots::default() || house.readiness.is_draining() || house.admission.is_room_open() {
        request.extensions_mut().insert(lots);
        return None;
    }
    let started = Instant::now();
    let (mut answer, series) = porter.express.find(request.head())?;
    series.record(started.elapsed());
    let request_id = arrival::request_id(request.headers(), &porter.chance);
    let headers = answer.headers_mut();
    security_headers::set(headers, arrival::is_secure(request.headers()));
    headers.insert(REQUEST_ID, request_id);
    Some(answer)
}

/// Takes one request in and its answer out.
pub(crate) async fn pass<B: MessageBody + 'static>(
    porter: Rc<Porter>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let house = &porter.house;
    let lots: Lots = request.extensions_mut().remove().unwrap_or_default();
    let mut arrival = Arrival::note(&request, &porter.chance, lots.is_logged);
    let deadline = deadline_header::read(request.headers(), house.request_deadline);
    let _active = house.measures.enter();
    let is_traced = lots.is_traced || record::is_traced_by_caller(request.headers());
    let span = if is_traced { record::open_span(&arrival, request.headers()) } else { Span::none() };
    // A HEAD is a GET whose body stays here; the connection knows that by itself.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let answer = match porter.admit(&request, deadline) {
        Err(Refused::Outright(problem)) => Answer::Refused(request, problem),
        Err(Refused::TurnedAway(problem)) => {
            arrival.is_turned_away = true;
            Answer::Refused(request, problem)
        }
        Err(Refused::LedToRoom(problem)) => {
            arrival.is_turned_away = true;
            Answer::Led(request, problem)
        }
        Ok(admitted) => handle(admitted, deadline, request, next).instrument(span.clone()).await,
    };
    span.in_scope(|| leave(&porter, arrival, &span, answer))
}

/// Refusals that cost nothing.
fn check(house: &House, request: &ServiceRequest) -> Result<(), Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > house.body_limit_bytes as u64) {
        return Err(inputs::too_large(house.body_limit_bytes));
    }
    same_site::check(request)
}

async fn handle<B: MessageBody + 'static>(
    admitted: Admitted,
    deadline: Deadline,
    request: ServiceRequest,
    next: Next<B>,
) -> Answer<B> {
    let seat = Seat::new(admitted);
    request.extensions_mut().insert(deadline);
    request.extensions_mut().insert(seat.clone());
    // Nothing of ours is shared with the handler that a panic could leave half done.
    let mut handler = pin!(AssertUnwindSafe(async move { next.call(request).await }).catch_unwind());
    // What is in memory is answered at once, and then no timer has to be set.
    let at_once = poll_fn(|context| Poll::Ready(handler.as_mut().poll(context))).await;
    let answered = match at_once {
        // It never waited, so it says nothing about how long those wait who do.
        Poll::Ready(answered) => {
            drop(seat.take());
            Ok(answered)
        }
        Poll::Pending => {
            let answered = deadline.run(handler).await;
            if let Some(admitted) = seat.take() {
                match &answered {
                    Ok(Ok(answer)) if !is_overload(answer) => admitted.answered(),
                    Ok(Err(_panic)) => drop(admitted),
                    _ => admitted.overloaded(),
                }
            }
            answered
        }
    };
    match answered {
        Ok(Ok(Ok(response))) => Answer::Given(response),
        Ok(Ok(Err(error))) => Answer::Lost(problem_of(&error)),
        // The panic has been logged where it happened, within this request's span.
        Ok(Err(_)) => Answer::Lost(Problem::from_status(StatusCode::INTERNAL_SERVER_ERROR)),
        Err(exceeded) => Answer::Lost(exceeded.into()),
    }
}

/// Whether an answer is that there is too much to do.
fn is_overload<B>(answer: &Result<ServiceResponse<B>, Error>) -> bool {
    let error = match answer {
        Ok(response) => response.response().error(),
        Err(error) => Some(error),
    };
    error.and_then(Error::as_error::<Problem>).is_some_and(Problem::is_overload)
}
