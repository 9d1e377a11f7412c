//! As much of SMTP (RFC 5321) as it takes to accept mail: one line in, one line out, and a mail that ends with a dot.

use std::io;

use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};

use crate::letters::Letters;

/// Longer command lines are no honest ones.
const MAX_LINE_BYTES: u64 = 4_096;
/// More recipients than any of our mails has.
const MAX_RECIPIENTS: usize = 100;

/// Takes mails for ever.
pub(crate) async fn listen(listener: TcpListener, letters: Letters, max_mail_bytes: usize) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let session = Session::new(stream, letters.clone(), max_mail_bytes);
                tokio::spawn(async move {
                    if let Err(error) = session.run().await {
                        tracing::debug!(%error, "a conversation broke off");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection now");
                tokio::task::yield_now().await;
            }
        }
    }
}

struct Session {
    reader: BufReader<tokio::net::tcp::OwnedReadHalf>,
    writer: OwnedWriteHalf,
    letters: Letters,
    max_mail_bytes: usize,
    /// Whom the mail in hand is for; none before `MAIL FROM`.
    recipients: Option<Vec<String>>,
}

impl Session {
    fn new(stream: TcpStream, letters: Letters, max_mail_bytes: usize) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: BufReader::new(reader), writer, letters, max_mail_bytes, recipients: None }
    }

    async fn run(mut self) -> io::Result<()> {
        self.say("220 mailbox takes everything and delivers nothing").await?;
        while let Some(line) = self.line().await? {
            let verb: String = line.chars().take(4).collect::<String>().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.say(&format!("250-mailbox\r\n250-8BITMIME\r\n250 SIZE {}", self.max_mail_bytes)).await?,
                "HELO" | "NOOP" => self.say("250 mailbox").await?,
                "MAIL" => {
                    self.recipients = Some(Vec::new());
                    self.say("250 go on").await?;
                }
                "RCPT" => self.add_recipient(&line).await?,
                "DATA" => self.take_mail().await?,
                "RSET" => {
                    self.recipients = None;
                    self.say("250 forgotten").await?;
                }
                "QUIT" => return self.say("221 goodbye").await,
                _ => self.say("502 no such command here").await?,
            }
        }
        Ok(())
    }

    async fn add_recipient(&mut self, line: &str) -> io::Result<()> {
        let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
        match (&mut self.recipients, address) {
            (Some(recipients), Some(address)) if recipients.len() < MAX_RECIPIENTS => {
                recipients.push(address.to_owned());
                self.say("250 for everybody").await
            }
            (Some(_), Some(_)) => self.say("452 too many recipients").await,
            (Some(_), None) => self.say("501 no address").await,
            (None, _) => self.say("503 MAIL first").await,
        }
    }

    async fn take_mail(&mut self) -> io::Result<()> {
        let Some(to) = self.recipients.take().filter(|recipients| !recipients.is_empty()) else {
            return self.say("503 RCPT first").await;
        };
        self.say("354 end with a dot").await?;
        match self.mail().await? {
            Some(raw) => match self.letters.take(to, &raw, Timestamp::now()) {
                Ok(()) => self.say("250 taken").await,
                Err(error) => {
                    tracing::error!(%error, "the register of mails cannot be written");
                    self.say("451 not now").await
                }
            },
            None => self.say("552 too large").await,
        }
    }

    /// The mail up to the line with the dot; nothing when it is too large.
    async fn mail(&mut self) -> io::Result<Option<String>> {
        let mut raw = Vec::new();
        let mut is_too_large = false;
        loop {
            let mut line = Vec::new();
            let limit = self.max_mail_bytes as u64 + 3;
            let read = (&mut self.reader).take(limit).read_until(b'\n', &mut line).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line == b".\r\n" || line == b".\n" {
                break;
            }
            // A line that begins with a dot was given another one, so that it does not end the mail.
            let line = line.strip_prefix(b".").unwrap_or(&line);
            is_too_large |= raw.len() + line.len() > self.max_mail_bytes;
            if !is_too_large {
                raw.extend_from_slice(line);
            }
        }
        Ok((!is_too_large).then(|| String::from_utf8_lossy(&raw).into_owned()))
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = (&mut self.reader).take(MAX_LINE_BYTES).read_until(b'\n', &mut line).await?;
        Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    async fn say(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(format!("{text}\r\n").as_bytes()).await
    }
}
