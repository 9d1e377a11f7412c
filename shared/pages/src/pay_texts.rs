//! The sentences about paying in French and English.

use halles_domain::{Language, Money, Refund, RefundReason};

/// The fixed texts in `language`.
pub(crate) const fn pay_texts(language: Language) -> &'static PayTexts {
    match language {
        Language::Fr => &FR,
        Language::En => &EN,
    }
}

/// The fixed texts of one language; each name says where its text stands.
#[derive(Debug)]
pub(crate) struct PayTexts {
    pub heading: &'static str,
    pub to_pay: &'static str,
    pub next: &'static str,
    pub price_fell: &'static str,
    pub other_device: &'static str,
    pub other_device_text: &'static str,
    pub unconfirmed: &'static str,
    pub declined: &'static str,
    pub not_started: &'static str,
    pub cancel_paid: &'static str,
    pub cancel_paid_note: &'static str,
    pub cancelled_paid: &'static str,
    pub expired_paid: &'static str,
    pub link_title: &'static str,
    pub link_lines: &'static str,
    pub link_paid_title: &'static str,
    pub link_paid_text: &'static str,
    pub link_over_title: &'static str,
    pub link_over_text: &'static str,
    pub link_expired_title: &'static str,
    pub link_expired_text: &'static str,
}

static FR: PayTexts = PayTexts {
    heading: "Payer",
    to_pay: "À payer",
    next: "Vous passez sur la page sécurisée de notre prestataire de paiement : rien n'est débité avant votre accord là-bas.",
    price_fell: "Le prix a baissé depuis votre commande : vous payez le prix le plus bas.",
    other_device: "Payer sur un autre appareil",
    other_device_text: "Ce lien ne permet que de payer cette commande. Il est valable tant que les pièces sont réservées, un jour au plus ; rechargez cette page pour en avoir un nouveau.",
    unconfirmed: "Votre paiement est en route : nous attendons la confirmation. Inutile de payer une deuxième fois. Cette page se met à jour toute seule.",
    declined: "Le paiement n'a pas abouti. Rien n'a été débité ; vous pouvez réessayer.",
    not_started: "Le prestataire de paiement ne répond pas à l'instant. Rien n'a été débité et vos pièces restent réservées : réessayez dans quelques secondes.",
    cancel_paid: "Annuler et être remboursé",
    cancel_paid_note: "Possible tant que le colis n'est pas parti. Tout vous est rendu.",
    cancelled_paid: "Les pièces sont retournées sur les étals.",
    expired_paid: "Les pièces sont retournées sur les étals avant que votre paiement n'arrive.",
    link_title: "Une commande à payer",
    link_lines: "Ce qui est commandé",
    link_paid_title: "C'est payé",
    link_paid_text: "Merci ! Les artisans préparent le colis.",
    link_over_title: "Il n'y a plus rien à payer",
    link_over_text: "Cette commande n'attend pas de paiement.",
    link_expired_title: "Ce lien n'est plus valable",
    link_expired_text: "La page de suivi de la commande en donne un nouveau, tant que les pièces sont réservées.",
};

static EN: PayTexts = PayTexts {
    heading: "Pay",
    to_pay: "To pay",
    next: "You go on to the secure page of our payment provider: nothing is charged before you say so there.",
    price_fell: "The price has fallen since you ordered: you pay the lower one.",
    other_device: "Pay on another device",
    other_device_text: "This link lets whoever has it pay this order and nothing else. It is good as long as the pieces are held, for a day at most; load this page again for a new one.",
    unconfirmed: "Your payment is on its way: we are waiting for the confirmation. There is no need to pay again. This page updates by itself.",
    declined: "The payment did not go through. Nothing was charged; you may try again.",
    not_started: "The payment provider does not answer right now. Nothing was charged and your pieces stay held: try again in a few seconds.",
    cancel_paid: "Cancel and get your money back",
    cancel_paid_note: "Possible until the parcel has left. You get all of it back.",
    cancelled_paid: "The pieces are back on the stalls.",
    expired_paid: "The pieces went back to the stalls before your payment came.",
    link_title: "An order to pay",
    link_lines: "What is ordered",
    link_paid_title: "It is paid",
    link_paid_text: "Thank you! The makers are packing the parcel.",
    link_over_title: "There is nothing left to pay",
    link_over_text: "This order waits for no payment.",
    link_expired_title: "This link is no longer good",
    link_expired_text: "The page where the order is followed gives a new one, as long as the pieces are held.",
};

/// The label of the button.
pub(crate) fn pay(language: Language, amount: Option<Money>) -> String {
    match (language, amount) {
        (Language::Fr, Some(amount)) => format!("Payer {}", amount.format(language)),
        (Language::En, Some(amount)) => format!("Pay {}", amount.format(language)),
        (Language::Fr, None) => "Payer".to_owned(),
        (Language::En, None) => "Pay".to_owned(),
    }
}

/// That money goes back, or has gone.
pub(crate) fn refund(language: Language, refund: &Refund) -> String {
    let amount = refund.amount.format(language);
    match (language, refund.done_at.is_some()) {
        (Language::Fr, false) => format!("Nous vous rendons {amount}."),
        (Language::Fr, true) => format!("{amount} vous ont été rendus."),
        (Language::En, false) => format!("We are giving you back {amount}."),
        (Language::En, true) => format!("{amount} has been given back to you."),
    }
}

/// Why money goes back.
pub(crate) const fn refund_reason(language: Language, reason: RefundReason) -> &'static str {
    match (language, reason) {
        (Language::Fr, RefundReason::OrderCancelled) => "La commande a été annulée.",
        (Language::Fr, RefundReason::CameTooLate) => {
            "Ce paiement est arrivé après la fin de la réservation, et les pièces étaient parties."
        }
        (Language::Fr, RefundReason::PaidTwice) => "Cette commande avait déjà été payée.",
        (Language::Fr, RefundReason::WrongAmount) => "Le montant débité n'était pas le bon.",
        (Language::En, RefundReason::OrderCancelled) => "The order was cancelled.",
        (Language::En, RefundReason::CameTooLate) => {
            "This payment came after the time for holding the pieces, and they had gone."
        }
        (Language::En, RefundReason::PaidTwice) => "This order had been paid already.",
        (Language::En, RefundReason::WrongAmount) => "The amount that was charged was not the right one.",
    }
}
