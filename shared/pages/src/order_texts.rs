//! The sentences of basket, checkout and order status in French and English.
//!
//! The words that matter most: a request to buy is *noted*, pieces are *held*, nothing is *charged*. No page promises more
//! than is true at that moment.

mod en;
mod form;
mod fr;
mod phrases;
mod times;

use halles_domain::Language;

pub(crate) use form::COUNTRIES;
pub use form::{country_name, field_fault};
pub use phrases::{
    capped, line_refusal, order_number, quantity_of, queue_text, remove_of, waiting_place, what_is_held,
};
pub use times::{about, held_until, minutes_left, placed_at};

/// The fixed texts in `language`.
pub const fn order_texts(language: Language) -> &'static OrderTexts {
    match language {
        Language::Fr => &fr::TEXTS,
        Language::En => &en::TEXTS,
    }
}

/// The fixed texts of one language; each name says where its text stands.
#[derive(Debug)]
pub struct OrderTexts {
    // The basket.
    pub basket_title: &'static str,
    pub basket_empty_title: &'static str,
    pub basket_empty_text: &'static str,
    pub last_order: &'static str,
    pub last_order_link: &'static str,
    pub browse: &'static str,
    pub gone_listing: &'static str,
    pub each: &'static str,
    pub update: &'static str,
    pub remove: &'static str,
    pub total: &'static str,
    pub total_note: &'static str,
    pub to_checkout: &'static str,
    pub mend_first: &'static str,
    // What happened in the basket.
    pub notice_added: &'static str,
    pub notice_changed: &'static str,
    pub notice_removed: &'static str,
    pub notice_sold_out: &'static str,
    pub notice_no_price: &'static str,
    pub notice_not_for_sale: &'static str,
    pub notice_mixed_currencies: &'static str,
    pub notice_full: &'static str,
    pub notice_too_many: &'static str,
    // The checkout.
    pub checkout_title: &'static str,
    pub steps: &'static str,
    pub step_basket: &'static str,
    pub step_details: &'static str,
    pub step_held: &'static str,
    pub who: &'static str,
    pub where_to: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    pub email_hint: &'static str,
    pub street: &'static str,
    pub postcode: &'static str,
    pub town: &'static str,
    pub country: &'static str,
    pub your_order: &'static str,
    pub change_basket: &'static str,
    pub next_title: &'static str,
    pub next_check: &'static str,
    pub next_free: &'static str,
    pub order_button: &'static str,
    pub order_button_note: &'static str,
    pub may_wait: &'static str,
    pub what_there_is: &'static str,
    pub personalisation: &'static str,
    pub personalisation_fault: &'static str,
    pub wait_button: &'static str,
    pub wait_button_note: &'static str,
    pub check_these: &'static str,
    pub busy: &'static str,
    pub busy_again: &'static str,
    pub busy_given_up: &'static str,
    pub key_reused: &'static str,
    pub form_outdated: &'static str,
    // The order.
    pub pending_title: &'static str,
    pub pending_text: &'static str,
    pub pending_refresh: &'static str,
    pub reload: &'static str,
    pub live_lost: &'static str,
    pub held_title: &'static str,
    pub held_charged: &'static str,
    pub held_after: &'static str,
    pub waitlisted_title: &'static str,
    pub waitlisted_text: &'static str,
    pub refused_title: &'static str,
    pub refused_text: &'static str,
    pub expired_title: &'static str,
    pub expired_text: &'static str,
    pub cancelled_title: &'static str,
    pub cancelled_text: &'static str,
    pub paid_title: &'static str,
    pub paid_text: &'static str,
    pub keep_address: &'static str,
    pub lines: &'static str,
    pub left_out: &'static str,
    pub sent: &'static str,
    pub cancel: &'static str,
    pub cancel_note: &'static str,
    pub cancel_too_late: &'static str,
    pub look_again: &'static str,
    pub a_listing: &'static str,
}
