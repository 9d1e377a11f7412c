//! Telling the shop: sealed notices, sent again until they are taken, in whatever weather the payer chose.

use std::time::Duration;

use halles_payment::{NOTICE_SEAL_HEADER, NoticeSeal};
use halles_resilience::Backoff;
use jiff::Timestamp;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::Provider;
use crate::ledger::{Account, Ledger};
use crate::settings::SandboxSettings;

/// How the shop is told about the end of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoticePlan {
    /// How many notices there are: none is a provider that forgets, two is one that stutters.
    pub(crate) times: u32,
    /// How long after the end the first one leaves.
    pub(crate) delay_ms: u64,
}

/// What sends notices.
#[derive(Clone)]
pub(crate) struct Herald {
    client: Client,
    seal: NoticeSeal,
    attempts: u32,
    pauses: (Duration, Duration),
}

impl Herald {
    pub(crate) fn new(settings: &SandboxSettings) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(Duration::from_millis(settings.notice_timeout_ms)).build()?;
        Ok(Self {
            client,
            // The shop's own window counts; this side only makes seals.
            seal: NoticeSeal::new(&settings.notice_secret, Duration::ZERO),
            attempts: settings.notice_attempts,
            pauses: (Duration::from_millis(settings.first_pause_ms), Duration::from_millis(settings.longest_pause_ms)),
        })
    }

    /// Sends as many notices as planned, side by side, as a stuttering provider does; then notes that the shop knows.
    pub(crate) async fn tell(self, provider: Provider, ledger: Ledger, id: Uuid, plan: NoticePlan) {
        tokio::time::sleep(Duration::from_millis(plan.delay_ms)).await;
        let Ok(account) = ledger.find(id, Timestamp::now()) else { return };
        let notice = provider.describe(&account, "");
        let Ok(body) = serde_json::to_vec(&notice) else { return };
        let sendings: Vec<_> = (0..plan.times)
            .map(|_| tokio::spawn(self.clone().send_until_taken(account.clone(), body.clone())))
            .collect();
        let mut taken = true;
        for sending in sendings {
            taken &= sending.await.unwrap_or(false);
        }
        if taken && let Err(error) = ledger.told(id) {
            tracing::error!(%error, payment = %id, "cannot note that the shop knows; it will be told again");
        }
    }

    async fn send_until_taken(self, account: Account, body: Vec<u8>) -> bool {
        let mut backoff = Backoff::new(self.pauses.0, self.pauses.1);
        let (url, id) = (&account.opened.notice_url, account.opened.id);
        for _ in 0..self.attempts {
            let sealed = self.seal.seal(&body, Timestamp::now());
            let request = self.client.post(url).header(NOTICE_SEAL_HEADER, sealed);
            let answer = request.header(CONTENT_TYPE, "application/json").body(body.clone()).send().await;
            match answer {
                Ok(answer) if answer.status().is_success() => return true,
                Ok(answer) => tracing::info!(payment = %id, status = %answer.status(), "a notice was not taken"),
                Err(error) => tracing::info!(payment = %id, error = %error.without_url(), "a notice did not arrive"),
            }
            backoff.wait().await;
        }
        tracing::warn!(payment = %id, "nobody takes this notice; giving up until the next start");
        false
    }
}
