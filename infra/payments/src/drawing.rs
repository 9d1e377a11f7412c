//! The payment page, drawn in French or English. It says on every line that no money moves.

use halles_domain::{Language, Money};
use halles_payment::wire::HostedState;
use maud::{DOCTYPE, Markup, html};

use crate::ledger::Account;

/// The page's stylesheet: readable on a phone, in the light and in the dark.
pub(crate) const STYLESHEET: &str = "
:root { color-scheme: light dark; --ink: #22303c; --paper: #f3f6f8; --card: #fff; --line: #c9d3db; --go: #14694a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf2; --paper: #141a1f; --card: #1d252c; --line: #3a4752; --go: #1f8a62; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main { max-width: 28rem; margin: 0 auto; padding: 1.25rem; }
.sandbox { border: 2px dashed var(--line); border-radius: .5rem; padding: .5rem .75rem; font-size: .9375rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin: 1.25rem 0; }
h1 { font-size: 1.25rem; margin: 0 0 .25rem; }
.amount { font-size: 2rem; font-weight: 650; margin: .25rem 0 1rem; }
button { font: inherit; width: 100%; min-height: 3rem; border-radius: .5rem; border: 1px solid var(--line); background: none; color: inherit; margin-top: .75rem; cursor: pointer; }
button.go { background: var(--go); border-color: var(--go); color: #fff; font-weight: 600; }
button:focus-visible, a:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid #f0a500; outline-offset: 2px; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0 0; }
label { display: block; padding: .5rem 0; }
select, input { font: inherit; min-height: 2.75rem; width: 100%; margin-top: .25rem; }
";

struct Texts {
    title: &'static str,
    sandbox: &'static str,
    pay: &'static str,
    decline: &'static str,
    slow: &'static str,
    weather: &'static str,
    notice: &'static str,
    choices: [(&'static str, &'static str); 4],
    delay: &'static str,
    back: &'static str,
}

const FR: Texts = Texts {
    title: "Paiement",
    sandbox: "Bac à sable : aucun argent ne circule, aucune carte n'est demandée.",
    pay: "Payer",
    decline: "Refuser le paiement",
    slow: "Payer, confirmation plus tard",
    weather: "Pour essayer",
    notice: "Prévenir la boutique",
    choices: [("at_once", "tout de suite"), ("twice", "deux fois"), ("late", "en retard"), ("never", "jamais")],
    delay: "Retard en millisecondes (5 000 si vide)",
    back: "Retourner à la boutique",
};

const EN: Texts = Texts {
    title: "Payment",
    sandbox: "Sandbox: no money moves, no card is asked for.",
    pay: "Pay",
    decline: "Decline the payment",
    slow: "Pay, confirmed later",
    weather: "To try things",
    notice: "Tell the shop",
    choices: [("at_once", "at once"), ("twice", "twice"), ("late", "late"), ("never", "never")],
    delay: "Lateness in milliseconds (5,000 when empty)",
    back: "Back to the shop",
};

/// The page of a payment as it stands.
pub(crate) fn draw(account: &Account) -> String {
    let language: Language = account.opened.language.parse().unwrap_or_default();
    let texts = match language {
        Language::Fr => &FR,
        Language::En => &EN,
    };
    let page = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (texts.title) " · " (account.opened.description) }
                link rel="stylesheet" href="/sandbox/style.css";
            }
            body {
                main {
                    p.sandbox role="note" { (texts.sandbox) }
                    div.card {
                        h1 { (account.opened.description) }
                        p.amount { (amount(account, language)) }
                        @if account.state == HostedState::Open {
                            (form(account, texts))
                        } @else {
                            p role="status" { (standing(language, account)) }
                        }
                    }
                    p { a href=(account.opened.return_url) { (texts.back) } }
                }
            }
        }
    };
    page.into_string()
}

fn form(account: &Account, texts: &Texts) -> Markup {
    html! {
        form action={ "/sandbox/payments/" (account.opened.id) } method="post" {
            button.go type="submit" name="outcome" value="paid" { (texts.pay) }
            button type="submit" name="outcome" value="declined" { (texts.decline) }
            fieldset {
                legend { (texts.weather) }
                button type="submit" name="outcome" value="slow" { (texts.slow) }
                label {
                    (texts.notice)
                    select name="notice" {
                        @for (value, label) in texts.choices { option value=(value) { (label) } }
                    }
                }
                label {
                    (texts.delay)
                    input name="delay_ms" inputmode="numeric" pattern="[0-9]*" maxlength="6";
                }
            }
        }
    }
}

fn amount(account: &Account, language: Language) -> String {
    let known = account.opened.currency.parse().and_then(|currency| Money::new(account.opened.amount_cents, currency));
    match known {
        Ok(money) => money.format(language),
        Err(_) => format!("{} {}", account.opened.amount_cents, account.opened.currency),
    }
}

fn standing(language: Language, account: &Account) -> &'static str {
    match (language, account.state) {
        _ if account.refunded_cents > 0 => match language {
            Language::Fr => "Ce paiement a été remboursé.",
            Language::En => "This payment has been given back.",
        },
        (Language::Fr, HostedState::Open) => "En attente.",
        (Language::Fr, HostedState::Processing) => "Le paiement est en route.",
        (Language::Fr, HostedState::Captured) => "C'est payé.",
        (Language::Fr, HostedState::Declined) => "Le paiement a été refusé. Rien n'a été débité.",
        (Language::Fr, HostedState::Expired) => "Trop tard : cette page n'est plus valable. Rien n'a été débité.",
        (Language::En, HostedState::Open) => "Waiting.",
        (Language::En, HostedState::Processing) => "The payment is on its way.",
        (Language::En, HostedState::Captured) => "It is paid.",
        (Language::En, HostedState::Declined) => "The payment was declined. Nothing was charged.",
        (Language::En, HostedState::Expired) => "Too late: this page is no longer good. Nothing was charged.",
    }
}
