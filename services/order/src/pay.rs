//! Paying: starting a payment with its provider, and hearing how it ended, in whichever way that comes.
//!
//! ```text
//! "pay" ─► the store opens a payment and fixes its amount ─► the provider opens its page ─► the shopper goes there
//!
//! the shopper comes back ─► the provider is asked ─┐
//! the provider's notice ─► its seal is checked ────┼─► Writer::complete_payment, the one completion function
//! the order-worker's sweep ─► the provider is asked┘
//! ```
//!
//! What the browser brings back is never believed, only followed. Nothing is charged before the shopper says so on the
//! provider's page, and every step may be taken twice: the payment has one name with us and with the provider.

use std::sync::Arc;
use std::time::SystemTime;

use halles_domain::{Language, OrderId, Payment, PaymentId, PaymentReport, PlacedOrder};
use halles_http::{Payer, ShopLinks};
use halles_payment::{NewPayment, NoticeError, PaymentProvider, ProviderError, Standing};
use halles_store::{Completion, PaymentStart, StoreError, Writer};
use halles_telemetry::Trail;
use jiff::Timestamp;
use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;
use opentelemetry::trace::SpanKind;
use uuid::Uuid;

/// How often a payment that turns out to be over is replaced by a new one before something must be wrong.
const MAX_STARTS: usize = 3;

/// Takes shoppers to the provider and hears what becomes of it.
pub struct Paying {
    writer: Writer,
    provider: Arc<dyn PaymentProvider>,
    links: ShopLinks,
    completions: Counter<u64>,
}

/// Where whoever wants to pay goes now.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// To the provider's page.
    ToProvider(String),
    /// Nowhere: the order, as it is now, takes no payment.
    NotPayable(PlacedOrder),
}

/// What is known when the shopper comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComeBack {
    /// The provider has the money.
    Captured,
    /// It will not get it.
    Failed,
    /// Nobody knows yet; the notice or the sweep will tell.
    Unknown,
}

/// Why nobody can be sent to pay right now.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// Our side.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The provider's side.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// Why a notice is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NoticeRefusal {
    /// It is not the provider's, or not of this moment.
    #[error(transparent)]
    NotBelieved(#[from] NoticeError),
    /// It could not be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Paying {
    /// Puts the parts together.
    pub fn new(writer: Writer, provider: Arc<dyn PaymentProvider>, links: ShopLinks) -> Self {
        let completions = opentelemetry::global::meter("halles")
            .u64_counter("order_payment_reports")
            .with_description("Reports about payments, by who brought them and what they came to")
            .build();
        for source in ["start", "return", "notice"] {
            completions.add(0, &[KeyValue::new("source", source), KeyValue::new("outcome", "paid")]);
        }
        Self { writer, provider, links, completions }
    }

    /// The addresses around paying.
    pub fn links(&self) -> &ShopLinks {
        &self.links
    }

    /// Opens a payment for the order, or finds the open one, and says where to go.
    pub async fn start(&self, id: OrderId, payer: Payer<'_>, language: Language) -> Result<Way, PayError> {
        for _ in 0..MAX_STARTS {
            let (payment, held_until) = match self.writer.start_payment(id, PaymentId::new(Uuid::now_v7())).await? {
                PaymentStart::Open { payment, held_until } => (payment, held_until),
                PaymentStart::NotPayable(order) => return Ok(Way::NotPayable(order)),
            };
            let new = self.describe(&payment, payer, language, held_until);
            match self.ask_for_page(&new, id).await? {
                Standing::Open { page_url } => return Ok(Way::ToProvider(page_url)),
                // It ended while nobody had told us. What is true then shows in the next round.
                Standing::Over(report) => {
                    self.complete("start", payment.id, report).await?;
                }
            }
        }
        Err(ProviderError::Nonsense("every new payment is over at once".to_owned()).into())
    }

    /// The shopper comes back from the provider's page: asks how it went.
    pub async fn come_back(&self, payment: PaymentId) -> Result<ComeBack, StoreError> {
        let standing = match self.provider.standing(payment).await {
            Ok(standing) => standing,
            Err(error) => {
                tracing::warn!(%error, %payment, "cannot ask how a payment went; its notice or the sweep will tell");
                return Ok(ComeBack::Unknown);
            }
        };
        let Standing::Over(report) = standing else { return Ok(ComeBack::Unknown) };
        self.complete("return", payment, report).await?;
        Ok(match report {
            PaymentReport::Captured(_) => ComeBack::Captured,
            PaymentReport::Failed => ComeBack::Failed,
        })
    }

    /// The provider tells by itself.
    pub async fn take_notice(&self, seal: &str, body: &[u8], now: Timestamp) -> Result<(), NoticeRefusal> {
        let notice = self.provider.open_notice(seal, body, now)?;
        if let Standing::Over(report) = notice.standing {
            self.complete("notice", notice.payment_id, report).await?;
        }
        Ok(())
    }

    fn describe(&self, payment: &Payment, payer: Payer<'_>, language: Language, held_until: Timestamp) -> NewPayment {
        let number = payment.order_id.short();
        let description = match language {
            Language::Fr => format!("Commande {number}"),
            Language::En => format!("Order {number}"),
        };
        NewPayment {
            id: payment.id,
            amount: payment.amount,
            description,
            language,
            return_url: self.links.return_url(payment.order_id, payment.id, payer),
            notice_url: self.links.notice_url(),
            expires_at: held_until,
        }
    }

    /// Has the provider open its page, as a step of the order's trace.
    async fn ask_for_page(&self, new: &NewPayment, order: OrderId) -> Result<Standing, ProviderError> {
        let step = Trail::of(order.get().as_u128()).step("start payment", SpanKind::Client, Vec::new());
        let answer = self.provider.start(new).await;
        if let Err(error) = &answer {
            step.fail(error.to_string());
        }
        answer
    }

    /// Writes down how a payment ended, as a step of its order's trace.
    async fn complete(&self, source: &'static str, id: PaymentId, report: PaymentReport) -> Result<(), StoreError> {
        let began = SystemTime::now();
        let (order, completion) = self.writer.complete_payment_of(id, report).await?;
        let outcome = match completion {
            Completion::Paid => "paid",
            Completion::GoesBack(_) => "goes_back",
            Completion::Failed => "failed",
            Completion::Known => "known",
        };
        let facts = [KeyValue::new("source", source), KeyValue::new("outcome", outcome)];
        self.completions.add(1, &facts);
        let trail = Trail::of(order.get().as_u128());
        drop(trail.step_since(began, "complete payment", SpanKind::Internal, facts.to_vec()));
        Ok(())
    }
}
