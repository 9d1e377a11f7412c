//! The mails about an order: one for each of its moves, as plain text, in the shopper's language.
//!
//! A mail says what a page would say at that moment, in the same words, and where the page is. It holds the shopper's
//! order and no address.

use halles_domain::{Cause, Language, OrderLine, OrderState, PlacedOrder};

use crate::order_texts::{self, OrderTexts, order_texts};
use crate::texts::colon;

/// A mail's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderMail {
    /// The first line.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// What a mail about an order needs to know.
#[derive(Debug, Clone, Copy)]
pub struct OrderNews<'a> {
    /// The order as it is when the mail is written.
    pub order: &'a PlacedOrder,
    /// What it became; it may have moved on since.
    pub became: OrderState,
    /// What moved it, or what there is to tell although nothing moved.
    pub cause: Cause,
    /// Whether money goes back.
    pub has_refunds: bool,
    /// Where it is followed.
    pub order_url: &'a str,
    /// Where it can be paid, on any device.
    pub payment_link: &'a str,
}

/// Writes the mail.
pub fn order_mail(news: &OrderNews<'_>) -> OrderMail {
    let language = news.order.language;
    let texts = order_texts(language);
    let (title, text) = words(news, texts);
    let number = order_texts::order_number(language, &news.order.id.short());
    let mut parts = vec![hello(language).to_owned(), text];
    parts.extend(if news.cause == Cause::PartSent { sent_lines(news.order) } else { lines(news.order, texts) });
    parts.extend(left_out(news, texts));
    if news.became == OrderState::AwaitingPayment {
        parts.push(format!("{}\n{}", pay_here(language), news.payment_link));
    }
    parts.push(format!("{}\n{}", follow_here(language, news.order.can_be_cancelled()), news.order_url));
    parts.push(why(language).to_owned());
    OrderMail { subject: format!("{number}{}{title}", colon(language)), text: parts.join("\n\n") + "\n" }
}

/// The title and the first paragraph.
fn words(news: &OrderNews<'_>, texts: &OrderTexts) -> (&'static str, String) {
    let language = news.order.language;
    let (title, text) = match news.became {
        OrderState::AwaitingPayment => {
            let until = news.order.held_until.map(|until| order_texts::held_until(language, until));
            let held = until.map_or(String::new(), |until| format!("{} {until}. ", texts.held_title));
            let ends_soon = news.cause == Cause::HoldEndsSoon;
            let title = if ends_soon { hold_ends_soon(language) } else { texts.held_title };
            return (title, format!("{held}{} {}", texts.held_charged, texts.held_after));
        }
        OrderState::Paid if news.cause == Cause::PartSent => {
            let (title, text) = part_sent(language);
            (title, text.to_owned())
        }
        OrderState::Waitlisted => (texts.waitlisted_title, texts.waitlisted_text.to_owned()),
        OrderState::Refused => (texts.refused_title, refusals(news.order, texts)),
        OrderState::Paid => (texts.paid_title, texts.paid_text.to_owned()),
        OrderState::Expired => (texts.expired_title, texts.expired_text.to_owned()),
        OrderState::Cancelled if news.has_refunds => (texts.cancelled_title, given_back(language).to_owned()),
        OrderState::Cancelled => (texts.cancelled_title, texts.cancelled_text.to_owned()),
    };
    (title, text)
}

/// What was ordered, with its sum.
fn lines(order: &PlacedOrder, texts: &OrderTexts) -> Option<String> {
    let language = order.language;
    let line = |line: &OrderLine| {
        let price = line.unit_price.times(line.quantity).map(|price| price.format(language)).unwrap_or_default();
        format!("{}{}{price}", piece(line), colon(language))
    };
    let mut all: Vec<String> = order.lines.iter().map(line).collect();
    let total = order.total.filter(|_| !all.is_empty())?;
    all.push(format!("{}{}{}", texts.total, colon(language), total.format(language)));
    Some(all.join("\n"))
}

/// What has left, without prices: it is about parcels now.
fn sent_lines(order: &PlacedOrder) -> Option<String> {
    let sent: Vec<String> = order.lines.iter().filter(|line| line.sent_at.is_some()).map(piece).collect();
    (!sent.is_empty()).then(|| sent.join("\n"))
}

/// How many of what, and what is wished for on it.
fn piece(line: &OrderLine) -> String {
    let wish = line.personalisation.as_ref().map_or(String::new(), |wish| format!(" (« {} »)", wish.as_str()));
    format!("{} × {}{wish}", line.quantity.get(), line.title.as_str())
}

/// What could not be had of an order that takes what there is.
fn left_out(news: &OrderNews<'_>, texts: &OrderTexts) -> Option<String> {
    let order = news.order;
    let is_placed = news.cause == Cause::Placed && news.became == OrderState::AwaitingPayment;
    if !is_placed || order.refusals.is_empty() {
        return None;
    }
    let reasons = order.refusals.iter().map(|refusal| order_texts::line_refusal(order.language, refusal.line));
    let reasons: Vec<String> = reasons.map(|reason| format!("- {reason}")).collect();
    Some(format!("{}\n{}", texts.left_out, reasons.join("\n")))
}

fn refusals(order: &PlacedOrder, texts: &OrderTexts) -> String {
    let reasons = order.refusals.iter().map(|refusal| order_texts::line_refusal(order.language, refusal.line));
    let mut all = vec![texts.refused_text.to_owned()];
    all.extend(reasons.map(|reason| format!("- {reason}")));
    all.join("\n")
}

const fn given_back(language: Language) -> &'static str {
    match language {
        Language::Fr => "Les pièces sont retournées sur les étals, et tout ce que vous avez payé vous est rendu.",
        Language::En => "The pieces are back on the stalls, and you are given back all that you paid.",
    }
}

const fn hello(language: Language) -> &'static str {
    match language {
        Language::Fr => "Bonjour,",
        Language::En => "Hello,",
    }
}

const fn pay_here(language: Language) -> &'static str {
    match language {
        Language::Fr => "Payer, sur n'importe quel appareil :",
        Language::En => "Pay, on any device:",
    }
}

const fn follow_here(language: Language, can_be_cancelled: bool) -> &'static str {
    match (language, can_be_cancelled) {
        (Language::Fr, true) => "Suivre la commande, ou l'annuler :",
        (Language::Fr, false) => "Suivre la commande :",
        (Language::En, true) => "Follow the order, or cancel it:",
        (Language::En, false) => "Follow the order:",
    }
}

const fn hold_ends_soon(language: Language) -> &'static str {
    match language {
        Language::Fr => "Votre réservation se termine bientôt",
        Language::En => "Your hold ends soon",
    }
}

const fn part_sent(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Fr => ("Un colis est en route", "Ces pièces vous ont été envoyées :"),
        Language::En => ("A parcel is on its way", "These pieces have been sent to you:"),
    }
}

const fn why(language: Language) -> &'static str {
    match language {
        Language::Fr => "Halles. Ce message concerne uniquement cette commande ; nous n'écrivons pour rien d'autre.",
        Language::En => "Halles. This message is about this order alone; we write about nothing else.",
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::{Currency, ListingId, Money, Personalisation, Quantity, SellerId, Title};
    use jiff::Timestamp;

    use super::*;

    fn order(state: OrderState, language: Language) -> PlacedOrder {
        let at: Timestamp = "2025-07-01T12:34:00Z".parse().expect("a time");
        let price = Money::new(1_000, Currency::Eur).expect("a price");
        let line = OrderLine {
            listing_id: ListingId::new(7),
            seller_id: SellerId::new(1),
            title: Title::new("Bol en grès").expect("a title"),
            quantity: Quantity::new(2).expect("a quantity"),
            unit_price: price,
            personalisation: None,
            sent_at: None,
        };
        PlacedOrder {
            id: "0190c7a2-1b2c-8d3e-8f40-112233445566".parse().expect("a UUID"),
            state,
            language,
            lines: vec![line],
            total: Money::new(2_000, Currency::Eur).ok(),
            held_until: Some("2025-07-01T13:04:00Z".parse().expect("a time")),
            waiting: None,
            refusals: vec![],
            accepted_at: at,
            placed_at: at,
        }
    }

    fn mail_about(order: &PlacedOrder, became: OrderState, cause: Cause) -> OrderMail {
        let (order_url, payment_link) = ("https://halles.example/orders/x", "https://halles.example/pay/y");
        order_mail(&OrderNews { order, became, cause, has_refunds: false, order_url, payment_link })
    }

    fn mail(became: OrderState, language: Language, has_refunds: bool) -> OrderMail {
        let order = order(became, language);
        let (order_url, payment_link) = ("https://halles.example/orders/x", "https://halles.example/pay/y");
        let cause = Cause::Placed;
        order_mail(&OrderNews { order: &order, became, cause, has_refunds, order_url, payment_link })
    }

    #[test]
    fn a_held_order_says_until_when_how_much_and_where_to_pay() {
        let mail = mail(OrderState::AwaitingPayment, Language::Fr, false);
        assert_eq!(mail.subject, "Commande 0190-C7A2\u{a0}: Vos pièces sont réservées");
        assert!(mail.text.contains("2 × Bol en grès\u{a0}: 20,00") && mail.text.contains("jusqu'au 1er juillet"));
        assert!(mail.text.contains("\nhttps://halles.example/pay/y\n"), "{}", mail.text);
    }

    #[test]
    fn every_move_has_its_mail_and_only_held_orders_a_way_to_pay() {
        for became in OrderState::ALL {
            for language in [Language::Fr, Language::En] {
                let mail = mail(became, language, false);
                assert!(mail.subject.len() > 20 && mail.text.contains("https://halles.example/orders/x"), "{mail:?}");
                assert_eq!(mail.text.contains("/pay/"), became == OrderState::AwaitingPayment, "{became}");
            }
        }
    }

    #[test]
    fn nobody_who_has_paid_reads_that_nothing_was_charged() {
        let text = mail(OrderState::Cancelled, Language::En, true).text;
        assert!(text.contains("given back") && !text.contains("Nothing was charged"), "{text}");
    }

    #[test]
    fn a_hold_that_ends_soon_and_a_parcel_have_mails_of_their_own() {
        let mut order = order(OrderState::AwaitingPayment, Language::En);
        let soon = mail_about(&order, OrderState::AwaitingPayment, Cause::HoldEndsSoon);
        assert!(soon.subject.ends_with("Your hold ends soon") && soon.text.contains("/pay/y"), "{soon:?}");
        order.state = OrderState::Paid;
        order.lines[0].sent_at = Some(order.placed_at);
        order.lines[0].personalisation = Personalisation::parse("For Zoé").expect("lawful");
        let sent = mail_about(&order, OrderState::Paid, Cause::PartSent);
        assert!(
            sent.subject.ends_with("A parcel is on its way") && sent.text.contains("2 × Bol en grès (« For Zoé »)")
        );
        assert!(!sent.text.contains("cancel") && !sent.text.contains("/pay/"), "{}", sent.text);
    }
}
