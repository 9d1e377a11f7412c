//! A provider with a payment page of its own, over HTTP.

use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use halles_domain::{Money, PaymentId, PaymentReport};
use halles_resilience::{Breaker, BreakerRules, Bulkhead, RetryBudget};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, StatusCode, redirect};

use crate::wire::{GiveBack, HostedPayment, HostedState, OpenPayment};
use crate::{NewPayment, Notice, NoticeError, NoticeSeal, PaymentProvider, PaymentSettings, ProviderError, Standing};

/// How long a request may wait for its turn behind others; then the provider counts as too slow.
const TURN_WAIT: Duration = Duration::from_millis(500);

/// One call in ten may be made again, and so many after a quiet time.
const RETRY_SHARE: f64 = 0.1;
const MOST_RETRIES: u32 = 5;

/// The marketplace's side of a hosted payment page.
pub struct HostedProvider {
    client: Client,
    settings: PaymentSettings,
    seal: NoticeSeal,
    turns: Bulkhead,
    /// A provider that is away is not asked by everybody.
    breaker: Breaker,
    /// A connection that broke off is made again, as long as that is rare.
    retries: RetryBudget,
}

impl HostedProvider {
    /// A client of the provider that `settings` name. Connects when it is first asked.
    pub fn new(settings: &PaymentSettings) -> Result<Self, ProviderError> {
        let client = Client::builder()
            .timeout(settings.timeout())
            // A provider that sends us elsewhere would get our key sent there.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| ProviderError::Nonsense(error.to_string()))?;
        let turns = Bulkhead::new("asking the payment provider", settings.max_concurrent as usize, TURN_WAIT);
        let seal = NoticeSeal::new(&settings.notice_secret, settings.notice_window());
        let breaker = Breaker::new("the payment provider", BreakerRules::REMOTE);
        let retries = RetryBudget::new(RETRY_SHARE, MOST_RETRIES);
        Ok(Self { client, settings: settings.clone(), seal, turns, breaker, retries })
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/payments{path}", self.settings.provider_url.trim_end_matches('/'))
    }

    async fn ask(&self, request: RequestBuilder) -> Result<HostedPayment, ProviderError> {
        let _turn = self.turns.enter().await.map_err(|full| ProviderError::Unavailable(full.to_string()))?;
        let (status, body) = self.exchange(request.bearer_auth(self.settings.api_key.expose())).await?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| ProviderError::Nonsense(error.to_string()));
        }
        match status {
            StatusCode::NOT_FOUND => Err(ProviderError::Unknown),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Err(unavailable(status)),
            _ if status.is_server_error() => Err(unavailable(status)),
            _ => Err(ProviderError::Refused(format!("{status}: {}", excerpt(&body)))),
        }
    }
}

impl HostedProvider {
    /// Sends a request, and once more if it could not even be sent: whatever is asked has a name of its own, so twice is
    /// as good as once.
    async fn exchange(&self, request: RequestBuilder) -> Result<(StatusCode, Bytes), ProviderError> {
        let again = request.try_clone();
        self.retries.note_call();
        match self.exchange_once(request).await {
            Err(Lost::NotSent(error)) => match again.filter(|_| self.retries.try_retry()) {
                Some(again) => self.exchange_once(again).await.map_err(Lost::into_error),
                None => Err(error),
            },
            exchanged => exchanged.map_err(Lost::into_error),
        }
    }

    async fn exchange_once(&self, request: RequestBuilder) -> Result<(StatusCode, Bytes), Lost> {
        let call = self.breaker.try_call().map_err(|open| Lost::Later(ProviderError::Unavailable(open.to_string())))?;
        let exchanged = async {
            let answer = request.send().await?;
            Ok((answer.status(), answer.bytes().await?))
        };
        match exchanged.await {
            // One that says that it has no time is there, and a later request may find it at leisure.
            Ok(exchanged) => {
                call.succeeded();
                Ok(exchanged)
            }
            Err(error) => {
                let error: reqwest::Error = error;
                call.failed();
                let was_not_sent = error.is_connect() && !error.is_timeout();
                let error = away(error);
                Err(if was_not_sent { Lost::NotSent(error) } else { Lost::Later(error) })
            }
        }
    }
}

/// Why there is no answer.
enum Lost {
    /// No connection came about, which took no time.
    NotSent(ProviderError),
    /// Anything else: trying again at once would cost what the shopper has no more of.
    Later(ProviderError),
}

impl Lost {
    fn into_error(self) -> ProviderError {
        match self {
            Self::NotSent(error) | Self::Later(error) => error,
        }
    }
}

impl PaymentProvider for HostedProvider {
    fn start<'a>(&'a self, new: &'a NewPayment) -> BoxFuture<'a, Result<Standing, ProviderError>> {
        let body = OpenPayment {
            id: new.id.get(),
            amount_cents: new.amount.cents(),
            currency: new.amount.currency().code().to_owned(),
            description: new.description.clone(),
            language: new.language.code().to_owned(),
            return_url: new.return_url.clone(),
            notice_url: new.notice_url.clone(),
            expires_at: new.expires_at,
        };
        async move { self.ask(self.client.post(self.url("")).json(&body)).await.and_then(standing) }.boxed()
    }

    fn standing(&self, id: PaymentId) -> BoxFuture<'_, Result<Standing, ProviderError>> {
        async move { self.ask(self.client.get(self.url(&format!("/{id}")))).await.and_then(standing) }.boxed()
    }

    fn refund(&self, id: PaymentId, amount: Money) -> BoxFuture<'_, Result<(), ProviderError>> {
        let body = GiveBack { amount_cents: amount.cents(), currency: amount.currency().code().to_owned() };
        let request = self.client.post(self.url(&format!("/{id}/refunds"))).json(&body);
        async move {
            let payment = self.ask(request).await?;
            if payment.refunded_cents == amount.cents() {
                return Ok(());
            }
            let given = payment.refunded_cents;
            Err(ProviderError::Nonsense(format!("gave back {given} of {} minor units", amount.cents())))
        }
        .boxed()
    }

    fn open_notice(&self, seal: &str, body: &[u8], now: Timestamp) -> Result<Notice, NoticeError> {
        self.seal.check(seal, body, now)?;
        let nonsense = |error: String| NoticeError::Nonsense(error);
        let payment: HostedPayment = serde_json::from_slice(body).map_err(|error| nonsense(error.to_string()))?;
        let payment_id = PaymentId::new(payment.id);
        Ok(Notice { payment_id, standing: standing(payment).map_err(|error| nonsense(error.to_string()))? })
    }
}

fn standing(payment: HostedPayment) -> Result<Standing, ProviderError> {
    match payment.state {
        HostedState::Open | HostedState::Processing => Ok(Standing::Open { page_url: payment.page_url }),
        HostedState::Declined | HostedState::Expired => Ok(Standing::Over(PaymentReport::Failed)),
        HostedState::Captured => {
            let currency = payment.currency.parse();
            let captured = currency.and_then(|currency| Money::new(payment.amount_cents, currency));
            let captured = captured.map_err(|error| ProviderError::Nonsense(error.to_string()))?;
            Ok(Standing::Over(PaymentReport::Captured(captured)))
        }
    }
}

fn unavailable(status: StatusCode) -> ProviderError {
    ProviderError::Unavailable(format!("it answered {status}"))
}

/// Whatever happens on the way to an answer: nobody knows whether it was done, and asking again is harmless.
fn away(error: reqwest::Error) -> ProviderError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(current) = cause {
        text = format!("{text}: {current}");
        cause = current.source();
    }
    ProviderError::Unavailable(text)
}

/// As much of a refusal as a log line takes.
fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(200).collect()
}
