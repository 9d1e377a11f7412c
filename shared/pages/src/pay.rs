//! Paying, as a shopper sees it: the panel on an order's page, and the page behind a payment link.
//!
//! The words keep to what is true at that moment: an amount is named before anybody is asked for it, "paid" is said only
//! when the provider has the money, and money that goes back is named with its reason until it has gone.

use halles_domain::{Language, Money, OrderState, Payment, PaymentState, PlacedOrder};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::order_texts;
use crate::pay_texts::{self, PayTexts, pay_texts};
use crate::{Shell, Visit, icon, notice, price};

/// How soon a page that waits for the provider's word looks again.
pub(crate) const REFRESH_S: u32 = 3;

/// What the shopper has just tried, if anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Attempt {
    /// Nothing.
    #[default]
    None,
    /// They came back, and the provider has the money.
    Paid,
    /// They came back, and it was declined or given up.
    Declined,
    /// They came back, and nobody knows yet.
    Unconfirmed,
    /// They wanted to pay, and the provider did not answer.
    NotStarted,
}

/// What there is to know about paying an order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paying<'a> {
    /// Every attempt so far, the first one first.
    pub payments: &'a [Payment],
    /// What would be charged now, as far as prices can be read.
    pub due: Option<Money>,
    /// What the shopper has just tried.
    pub attempt: Attempt,
    /// A link to pay with on another device.
    pub link: Option<&'a str>,
}

impl Paying<'_> {
    /// Whether the page should look again by itself: somebody has paid and the provider has not said so yet.
    pub(crate) fn is_awaited(&self, state: OrderState) -> bool {
        state == OrderState::AwaitingPayment && self.attempt == Attempt::Unconfirmed && self.open().is_some()
    }

    /// What goes back, or has gone back.
    pub(crate) fn has_refunds(&self) -> bool {
        self.payments.iter().any(|payment| payment.refund.is_some())
    }

    fn open(&self) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.state == PaymentState::Started)
    }

    /// A started payment has its amount for good.
    fn amount(&self, order: &PlacedOrder) -> Option<Money> {
        self.open().map(|payment| payment.amount).or(self.due).or(order.total)
    }
}

/// What stands above an order's state: how the last attempt went.
pub(crate) fn attempt_notice(language: Language, attempt: Attempt, state: OrderState) -> Markup {
    let texts = pay_texts(language);
    match attempt {
        Attempt::Unconfirmed if state == OrderState::AwaitingPayment => notice::info(texts.unconfirmed),
        Attempt::Declined if state == OrderState::AwaitingPayment => notice::warning(texts.declined),
        Attempt::NotStarted if state == OrderState::AwaitingPayment => notice::warning(texts.not_started),
        _ => html! {},
    }
}

/// The button, the amount, and what happens next; below an order whose pieces are held.
pub(crate) fn panel(language: Language, order: &PlacedOrder, paying: &Paying<'_>) -> Markup {
    let texts = pay_texts(language);
    html! {
        section.panel.pay aria-labelledby="pay-heading" {
            h2 #pay-heading { (texts.heading) }
            (amount(language, texts, order, paying))
            (button(language, texts, &format!("/orders/{}/pay", order.id), paying.amount(order)))
            @if let Some(link) = paying.link {
                details {
                    summary { (texts.other_device) }
                    p { (texts.other_device_text) }
                    p { a.pay-link href=(link) { (link) } }
                }
            }
        }
    }
}

/// Money that goes back, with its reason.
pub(crate) fn refunds(language: Language, paying: &Paying<'_>) -> Markup {
    html! {
        @for refund in paying.payments.iter().filter_map(|payment| payment.refund.as_ref()) {
            p.notice role="status" {
                strong { (pay_texts::refund(language, refund)) }
                " " (pay_texts::refund_reason(language, refund.reason))
            }
        }
    }
}

/// The page behind a payment link: what, how much, and a button. Nothing else of the order.
#[derive(Debug)]
pub struct PayLinkPage<'a> {
    /// The order.
    pub order: &'a PlacedOrder,
    /// What there is to know about paying it.
    pub paying: Paying<'a>,
    /// The link's own path, which the form is sent to.
    pub path: &'a str,
    /// The present moment.
    pub now: Timestamp,
}

impl PayLinkPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let (language, order) = (visit.language, self.order);
        let texts = pay_texts(language);
        let content = html! {
            article.order {
                p.order-number { (order_texts::order_number(language, &order.id.short())) }
                (attempt_notice(language, self.paying.attempt, order.state))
                (self.state(language, texts))
                (self.lines(language, texts))
            }
        };
        let title = order_texts::order_number(language, &order.id.short());
        let shell = Shell::new(visit, &title).unlisted();
        let shell = if self.paying.is_awaited(order.state) { shell.refresh_after(REFRESH_S) } else { shell };
        shell.render(&content)
    }

    fn state(&self, language: Language, texts: &PayTexts) -> Markup {
        let order = self.order;
        html! {
            @match order.state {
                OrderState::AwaitingPayment => div.state.state-good {
                    h1 { (texts.link_title) }
                    @if let Some(until) = order.held_until {
                        p.lead {
                            strong { time datetime=(until) { (order_texts::held_until(language, until)) } }
                            " · " (order_texts::minutes_left(language, until, self.now))
                        }
                    }
                    (amount(language, texts, order, &self.paying))
                    (button(language, texts, self.path, self.paying.amount(order)))
                },
                OrderState::Paid => div.state.state-good role="status" {
                    span.state-sign { (icon::tick()) }
                    h1 { (texts.link_paid_title) }
                    p.lead { (texts.link_paid_text) }
                },
                _ => div.state.state-over role="status" {
                    h1 { (texts.link_over_title) }
                    p.lead { (texts.link_over_text) }
                },
            }
            (refunds(language, &self.paying))
        }
    }

    fn lines(&self, language: Language, texts: &PayTexts) -> Markup {
        html! {
            section.panel aria-labelledby="lines-heading" {
                h2 #lines-heading { (texts.link_lines) }
                ul.order-lines role="list" {
                    @for line in &self.order.lines {
                        li {
                            span.order-line-count { (line.quantity.get()) " ×" }
                            span { (line.title.as_str()) }
                            (price::price(language, line.unit_price.times(line.quantity).ok()))
                        }
                    }
                }
            }
        }
    }
}

/// The page of a payment link that leads nowhere any more.
pub fn expired_link_page(visit: &Visit<'_>) -> String {
    let texts = pay_texts(visit.language);
    let content = html! {
        article.order {
            div.state.state-over role="status" {
                h1 { (texts.link_expired_title) }
                p.lead { (texts.link_expired_text) }
            }
        }
    };
    Shell::new(visit, texts.link_expired_title).unlisted().render(&content)
}

fn amount(language: Language, texts: &PayTexts, order: &PlacedOrder, paying: &Paying<'_>) -> Markup {
    let (amount, agreed) = (paying.amount(order), order.total);
    let has_fallen = matches!((amount, agreed), (Some(now), Some(then)) if now.cents() < then.cents());
    html! {
        p.sum { span { (texts.to_pay) } (price::price(language, amount)) }
        @if has_fallen { p { (texts.price_fell) } }
    }
}

fn button(language: Language, texts: &PayTexts, action: &str, amount: Option<Money>) -> Markup {
    html! {
        form.pay-form action=(action) method="post" {
            button.button type="submit" { (pay_texts::pay(language, amount)) }
            p.muted.small { (texts.next) }
        }
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::{Currency, PaymentId, Refund, RefundReason};

    use super::*;

    const VISIT: Visit<'_> = Visit { language: Language::En, basket_pieces: 0, path_and_query: "/pay/x" };

    fn eur(cents: i64) -> Money {
        Money::new(cents, Currency::Eur).expect("a lawful amount")
    }

    fn order(state: OrderState) -> PlacedOrder {
        let at: Timestamp = "2025-07-01T12:34:00Z".parse().expect("a time");
        PlacedOrder {
            id: "0190c7a2-1b2c-8d3e-8f40-112233445566".parse().expect("a UUID"),
            state,
            language: Language::En,
            lines: vec![],
            total: Some(eur(2_000)),
            held_until: Some("2025-07-01T13:04:00Z".parse().expect("a time")),
            waiting: None,
            refusals: vec![],
            accepted_at: at,
            placed_at: at,
        }
    }

    fn payment(state: PaymentState, refund: Option<Refund>) -> Payment {
        let order = order(OrderState::Paid);
        let id: PaymentId = "0190c7a2-1b2c-7d3e-8f40-112233445566".parse().expect("a UUID");
        Payment { id, order_id: order.id, amount: eur(1_500), state, refund, started_at: order.placed_at }
    }

    fn page(state: OrderState, paying: Paying<'_>) -> String {
        let now = "2025-07-01T12:34:30Z".parse().expect("a time");
        PayLinkPage { order: &order(state), paying, path: "/pay/x", now }.render(&VISIT)
    }

    #[test]
    fn the_button_names_the_amount_and_a_lower_price_is_pointed_out() {
        let html = page(OrderState::AwaitingPayment, Paying { due: Some(eur(1_500)), ..Paying::default() });
        assert!(html.contains("Pay €15.00") && html.contains("The price has fallen"), "{html}");
        assert!(html.contains("action=\"/pay/x\"") && !html.contains("/cancel") && !html.contains("/orders/"));
        let html = page(OrderState::AwaitingPayment, Paying::default());
        assert!(html.contains("Pay €20.00") && !html.contains("has fallen"));
    }

    #[test]
    fn paid_is_said_only_when_it_is() {
        let open = [payment(PaymentState::Started, None)];
        let paying = Paying { payments: &open, attempt: Attempt::Unconfirmed, ..Paying::default() };
        let html = page(OrderState::AwaitingPayment, paying);
        assert!(html.contains("on its way") && html.contains("http-equiv=\"refresh\"") && !html.contains("is paid"));
        assert!(html.contains("Pay €15.00"), "a started payment keeps its amount");
        let html = page(OrderState::Paid, paying);
        assert!(html.contains("is paid") && !html.contains("http-equiv=\"refresh\""));
    }

    #[test]
    fn money_that_goes_back_is_named_with_its_reason() {
        let owed = Refund { amount: eur(1_500), reason: RefundReason::CameTooLate, done_at: None };
        let html = page(
            OrderState::Expired,
            Paying { payments: &[payment(PaymentState::Captured, Some(owed))], ..Paying::default() },
        );
        assert!(html.contains("We are giving you back €15.00") && html.contains("after the time"), "{html}");
    }
}
