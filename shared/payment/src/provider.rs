//! What the marketplace asks of a payment provider.

use futures_util::future::BoxFuture;
use halles_domain::{Language, Money, PaymentId, PaymentReport};
use jiff::Timestamp;

use crate::NoticeError;

/// A payment to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Its name; starting it twice is starting it once.
    pub id: PaymentId,
    /// What is charged.
    pub amount: Money,
    /// What it is for, as the shopper reads it: an order's number, nothing personal.
    pub description: String,
    /// The language to speak with the shopper.
    pub language: Language,
    /// Where the shopper comes back to.
    pub return_url: String,
    /// Where the provider sends its notices.
    pub notice_url: String,
    /// Until when the shopper may pay.
    pub expires_at: Timestamp,
}

/// How a payment stands with its provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The shopper may still pay, or is just doing so, on this page.
    Open {
        /// Where to send the shopper.
        page_url: String,
    },
    /// It came to an end.
    Over(PaymentReport),
}

/// What a provider tells by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The payment that it is about.
    pub payment_id: PaymentId,
    /// How it stands.
    pub standing: Standing,
}

/// Why a provider did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It cannot be reached, or has no time. Asking again later is right, with the same name.
    #[error("the payment provider does not answer: {0}")]
    Unavailable(String),
    /// It does not know the payment.
    #[error("the payment provider knows no such payment")]
    Unknown,
    /// It will not do that.
    #[error("the payment provider refuses: {0}")]
    Refused(String),
    /// It said something that we do not understand: our bug or theirs.
    #[error("the payment provider's answer makes no sense: {0}")]
    Nonsense(String),
}

impl ProviderError {
    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Whoever takes the money. Everything may be asked again with the same names at any time.
pub trait PaymentProvider: Send + Sync {
    /// Opens a payment, or finds the one that was opened under this name.
    fn start<'a>(&'a self, new: &'a NewPayment) -> BoxFuture<'a, Result<Standing, ProviderError>>;

    /// How a payment stands.
    fn standing(&self, id: PaymentId) -> BoxFuture<'_, Result<Standing, ProviderError>>;

    /// Gives back what a payment captured. Once, however often it is asked.
    fn refund(&self, id: PaymentId, amount: Money) -> BoxFuture<'_, Result<(), ProviderError>>;

    /// Reads a notice, if its seal proves that this provider has just sent it.
    fn open_notice(&self, seal: &str, body: &[u8], now: Timestamp) -> Result<Notice, NoticeError>;
}
