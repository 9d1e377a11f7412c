//! The way to whoever takes the money.
//!
//! - [`PaymentProvider`] is what the marketplace asks of a provider: start a payment, say how it stands, give money back,
//!   and prove that a notice is its own. Nothing of one provider shows above it.
//! - [`HostedProvider`] speaks to a provider with a payment page of its own, over HTTP; `infra/payments` is one to try
//!   things with, and shares its wire types ([`wire`]).
//! - [`NoticeSeal`] signs and checks notices.
//!
//! Promises: card data never comes near us; every request carries a name of ours that makes asking twice asking once;
//! every request has a time limit; a notice that is forged, changed or older than its window is refused, compared in
//! constant time. What a report means for an order is left to `halles_store`, when to ask is left to the services.

mod hosted;
mod notice;
mod provider;
mod settings;
pub mod wire;

pub use hosted::HostedProvider;
pub use notice::{NOTICE_SEAL_HEADER, NoticeError, NoticeSeal};
pub use provider::{NewPayment, Notice, PaymentProvider, ProviderError, Standing};
pub use settings::PaymentSettings;
