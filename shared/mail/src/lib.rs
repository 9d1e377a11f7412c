//! The way to a mail server, over SMTP.
//!
//! Promises: a mail is sent when the server has taken it, and not before; every attempt has a time limit; no error
//! carries the address; a server that is away is left alone for a while. A mail keeps its name (`Message-ID`) over all attempts, so that one that was taken twice, because
//! somebody died before writing it down, can be told from two. What to write, to whom and when is left to others.

mod settings;

use halles_domain::Email;
use halles_resilience::{Breaker, BreakerRules};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::PoolConfig;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

pub use settings::MailSettings;

/// A mail to send.
#[derive(Debug)]
pub struct Mail<'a> {
    /// Whom to.
    pub to: &'a Email,
    /// Its first line.
    pub subject: &'a str,
    /// All of it, as plain text.
    pub text: String,
    /// What tells it from every other mail, for ever.
    pub name: String,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server is away or has no time. Trying again later is right.
    #[error("the mail server does not take mails now: {0}")]
    Unavailable(String),
    /// The server will never take it.
    #[error("the mail server refuses: {0}")]
    Refused(String),
    /// No mail can be made of it, or the settings make no sense.
    #[error("no mail can be made of it: {0}")]
    Impossible(String),
}

/// Sends mails. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// A server that is away is asked by one mail now and then, not by all that wait.
    breaker: Breaker,
}

impl Mailer {
    /// A way to the server that `settings` name; none when they name none. Connects when there is a mail.
    pub fn new(settings: &MailSettings) -> Result<Option<Self>, MailError> {
        let Some(url) = settings.smtp_url.expose_if_set() else { return Ok(None) };
        let impossible = |error: &dyn std::error::Error| MailError::Impossible(error.to_string());
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| impossible(&error))?
            .timeout(Some(settings.timeout()))
            .pool_config(PoolConfig::new().max_size(settings.max_connections))
            .build();
        let from = settings.from.parse::<Mailbox>().map_err(|error| impossible(&error))?;
        let breaker = Breaker::new("the mail server", BreakerRules::REMOTE);
        Ok(Some(Self { transport, from, breaker }))
    }

    /// Sends a mail; when this returns, the server has it.
    pub async fn send(&self, mail: Mail<'_>) -> Result<(), MailError> {
        let impossible = |error: &dyn std::error::Error| MailError::Impossible(error.to_string());
        // The address itself stays out of the error.
        let to: Address = mail.to.as_str().parse().map_err(|_| MailError::Impossible("no such address".to_owned()))?;
        let message = Message::builder()
            .message_id(Some(format!("<{}@{}>", mail.name, self.from.email.domain())))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text)
            .map_err(|error| impossible(&error))?;
        let call = self.breaker.try_call().map_err(|open| MailError::Unavailable(open.to_string()))?;
        let sent = self.transport.send(message).await;
        match &sent {
            // It speaks, whatever it says.
            Ok(_) => call.succeeded(),
            Err(error) if error.status().is_some() => call.succeeded(),
            Err(_) => call.failed(),
        }
        match sent {
            Ok(_) => Ok(()),
            // Servers like to repeat the address in their answers, so only the code is kept.
            Err(error) if error.is_permanent() => Err(MailError::Refused(code_of(&error))),
            Err(error) => Err(MailError::Unavailable(code_of(&error))),
        }
    }
}

fn code_of(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("it answered {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None => "no conversation came about".to_owned(),
    }
}
