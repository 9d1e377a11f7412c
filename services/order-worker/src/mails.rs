//! Telling shoppers: one mail for each move of each order.
//!
//! The moves are the outbox. Every worker takes those that nobody has told yet, a few at a time and for a while, writes the
//! mail about each, and notes it as sent once the mail server has it. Whoever dies in between leaves a mail that comes back by
//! itself; a server that had taken it sees the same name (`Message-ID`) again. A server that is slow gets no mail twice: what
//! could not be begun in good time is left to whoever takes it next.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use halles_domain::{Cause, Email};
use halles_http::{ShopLinks, Shutdown};
use halles_mail::{Mail, MailError, Mailer};
use halles_pages::mail::{OrderNews, order_mail};
use halles_store::{FinishedMail, MailToSend, StoreError, Writer};
use halles_telemetry::Trail;
use jiff::Timestamp;
use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;
use opentelemetry::trace::SpanKind;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::settings::MailWorkSettings;
use crate::ticks::{Ticks, try_on};

/// For how long nobody else takes what was taken. Begun in the first half of that, even a conversation with a server in a
/// bad mood has ended by its end.
const CLAIM: Duration = Duration::from_secs(60);

/// The most mails that are noted as sent in one transaction.
const NOTED_AT_ONCE: usize = 100;

/// Sends mails about orders.
pub struct Mails {
    desk: Desk,
    settings: MailWorkSettings,
}

struct Desk {
    writer: Writer,
    mailer: Mailer,
    links: ShopLinks,
    max_attempts: u32,
    max_age: Duration,
    mails: Counter<u64>,
}

impl Mails {
    /// Tells what `writer` has not told, through `mailer`.
    pub fn new(writer: Writer, mailer: Mailer, links: ShopLinks, settings: MailWorkSettings) -> Self {
        let mails = opentelemetry::global::meter("halles")
            .u64_counter("order_mails")
            .with_description("Mails about orders, by how sending them went")
            .build();
        // Told from the start, so that the first one is seen as a rise.
        for outcome in ["sent", "later", "refused"] {
            mails.add(0, &[KeyValue::new("outcome", outcome)]);
        }
        let max_age = Duration::from_secs(settings.max_age_s);
        let desk = Desk { writer, mailer, links, max_attempts: settings.max_attempts, max_age, mails };
        Self { desk, settings }
    }

    /// Sends in time until asked to stop.
    pub async fn run(self, shutdown: Shutdown) {
        let mut ticks = Ticks::every(self.settings.interval_ms, &shutdown);
        while ticks.next().await {
            try_on("mails", self.work_off(&shutdown).await);
        }
    }

    async fn work_off(&self, shutdown: &Shutdown) -> Result<(), StoreError> {
        while !shutdown.is_requested() {
            let taken_at = Instant::now();
            let taken = self.desk.writer.take_mails(self.settings.batch as usize, CLAIM).await?;
            let count = taken.len();
            let (finished, to_note) = mpsc::unbounded_channel();
            let (told, noted) =
                tokio::join!(self.tell_all(taken, taken_at, finished), self.desk.note_finished(to_note));
            told.and(noted)?;
            if count < self.settings.batch as usize {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Tells some side by side, and says of which nothing is left to do.
    async fn tell_all(
        &self,
        taken: Vec<MailToSend>,
        taken_at: Instant,
        finished: UnboundedSender<FinishedMail>,
    ) -> Result<(), StoreError> {
        let tell = async |mail: MailToSend| {
            if taken_at.elapsed() < CLAIM / 2
                && let Some(mail) = self.desk.tell(&mail).await?
            {
                // Whoever notes it listens until the last one is told.
                let _ = finished.send(mail);
            }
            Ok(())
        };
        stream::iter(taken).map(Ok).try_for_each_concurrent(self.settings.side_by_side as usize, tell).await
    }
}

impl Desk {
    /// Notes what is finished, all that has come together at once: a transaction for each mail would take longer than
    /// sending it.
    async fn note_finished(&self, mut finished: UnboundedReceiver<FinishedMail>) -> Result<(), StoreError> {
        let mut some = Vec::new();
        while finished.recv_many(&mut some, NOTED_AT_ONCE).await > 0 {
            self.writer.finish_mails(&some).await?;
            some.clear();
        }
        Ok(())
    }

    /// Tells one; what is finished then, unless it has to be tried again.
    async fn tell(&self, mail: &MailToSend) -> Result<Option<FinishedMail>, StoreError> {
        let transition = mail.transition;
        let is_news = mail.at + self.max_age > Timestamp::now();
        // That a hold ends soon is no news any more once it is paid, or over.
        let is_past = mail.cause == Cause::HoldEndsSoon && mail.order.state != mail.to_state;
        let Some(to) = mail.email.as_ref().filter(|_| is_news && !is_past) else {
            self.count(if is_news { "nobody" } else { "too_old" });
            return Ok(Some(FinishedMail { transition, was_sent: false }));
        };
        match self.send(mail, to).await {
            Ok(()) => {
                self.count("sent");
                Ok(Some(FinishedMail { transition, was_sent: true }))
            }
            Err(MailError::Unavailable(reason)) => {
                self.count("later");
                tracing::warn!(reason, transition, "a mail could not be sent; trying on");
                self.writer.put_mail_off(transition, &reason).await?;
                Ok(None)
            }
            Err(error) => {
                self.count("refused");
                tracing::error!(%error, transition, attempts = mail.attempts, "a mail is not taken");
                self.writer.put_mail_off(transition, &error.to_string()).await?;
                if mail.attempts >= self.max_attempts {
                    self.writer.abandon_mail(transition).await?;
                }
                Ok(None)
            }
        }
    }

    async fn send(&self, mail: &MailToSend, to: &Email) -> Result<(), MailError> {
        let order = &mail.order;
        let news = OrderNews {
            order,
            became: mail.to_state,
            cause: mail.cause,
            has_refunds: mail.has_refund,
            order_url: &self.links.order(order.id),
            payment_link: &self.links.payment(order.id, Timestamp::now()),
        };
        let written = order_mail(&news);
        let name = format!("order-{}-{}", order.id, mail.transition);
        let facts = vec![KeyValue::new("halles.order.became", mail.to_state.name())];
        let step = Trail::of(order.id.get().as_u128()).step("send mail", SpanKind::Client, facts);
        let sent = self.mailer.send(Mail { to, subject: &written.subject, text: written.text, name }).await;
        if let Err(error) = &sent {
            step.fail(error.to_string());
        }
        sent
    }

    fn count(&self, outcome: &'static str) {
        self.mails.add(1, &[KeyValue::new("outcome", outcome)]);
    }
}
