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
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};

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

/// A mail, and since when it is nobody else's.
struct InHand {
    mail: MailToSend,
    taken_at: Instant,
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

    /// Takes, tells and notes, all at the same time, until nothing is due: while some are told, the next are taken, since
    /// taking and noting wait for the disk.
    async fn work_off(&self, shutdown: &Shutdown) -> Result<(), StoreError> {
        let (taken, to_tell) = mpsc::channel(self.settings.batch as usize);
        let (finished, to_note) = mpsc::unbounded_channel();
        let (taking, telling, noting) = tokio::join!(
            self.take_all(shutdown, taken),
            self.tell_all(to_tell, finished),
            self.desk.note_finished(to_note)
        );
        taking.and(telling).and(noting)
    }

    /// Takes what is due, a batch at a time, as fast as it is told.
    async fn take_all(&self, shutdown: &Shutdown, taken: Sender<InHand>) -> Result<(), StoreError> {
        let batch = self.settings.batch as usize;
        while !shutdown.is_requested() {
            let taken_at = Instant::now();
            let mails = self.desk.writer.take_mails(batch, CLAIM).await?;
            let are_the_last = mails.len() < batch;
            for mail in mails {
                if taken.send(InHand { mail, taken_at }).await.is_err() {
                    return Ok(());
                }
            }
            if are_the_last {
                break;
            }
        }
        Ok(())
    }

    /// Tells some side by side, and says of which nothing is left to do. Where nobody notes that any more, nobody is told: it
    /// would be told twice.
    async fn tell_all(
        &self,
        to_tell: Receiver<InHand>,
        finished: UnboundedSender<FinishedMail>,
    ) -> Result<(), StoreError> {
        let tell = async |InHand { mail, taken_at }| {
            if taken_at.elapsed() < CLAIM / 2
                && !finished.is_closed()
                && let Some(mail) = self.desk.tell(&mail).await?
            {
                let _ = finished.send(mail);
            }
            Ok(())
        };
        let mails = stream::unfold(to_tell, async |mut to_tell| Some((to_tell.recv().await?, to_tell)));
        mails.map(Ok).try_for_each_concurrent(self.settings.side_by_side as usize, tell).await
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
