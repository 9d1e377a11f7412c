//! An order's page: the truth about it at this moment, for whoever has its address.
//!
//! Shows no name, e-mail address or street: an address may be shared.

use std::sync::Arc;
use std::time::Duration;

use halles_domain::{Language, Listing, ListingId, OrderId, OrderState, PlacedOrder, Refusal};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::order_texts::{self, OrderTexts, order_texts};
use crate::pay::{self, Paying};
use crate::pay_texts::pay_texts;
use crate::texts::colon;
use crate::{Shell, Visit, address, assets, icon, notice, price};

pub use crate::order_texts::{about, queue_text, waiting_place as waiting_text};

/// An order's page.
#[derive(Debug)]
pub struct OrderStatusPage<'a> {
    /// Which order.
    pub id: OrderId,
    /// The order; none while it waits to be placed.
    pub order: Option<&'a PlacedOrder>,
    /// The listings of its lines and refusals, as far as they can be read.
    pub listings: &'a [Arc<Listing>],
    /// The present moment.
    pub now: Timestamp,
    /// Whether the shopper has just tried to cancel it and could not.
    pub cancel_failed: bool,
    /// What keeps it true while it is open.
    pub live: Live,
    /// What there is to know about paying it.
    pub paying: Paying<'a>,
}

/// What keeps an open page true: where it is told of changes, and what it knows already.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// The path that tells, as a stream; with `.json` behind it, once.
    pub path: String,
    /// The query that belongs to it.
    pub query: String,
    /// How far along the order is on this page. A page that is told more loads itself again.
    pub step: u8,
    /// Its place among all that wait to be placed, and how long that may take.
    pub queue: Option<(u64, Option<Duration>)>,
}

/// How soon a page without scripts that says "being checked" looks again, when nobody knows how long that takes.
const REFRESH_S: u32 = 2;

/// How late it may look again at most, however long the queue is: shoppers who see nothing move for longer go away.
const LATEST_REFRESH_S: u64 = 20;

impl OrderStatusPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let language = visit.language;
        let texts = order_texts(language);
        let live = self.live();
        let content = html! {
            article.order data-live=[live.map(|live| &live.path)] data-query=[live.map(|live| &live.query)]
                data-step=[live.map(|live| live.step)] {
                p.order-number { (order_texts::order_number(language, &self.id.short())) }
                @if self.cancel_failed { (notice::warning(texts.cancel_too_late)) }
                @match self.order {
                    None => (self.pending(language, texts)),
                    Some(order) => (self.placed(language, texts, order)),
                }
                @if live.is_some() { p.muted.small #live-lost role="status" hidden { (texts.live_lost) } }
                p.muted.small.order-keep { (texts.keep_address) }
            }
        };
        let title = order_texts::order_number(language, &self.id.short());
        let shell = Shell::new(visit, &title).unlisted();
        let shell = match self.refresh_s() {
            Some(seconds) => shell.refresh_without_script_after(seconds),
            None => shell,
        };
        let script = html! { script src=(assets::order_status_script_path()) defer {} };
        let shell = if live.is_some() { shell.head(script) } else { shell };
        shell.render(&content)
    }

    /// What keeps the page true, if anything can change by itself.
    fn live(&self) -> Option<&Live> {
        let may_change =
            |order: &PlacedOrder| matches!(order.state, OrderState::AwaitingPayment | OrderState::Waitlisted);
        self.order.is_none_or(may_change).then_some(&self.live)
    }

    /// When a browser without scripts looks again. The longer the wait, the later: a crowd that waits for minutes need not
    /// ask every two seconds.
    fn refresh_s(&self) -> Option<u32> {
        match self.order {
            None => {
                let expected = self.live.queue.and_then(|(_, expected)| expected);
                let seconds = expected.map(|expected| (expected.as_secs() / 3).min(LATEST_REFRESH_S));
                let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(REFRESH_S);
                Some(seconds.max(REFRESH_S))
            }
            Some(order) if self.paying.is_awaited(order.state) => Some(pay::REFRESH_S),
            Some(_) => None,
        }
    }

    fn pending(&self, language: Language, texts: &OrderTexts) -> Markup {
        let place = self.live.queue.map(|(place, expected)| queue_text(language, place, expected));
        html! {
            div.state.state-waiting role="status" {
                span.state-sign { (icon::hourglass()) }
                h1 { (texts.pending_title) }
                p.lead { (texts.pending_text) }
                p.queue-place { strong #live-text { (place.unwrap_or_default()) } }
                p.muted { (texts.pending_refresh) " " a href={ "/orders/" (self.id) (self.live.query) } { (texts.reload) } }
            }
            (cancel_button(self.id, texts.cancel, texts.cancel_note))
        }
    }

    fn placed(&self, language: Language, texts: &OrderTexts, order: &PlacedOrder) -> Markup {
        html! {
            (pay::attempt_notice(language, self.paying.attempt, order.state))
            (self.state(language, texts, order))
            (pay::refunds(language, &self.paying))
            @if order.state == OrderState::AwaitingPayment { (pay::panel(language, order, &self.paying)) }
            @if !order.lines.is_empty() { (self.lines(language, texts, order)) }
            @if order.can_be_cancelled() { (cancel_form(language, texts, order)) }
            p.muted.small { (order_texts::placed_at(language, order.accepted_at)) }
        }
    }

    fn state(&self, language: Language, texts: &OrderTexts, order: &PlacedOrder) -> Markup {
        match order.state {
            OrderState::AwaitingPayment => held(language, texts, order, self.now),
            OrderState::Waitlisted => waitlisted(language, texts, order),
            OrderState::Refused => self.refused(language, texts, order),
            OrderState::Paid => state("state-good", texts.paid_title, texts.paid_text),
            // Where money goes back, "nothing was charged" would be a lie.
            OrderState::Expired if self.paying.has_refunds() => {
                state("state-over", texts.expired_title, pay_texts(language).expired_paid)
            }
            OrderState::Expired => state("state-over", texts.expired_title, texts.expired_text),
            OrderState::Cancelled if self.paying.has_refunds() => {
                state("state-over", texts.cancelled_title, pay_texts(language).cancelled_paid)
            }
            OrderState::Cancelled => state("state-over", texts.cancelled_title, texts.cancelled_text),
        }
    }

    fn refused(&self, language: Language, texts: &OrderTexts, order: &PlacedOrder) -> Markup {
        html! {
            div.state.state-over role="status" {
                h1 { (texts.refused_title) }
                p.lead { (texts.refused_text) }
                ul.refusals {
                    @for refusal in &order.refusals { li { (self.refusal(language, texts, refusal)) } }
                }
            }
            div.actions {
                a.button href="/basket" { (texts.look_again) }
                a.button.button-quiet href="/" { (texts.browse) }
            }
        }
    }

    fn refusal(&self, language: Language, texts: &OrderTexts, refusal: &Refusal) -> Markup {
        html! {
            @match self.listing(refusal.listing_id) {
                Some(listing) => a href=(address::listing(listing)) { (listing.title.as_str()) },
                None => span { (texts.a_listing) },
            }
            (colon(language)) strong { (order_texts::line_refusal(language, refusal.line)) }
        }
    }

    fn lines(&self, language: Language, texts: &OrderTexts, order: &PlacedOrder) -> Markup {
        html! {
            section.panel aria-labelledby="lines-heading" {
                h2 #lines-heading { (texts.lines) }
                ul.order-lines role="list" {
                    @for line in &order.lines {
                        li {
                            span.order-line-count { (line.quantity.get()) " ×" }
                            @match self.listing(line.listing_id) {
                                Some(listing) => a href=(address::listing(listing)) { (line.title.as_str()) },
                                None => span { (line.title.as_str()) },
                            }
                            @if let Some(wish) = &line.personalisation { q.order-line-wish { (wish.as_str()) } }
                            @if let Some(sent_at) = line.sent_at {
                                span.order-line-sent { time datetime=(sent_at) { (texts.sent) } }
                            }
                            (price::price(language, line.unit_price.times(line.quantity).ok()))
                        }
                    }
                }
                p.sum { span { (texts.total) } (price::price(language, order.total)) }
                @if !order.refusals.is_empty() {
                    p { (texts.left_out) }
                    ul.refusals {
                        @for refusal in &order.refusals { li { (self.refusal(language, texts, refusal)) } }
                    }
                }
            }
        }
    }

    fn listing(&self, id: ListingId) -> Option<&Listing> {
        self.listings.iter().find(|listing| listing.id == id).map(Arc::as_ref)
    }
}

fn held(language: Language, texts: &OrderTexts, order: &PlacedOrder, now: Timestamp) -> Markup {
    html! {
        div.state.state-good role="status" {
            span.state-sign { (icon::tick()) }
            h1 { (texts.held_title) }
            @if let Some(until) = order.held_until {
                p.lead {
                    strong { time datetime=(until) { (order_texts::held_until(language, until)) } }
                    " · " (order_texts::minutes_left(language, until, now))
                }
            }
            p { strong { (texts.held_charged) } " " (texts.held_after) }
        }
    }
}

fn waitlisted(language: Language, texts: &OrderTexts, order: &PlacedOrder) -> Markup {
    html! {
        div.state.state-waiting role="status" {
            span.state-sign { (icon::hourglass()) }
            h1 { (texts.waitlisted_title) }
            @if let Some(waiting) = order.waiting {
                p.lead { strong #live-text { (waiting_text(language, waiting)) } }
            }
            p { (texts.waitlisted_text) }
        }
    }
}

fn state(class: &str, title: &str, text: &str) -> Markup {
    html! {
        div class={ "state " (class) } role="status" {
            h1 { (title) }
            p.lead { (text) }
        }
    }
}

fn cancel_form(language: Language, texts: &OrderTexts, order: &PlacedOrder) -> Markup {
    let (label, note) = match order.state {
        OrderState::Paid => (pay_texts(language).cancel_paid, pay_texts(language).cancel_paid_note),
        _ => (texts.cancel, texts.cancel_note),
    };
    cancel_button(order.id, label, note)
}

fn cancel_button(id: OrderId, label: &str, note: &str) -> Markup {
    html! {
        form.cancel action={ "/orders/" (id) "/cancel" } method="post" {
            button.button.button-quiet type="submit" { (label) }
            span.muted.small { (note) }
        }
    }
}

#[cfg(test)]
mod tests;
