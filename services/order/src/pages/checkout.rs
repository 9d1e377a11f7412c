//! `/checkout`

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Form};
use halles_api::order::status_url;
use halles_domain::{
    Basket, BasketLine, ContactForm, IdempotencyKey, Invalid, ListingId, OrderState, Personalisation, PersonalisedLine,
    Review,
};
use halles_http::{Problem, RequestDeadline, Seat, Visitor, remember_order};
use halles_pages::checkout::{CheckoutChoices, CheckoutPage, CheckoutTrouble, lines_from_text, wish_field};
use serde::Deserialize;
use uuid::Uuid;

use super::{page_with, review, see_other, visit};
use crate::app::State;
use crate::failure;
use crate::intent::Intent;
use crate::noted::noted_query;
use crate::place_order::{Answer, PlaceOrderError};

/// `GET /checkout`
pub(crate) async fn show_checkout(state: Data<State>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    if visitor.basket.is_empty() {
        return Ok(see_other("/basket"));
    }
    let review = review(&state.catalogue, visitor.basket.lines()).await.map_err(failure::catalogue)?;
    let key = new_key();
    let shown = Shown {
        review: &review,
        form: &ContactForm::default(),
        faults: &[],
        key: &key,
        choices: &CheckoutChoices::default(),
        trouble: None,
        retry_after: None,
    };
    Ok(page_with(StatusCode::OK, shown.render(&state, &visitor)))
}

/// The checkout's form as it is sent. Everything may be missing or wrong.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct CheckoutForm {
    idempotency_key: String,
    lines: String,
    /// Anything but nothing when the box was ticked.
    may_wait: String,
    /// The same.
    what_there_is: String,
    #[serde(flatten)]
    contact: ContactForm,
    /// What is wished for on each listing, under names of their own.
    #[serde(flatten)]
    wishes: BTreeMap<String, String>,
}

impl CheckoutForm {
    /// What the shopper has chosen about the order of these lines, as it was typed.
    fn choices(&self, lines: &[BasketLine]) -> CheckoutChoices {
        let typed = |line: &BasketLine| {
            let text = self.wishes.get(&wish_field(line.listing_id)).filter(|text| !text.trim().is_empty())?;
            Some((line.listing_id, text.clone()))
        };
        CheckoutChoices {
            may_wait: !self.may_wait.is_empty(),
            what_there_is: !self.what_there_is.is_empty(),
            personalisations: lines.iter().filter_map(typed).collect(),
        }
    }
}

/// The wishes among the choices, checked.
fn personalisations(choices: &CheckoutChoices) -> Result<Vec<PersonalisedLine>, Invalid> {
    let wish = |(listing_id, text): &(ListingId, String)| -> Result<_, Invalid> {
        Ok(Personalisation::parse(text)?.map(|text| PersonalisedLine { listing_id: *listing_id, text }))
    };
    choices.personalisations.iter().filter_map(|typed| wish(typed).transpose()).collect()
}

/// `POST /checkout`
///
/// The form carries its own lines and its own key, so sending it twice (a double click, the back button, another try
/// after a 503) is one order, even when the first sending has emptied the basket.
pub(crate) async fn order(
    state: Data<State>,
    visitor: Visitor,
    deadline: RequestDeadline,
    seat: Seat,
    form: Form<CheckoutForm>,
) -> Result<HttpResponse, Problem> {
    let form = form.into_inner();
    let (Ok(key), Some(lines)) = (form.idempotency_key.parse::<IdempotencyKey>(), lines_from_text(&form.lines)) else {
        return Ok(outdated(&state, &visitor, &form.contact).await);
    };
    let choices = form.choices(&lines);
    let again = Again { state: &state, visitor: &visitor, form: &form, lines: &lines, choices: &choices };
    let (contact, personalisations) = match (form.contact.parse(), personalisations(&choices)) {
        (Ok(contact), Ok(personalisations)) => (contact, personalisations),
        (contact, wishes) => {
            let faults: Vec<Invalid> = contact.err().into_iter().flatten().chain(wishes.err()).collect();
            return Ok(again.show(StatusCode::UNPROCESSABLE_ENTITY, &faults, None).await);
        }
    };
    let intent = Intent {
        idempotency_key: key,
        language: visitor.language,
        contact,
        lines: lines.clone(),
        may_wait: choices.may_wait,
        what_there_is: choices.what_there_is,
        personalisations,
    };
    match state.placing.place(intent, *deadline, &seat).await {
        // The basket stays, so that the shopper can change it and try again.
        Ok(Answer::Settled { order, .. }) if order.state == OrderState::Refused => Ok(see_other(&status_url(order.id))),
        Ok(Answer::Settled { order, .. }) => Ok(taken(&visitor, &lines, &status_url(order.id))),
        Ok(Answer::Pending { id, position, .. }) => {
            Ok(taken(&visitor, &lines, &format!("{}?{}", status_url(id), noted_query(position))))
        }
        Ok(Answer::KeyReused) => {
            Ok(again.show(StatusCode::UNPROCESSABLE_ENTITY, &[], Some(CheckoutTrouble::KeyReused)).await)
        }
        Err(error @ (PlaceOrderError::Full { .. } | PlaceOrderError::Unavailable { .. })) => {
            Ok(again.later(&error).await)
        }
        Err(error) => Err(failure::placing(error, state.retry_after)),
    }
}

/// On to the order, which the browser remembers; what was ordered leaves the basket, what was put in meanwhile stays.
fn taken(visitor: &Visitor, ordered: &[BasketLine], path: &str) -> HttpResponse {
    let mut basket: Basket = visitor.basket.clone();
    for line in ordered {
        basket.set(line.listing_id, None);
    }
    let mut answer = see_other(path);
    // Its parts are digits, letters and dots, which a header always takes.
    let _ = answer.add_cookie(&visitor.basket_cookie(&basket));
    let _ = answer.add_cookie(&remember_order(path, visitor.is_secure));
    answer
}

/// The form without its hidden parts: begins again with the basket, and keeps what was typed.
async fn outdated(state: &State, visitor: &Visitor, contact: &ContactForm) -> HttpResponse {
    if visitor.basket.is_empty() {
        return see_other("/basket");
    }
    let review = review_if_possible(state, visitor.basket.lines()).await;
    let trouble = Some(CheckoutTrouble::FormOutdated);
    let (key, choices, retry_after) = (new_key(), CheckoutChoices::default(), None);
    let shown =
        Shown { review: &review, form: contact, faults: &[], key: &key, choices: &choices, trouble, retry_after };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, shown.render(state, visitor))
}

/// The same form once more.
struct Again<'a> {
    state: &'a State,
    visitor: &'a Visitor,
    form: &'a CheckoutForm,
    lines: &'a [BasketLine],
    choices: &'a CheckoutChoices,
}

impl Again<'_> {
    async fn show(&self, status: StatusCode, faults: &[Invalid], trouble: Option<CheckoutTrouble>) -> HttpResponse {
        self.show_again(status, faults, trouble, None).await
    }

    async fn show_again(
        &self,
        status: StatusCode,
        faults: &[Invalid],
        trouble: Option<CheckoutTrouble>,
        retry_after: Option<Duration>,
    ) -> HttpResponse {
        let review = review_if_possible(self.state, self.lines).await;
        let (form, key) = (&self.form.contact, self.form.idempotency_key.as_str());
        let shown = Shown { review: &review, form, faults, key, choices: self.choices, trouble, retry_after };
        page_with(status, shown.render(self.state, self.visitor))
    }

    /// Nobody could note it: everything stays as it is, the key above all.
    async fn later(&self, error: &PlaceOrderError) -> HttpResponse {
        tracing::warn!(%error, "an order could not be noted; the shopper keeps the form");
        let back_in = match error {
            PlaceOrderError::Full { back_in } => back_in.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        let (busy, wait) = (Some(CheckoutTrouble::Busy), self.state.retry_after.max(back_in));
        let mut answer = self.show_again(StatusCode::SERVICE_UNAVAILABLE, &[], busy, Some(wait)).await;
        let seconds = wait.as_secs().max(1);
        answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
        answer
    }
}

/// A form must come back even while the catalogue does not answer: then without names and prices.
async fn review_if_possible(state: &State, lines: &[BasketLine]) -> Review {
    match review(&state.catalogue, lines).await {
        Ok(review) => review,
        Err(error) => {
            tracing::warn!(%error, "showing a checkout without its listings");
            Review::unseen(lines)
        }
    }
}

fn new_key() -> String {
    Uuid::new_v4().to_string()
}

/// What the checkout's page shows.
struct Shown<'a> {
    review: &'a Review,
    form: &'a ContactForm,
    faults: &'a [Invalid],
    key: &'a str,
    choices: &'a CheckoutChoices,
    trouble: Option<CheckoutTrouble>,
    retry_after: Option<Duration>,
}

impl Shown<'_> {
    fn render(&self, state: &State, visitor: &Visitor) -> String {
        let page = CheckoutPage {
            review: self.review,
            form: self.form,
            faults: self.faults,
            idempotency_key: self.key,
            hold_minutes: state.hold_minutes,
            choices: self.choices,
            trouble: self.trouble,
            retry_after_s: self.retry_after.map(|wait| wait.as_secs().max(1)),
        };
        page.render(&visit(visitor))
    }
}
