//! `/basket`

use actix_web::web::{Data, Form, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_domain::{Basket, ListingId, Quantity};
use halles_http::{LocalPath, Problem, Visitor, last_order};
use halles_pages::basket::{BasketNotice, BasketPage};
use serde::Deserialize;

use super::{page_with, review, see_other, visit};
use crate::app::State;
use crate::{failure, fill_basket};

/// What the address of the basket's page may carry.
#[derive(Debug, Deserialize)]
pub(crate) struct BasketQuery {
    #[serde(default)]
    notice: String,
}

/// `GET /basket`
pub(crate) async fn show_basket(
    state: Data<State>,
    visitor: Visitor,
    query: Query<BasketQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let review = review(&state.catalogue, visitor.basket.lines()).await.map_err(failure::catalogue)?;
    let last_order = last_order(&request);
    let page = BasketPage {
        review: &review,
        notice: BasketNotice::from_code(&query.notice),
        last_order: last_order.as_ref().map(LocalPath::as_str),
    };
    // Told once: the language switch and the next look do not tell it again.
    let visit = halles_pages::Visit { path_and_query: "/basket", ..visit(&visitor) };
    Ok(page_with(actix_web::http::StatusCode::OK, page.render(&visit)))
}

/// The form on a listing's page.
#[derive(Debug, Deserialize)]
pub(crate) struct PutInForm {
    listing_id: i64,
    #[serde(default = "one")]
    quantity: u32,
}

const fn one() -> u32 {
    1
}

/// `POST /basket/lines`
pub(crate) async fn put_in_basket(
    state: Data<State>,
    visitor: Visitor,
    form: Form<PutInForm>,
) -> Result<HttpResponse, Problem> {
    let id: ListingId = form.listing_id.to_string().parse()?;
    let wanted = match Quantity::new(form.quantity) {
        Ok(wanted) => wanted,
        Err(_) if form.quantity > Quantity::MAX => return Ok(back(&visitor, None, BasketNotice::TooMany)),
        Err(fault) => return Err(fault.into()),
    };
    let present = visitor.basket.lines().iter().map(|line| line.listing_id).filter(|present| *present != id);
    let ids: Vec<ListingId> = present.chain([id]).collect();
    let mut others = state.catalogue.listings(&ids).await.map_err(failure::catalogue)?.value;
    let listing = others.iter().position(|listing| listing.id == id).map(|place| others.remove(place));
    let mut basket = visitor.basket.clone();
    let notice = fill_basket::put_in(&mut basket, listing.as_deref(), wanted, &others);
    Ok(back(&visitor, Some(&basket), notice))
}

/// The form on a line of the basket.
#[derive(Debug, Deserialize)]
pub(crate) struct ChangeForm {
    quantity: u32,
}

/// `POST /basket/lines/{id}`
pub(crate) async fn change_basket(
    state: Data<State>,
    visitor: Visitor,
    id: Path<String>,
    form: Form<ChangeForm>,
) -> Result<HttpResponse, Problem> {
    let id: ListingId = id.parse().map_err(|_| Problem::not_found("There is no such line."))?;
    let wanted = match form.quantity {
        0 => None,
        pieces => match Quantity::new(pieces) {
            Ok(wanted) => Some(wanted),
            Err(_) => return Ok(back(&visitor, None, BasketNotice::TooMany)),
        },
    };
    // Taking something out must work even when the catalogue does not answer.
    let listing = match wanted {
        Some(_) => state.catalogue.listing(id).await.map_err(failure::catalogue)?.value,
        None => None,
    };
    let mut basket = visitor.basket.clone();
    let notice = fill_basket::change(&mut basket, id, listing.as_deref(), wanted);
    Ok(back(&visitor, Some(&basket), notice))
}

/// Back to the basket, which says what happened.
fn back(visitor: &Visitor, basket: Option<&Basket>, notice: BasketNotice) -> HttpResponse {
    let mut answer = see_other(&format!("/basket?notice={}", notice.code()));
    if let Some(basket) = basket {
        // Its parts are digits, letters and dots, which a header always takes.
        let _ = answer.add_cookie(&visitor.basket_cookie(basket));
    }
    answer
}
