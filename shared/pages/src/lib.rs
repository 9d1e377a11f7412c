//! What a shopper sees: the page shell, the components that every page is put together from, the French and English
//! texts, the one stylesheet, and the drawings that stand in for photos.
//!
//! Promises: pages are whole HTML documents that need no script (where scripts run, small files of ours add suggestions to
//! the search field, keep an order's page true while it is open and send a checkout again that nobody could note) and no
//! third party; every text of a seller is escaped;
//! texts in another language than the page say so; nothing here does I/O or knows the web framework.
//! Which page to show, and with what status and headers, is left to the services.
//!
//! How a page comes about:
//!
//! ```
//! use halles_domain::Language;
//! use halles_pages::{Shell, Visit, notice};
//!
//! let visit = Visit { language: Language::En, basket_pieces: 2, path_and_query: "/basket" };
//! let page = Shell::new(&visit, "Your basket").render(&notice::info("It is still empty."));
//! assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
//! ```

pub mod address;
pub mod assets;
mod attributes;
pub mod basket;
pub mod breadcrumb;
pub mod card;
pub mod category;
pub mod checkout;
pub mod error_page;
pub mod form;
pub mod home;
pub mod icon;
pub mod listing;
pub mod mail;
mod marked;
pub mod notice;
pub mod order_status;
mod order_texts;
pub mod pagination;
pub mod pay;
mod pay_texts;
pub mod photo;
pub mod placeholder;
pub mod price;
pub mod search_field;
pub mod search_results;
pub mod seller;
mod shell;
pub mod shop;
pub mod structured_data;
pub mod texts;
pub mod waiting_room;

pub use assets::{STYLESHEET, stylesheet_path};
pub use marked::Marked;
pub use shell::{Shell, Visit, basket_link, find_basket_link};
pub use texts::{Texts, texts};
