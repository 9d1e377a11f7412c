//! The words of the marketplace as types: what a listing, a seller, a category, money and an order are, and the rules
//! that hold for them everywhere.
//!
//! Promises: no I/O, no clock, no framework. Whatever comes from outside is parsed here once, into a type whose
//! existence proves that the rule was checked; every refusal is an [`Invalid`] that names the field and the reason.
//! How the types travel (wire, database, cache) is left to the crates that carry them.

mod basket;
mod category;
mod change;
mod contact;
mod currency;
mod facet;
mod fold;
mod id;
mod invalid;
mod language;
mod listing;
mod money;
mod order;
mod order_state;
mod payment;
mod personalisation;
mod place;
mod review;
mod seller;
mod slug;
mod stock;

pub use basket::{Basket, BasketError, BasketLine};
pub use category::{Category, CategoryTree, CategoryTreeError};
pub use change::{Change, ChangePosition, ChangeSubject, FeedEvent};
pub use contact::{Address, Contact, ContactForm, Email};
pub use currency::Currency;
pub use facet::{Facet, KnownAttribute, known_attribute};
pub use fold::folded;
pub use id::{CategoryId, ListingId, OrderId, SellerId, Version};
pub use invalid::Invalid;
pub use language::Language;
pub use listing::{Attributes, Description, Listing, ListingStatus, Photo, Title};
pub use money::{Money, MoneyError};
pub use order::{
    IdempotencyKey, LineRefusal, OrderLine, PlacedOrder, Refusal, RequestFingerprint, RequestToBuy, WaitingPlace,
};
pub use order_state::{Cause, OrderState, TransitionError};
pub use payment::{
    Capture, Payment, PaymentId, PaymentReport, PaymentState, Refund, RefundReason, amount_due, meaning_of_capture,
};
pub use personalisation::{Personalisation, PersonalisedLine};
pub use place::{Coordinates, Place};
pub use review::{Review, ReviewedLine};
pub use seller::Seller;
pub use slug::Slug;
pub use stock::{Quantity, Stock, StockError};
