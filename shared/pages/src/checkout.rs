//! The checkout's page: what is ordered, who orders, where it goes, and in plain words what happens next.

mod fields;

use halles_domain::{ContactForm, Invalid, Language, LineRefusal, ListingId, Personalisation, Review};
use maud::{Markup, html};

use crate::basket::{self, line_words};
use crate::form::{self, Field};
use crate::order_texts::{self, OrderTexts, order_texts};
use crate::{Shell, Visit, assets, notice};

pub use self::fields::{lines_from_text, lines_to_text, wish_field};

/// The checkout's page.
#[derive(Debug)]
pub struct CheckoutPage<'a> {
    /// What is ordered, judged by what is known now.
    pub review: &'a Review,
    /// What the shopper typed so far; personal data, which is why this page is never stored.
    pub form: &'a ContactForm,
    /// What is wrong with it.
    pub faults: &'a [Invalid],
    /// The name of this intent: however often the form is sent, it is one order.
    pub idempotency_key: &'a str,
    /// For how long pieces are held.
    pub hold_minutes: u32,
    /// What else the shopper has chosen.
    pub choices: &'a CheckoutChoices,
    /// Why the order was not taken, if the form was sent.
    pub trouble: Option<CheckoutTrouble>,
    /// When it is worth sending the form again, if nobody could note it.
    pub retry_after_s: Option<u64>,
}

/// What a shopper may choose about an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckoutChoices {
    /// Whether to wait rather than be refused.
    pub may_wait: bool,
    /// Whether to take what there is rather than all or nothing.
    pub what_there_is: bool,
    /// What is wished for on some of the listings, as it was typed.
    pub personalisations: Vec<(ListingId, String)>,
}

/// Why an order was not taken, apart from faults in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckoutTrouble {
    /// Nobody could note it; the same form may be sent again.
    Busy,
    /// The form was used for another order.
    KeyReused,
    /// The form came without its hidden parts, or with broken ones.
    FormOutdated,
}

impl CheckoutPage<'_> {
    /// The whole page.
    pub fn render(&self, visit: &Visit<'_>) -> String {
        let language = visit.language;
        let texts = order_texts(language);
        let content = html! {
            (steps(texts))
            h1.page-title { (texts.checkout_title) }
            @if let Some(trouble) = self.trouble { (notice::warning(trouble.text(texts))) }
            (self.fault_summary(language, texts))
            p.notice.notice-warning #busy-note role="alert" hidden {}
            form.purchase action="/checkout" method="post" data-again=(texts.busy_again)
                data-given-up=(texts.busy_given_up) data-retry-after=[self.retry_after_s] {
                input type="hidden" name="idempotency_key" value=(self.idempotency_key);
                input type="hidden" name="lines" value=(lines_to_text(self.review.lines.iter().map(|line| line.wanted)));
                div.purchase-form { (self.who(language, texts)) (self.where_to(language, texts)) }
                (self.summary(language, texts))
            }
        };
        let script = html! { script src=(assets::checkout_script_path()) defer {} };
        Shell::new(visit, texts.checkout_title).unlisted().head(script).render(&content)
    }

    fn fault_summary(&self, language: Language, texts: &OrderTexts) -> Markup {
        let told: Vec<(&str, String)> =
            self.faults.iter().map(|fault| (fault.field, self.say(language, fault))).collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(field, text)| (*field, text.as_str())).collect();
        form::fault_summary(texts.check_these, &told)
    }

    fn who(&self, language: Language, texts: &OrderTexts) -> Markup {
        let form = self.form;
        let name = Field { autocomplete: "name", max_length: 120, ..Field::text("name", texts.name, &form.name) };
        let email = Field::text("email", texts.email, &form.email);
        let email = Field { kind: "email", autocomplete: "email", max_length: 254, ..email };
        html! {
            fieldset.panel {
                legend { (texts.who) }
                (self.required(language, name))
                (self.required(language, email))
                p.hint { (texts.email_hint) }
            }
        }
    }

    fn where_to(&self, language: Language, texts: &OrderTexts) -> Markup {
        let form = self.form;
        let street = Field::text("street", texts.street, &form.street);
        let street = Field { autocomplete: "street-address", max_length: 300, ..street };
        let postcode = Field::text("postcode", texts.postcode, &form.postcode);
        let postcode = Field { autocomplete: "postal-code", max_length: 16, ..postcode };
        let town = Field::text("town", texts.town, &form.town);
        let town = Field { autocomplete: "address-level2", max_length: 120, ..town };
        html! {
            fieldset.panel {
                legend { (texts.where_to) }
                (self.required(language, street))
                div.field-pair { (self.required(language, postcode)) (self.required(language, town)) }
                (self.country(language, texts))
            }
        }
    }

    /// A field that may not be left empty, with its fault if it has one.
    fn required(&self, language: Language, field: Field<'_>) -> Markup {
        let fault = self.faults.iter().find(|fault| fault.field == field.name).map(|fault| self.say(language, fault));
        Field { required: true, fault: fault.as_deref(), ..field }.render()
    }

    fn country(&self, language: Language, texts: &OrderTexts) -> Markup {
        let chosen = if self.form.country.is_empty() { "FR" } else { self.form.country.as_str() };
        let fault = self.faults.iter().find(|fault| fault.field == "country");
        html! {
            div.field.field-faulty[fault.is_some()] {
                label for="country" { (texts.country) }
                select #country name="country" autocomplete="country" required aria-invalid=[fault.map(|_| "true")] {
                    @for (code, ..) in order_texts::COUNTRIES {
                        option value=(code) selected[code == chosen] { (order_texts::country_name(language, code)) }
                    }
                }
                @if let Some(fault) = fault { p.fault { (self.say(language, fault)) } }
            }
        }
    }

    fn summary(&self, language: Language, texts: &OrderTexts) -> Markup {
        html! {
            aside.panel.purchase-summary aria-label=(texts.your_order) {
                h2 { (texts.your_order) }
                ul.lines.lines-small role="list" {
                    @for line in &self.review.lines {
                        li.line {
                            (line_words(language, line))
                            span.line-count { "× " (line.wanted.quantity.get()) }
                            (self.wish(texts, line.wanted.listing_id))
                        }
                    }
                }
                (basket::total(language, self.review))
                div.next-steps {
                    h3 { (texts.next_title) }
                    ol {
                        li { (texts.next_check) }
                        li { (order_texts::what_is_held(language, self.hold_minutes)) }
                        li { (texts.next_free) }
                    }
                }
                @if self.review.is_orderable() {
                    (self.may_wait(texts))
                    button.button.button-wide type="submit" { (texts.order_button) }
                    p.muted.small.centred { (texts.order_button_note) }
                } @else if self.lacks_only_stock() {
                    input type="hidden" name="may_wait" value="yes";
                    button.button.button-wide type="submit" { (texts.wait_button) }
                    p.muted.small.centred { (texts.wait_button_note) }
                } @else {
                    p.line-refusal role="status" { (texts.mend_first) }
                }
                p.summary-way-on { a href="/basket" { (texts.change_basket) } }
            }
        }
    }

    /// What the shopper wants written on a piece, folded away: most want nothing.
    fn wish(&self, texts: &OrderTexts, id: ListingId) -> Markup {
        let typed = self.choices.personalisations.iter().find(|(of, _)| *of == id).map(|(_, text)| text.as_str());
        let name = wish_field(id);
        html! {
            details.wish open[typed.is_some()] {
                summary { (texts.personalisation) }
                input type="text" name=(name) aria-label=(texts.personalisation) value=(typed.unwrap_or_default())
                    maxlength=(Personalisation::MAX_CHARS);
            }
        }
    }

    /// An order for one listing may wait in its queue; one for several would hold up the others, and may take what there is.
    fn may_wait(&self, texts: &OrderTexts) -> Markup {
        let (name, is_chosen, text) = match self.review.lines.len() {
            1 => ("may_wait", self.choices.may_wait, texts.may_wait),
            _ => ("what_there_is", self.choices.what_there_is, texts.what_there_is),
        };
        html! {
            label.choice {
                input type="checkbox" name=(name) value="yes" checked[is_chosen];
                span { (text) }
            }
        }
    }

    /// Whether there is nothing in the way that waiting could not mend.
    fn lacks_only_stock(&self) -> bool {
        let [line] = &self.review.lines[..] else { return false };
        matches!(line.refusal, Some(LineRefusal::OutOfStock { .. }))
    }

    fn say(&self, language: Language, fault: &Invalid) -> String {
        let form = self.form;
        let value = match fault.field {
            "name" => &form.name,
            "email" => &form.email,
            "street" => &form.street,
            "postcode" => &form.postcode,
            "town" => &form.town,
            _ => &form.country,
        };
        order_texts::field_fault(language, fault, value.trim().is_empty())
    }
}

impl CheckoutTrouble {
    const fn text(self, texts: &OrderTexts) -> &'static str {
        match self {
            Self::Busy => texts.busy,
            Self::KeyReused => texts.key_reused,
            Self::FormOutdated => texts.form_outdated,
        }
    }
}

fn steps(texts: &OrderTexts) -> Markup {
    html! {
        nav.steps aria-label=(texts.steps) {
            ol role="list" {
                li.step-done { a href="/basket" { (texts.step_basket) } }
                li aria-current="step" { (texts.step_details) }
                li { (texts.step_held) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(form: &ContactForm, faults: &[Invalid], trouble: Option<CheckoutTrouble>) -> String {
        let visit = Visit { language: Language::Fr, basket_pieces: 1, path_and_query: "/checkout" };
        let review = Review::default();
        let (idempotency_key, hold_minutes, choices) = ("a-key-of-a-shopper", 30, &CheckoutChoices::default());
        let retry_after_s = trouble.map(|_| 3);
        CheckoutPage { review: &review, form, faults, idempotency_key, hold_minutes, choices, trouble, retry_after_s }
            .render(&visit)
    }

    #[test]
    fn what_was_typed_is_kept_and_each_fault_stands_at_its_field() {
        let form = ContactForm {
            name: "Zoé \"<b>".into(),
            email: "zoe".into(),
            country: "FR".into(),
            ..ContactForm::default()
        };
        let faults = form.parse().expect_err("incomplete");
        let html = page(&form, &faults, None);
        assert!(html.contains("value=\"Zoé &quot;&lt;b&gt;\""));
        assert!(html.contains("id=\"email-fault\"") && html.contains("nom@exemple.fr"));
        assert!(html.contains("Indiquez le code postal."));
        assert!(!html.contains("Indiquez votre nom"));
    }

    #[test]
    fn a_busy_market_keeps_the_key() {
        let html = page(&ContactForm::default(), &[], Some(CheckoutTrouble::Busy));
        assert!(html.contains("value=\"a-key-of-a-shopper\"") && html.contains("Vous ne commanderez pas deux fois"));
        assert!(html.contains("data-retry-after=\"3\""), "a script sends it again by itself");
    }
}
