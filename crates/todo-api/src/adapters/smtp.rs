//! Mails handed to a server by SMTP.

mod message;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use todo_domain::{Clock, Mail, MailError, Mailer};
use tokio::time::timeout;

use self::message::message;
use super::mail_text::MailWriter;
use crate::smtp_url::{Encryption, SmtpUrl};

/// How long one of the server's addresses may take to accept a connection: short enough for a
/// second one to be tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// How long the server may take for each step before the mail: greeting, encryption, password.
const STEP_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the server may take for the mail. Some look for spam before they answer, and whoever
/// gives up then may send a mail twice.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the server may take to say goodbye. It has the mail by then.
const QUIT_TIMEOUT: Duration = Duration::from_secs(1);

/// Sends each mail over a connection of its own. Mails are rare, and a connection that is dropped
/// with its send leaves nothing half-said to the next one.
pub(crate) struct SmtpMailer {
    server: SmtpUrl,
    tls: Tls,
    from: Mailbox,
    writer: MailWriter,
    clock: Arc<dyn Clock>,
}

impl SmtpMailer {
    /// A mailer that hands what `writer` writes to `server`, in the name of `from`. The server's
    /// certificate is held against the public authorities, which are compiled in.
    ///
    /// # Errors
    /// If there can be no TLS with the server.
    pub(crate) fn new(
        server: SmtpUrl,
        from: Mailbox,
        writer: MailWriter,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let parameters = || TlsParameters::new(server.host.clone());
        let tls = match server.encryption {
            Encryption::Implicit => Tls::Wrapper(parameters()?),
            Encryption::Required => Tls::Required(parameters()?),
            Encryption::Opportunistic => Tls::Opportunistic(parameters()?),
            Encryption::None => Tls::None,
        };
        Ok(Self { server, tls, from, writer, clock })
    }

    /// A connection over which a mail may be sent.
    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let SmtpUrl { host, port, encryption: _, credentials, hello } = &self.server;
        let implicit = match &self.tls {
            Tls::Wrapper(tls) => Some(tls.clone()),
            _ => None,
        };
        let address = (host.as_str(), *port);
        let connecting = AsyncSmtpConnection::connect_tokio1(
            address,
            Some(CONNECT_TIMEOUT),
            hello,
            implicit,
            None,
        );
        let mut connection = within(STEP_TIMEOUT, connecting).await?;
        let explicit = match &self.tls {
            Tls::Required(tls) => Some(tls),
            Tls::Opportunistic(tls) if connection.can_starttls() => Some(tls),
            _ => None,
        };
        if let Some(tls) = explicit {
            within(STEP_TIMEOUT, connection.starttls(tls.clone(), hello)).await?;
        }
        if let Some(credentials) = credentials {
            within(STEP_TIMEOUT, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(connection)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let text = self.writer.write(mail);
        let message = message(&text, &self.from, self.clock.now())?;
        let mut connection = self.connect().await?;
        let sending = async { connection.send(message.envelope(), &message.formatted()).await };
        within(SEND_TIMEOUT, sending).await?;
        // Whatever comes of it, the server has the mail.
        drop(timeout(QUIT_TIMEOUT, connection.quit()).await);
        Ok(())
    }
}

/// What comes of `step`, if it comes in time.
async fn within<T>(
    limit: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, MailError> {
    match timeout(limit, step).await {
        Ok(done) => done.map_err(|error| failure(&error)),
        Err(_) => Err(MailError::Unavailable("the server did not answer in time".into())),
    }
}

/// A 5xx is for good, and so is a server that cannot do what is asked of it; a 4xx (RFC 5321,
/// section 4.2.1) and whatever breaks on the way may be over soon.
fn failure(error: &Error) -> MailError {
    let source = description(error).into();
    if error.is_permanent() || error.is_client() {
        MailError::Refused(source)
    } else {
        MailError::Unavailable(source)
    }
}

/// What went wrong, without the server's own words: they may hold the address or the mail.
fn description(error: &Error) -> String {
    match error.status() {
        Some(code) => format!("the server answered {code}{}", enhanced_code(error)),
        None if error.is_response() => "the server's answer cannot be read".to_owned(),
        None => error.to_string(),
    }
}

/// The code that many servers begin their words with (RFC 2034), such as ` 5.7.1`.
fn enhanced_code(error: &Error) -> String {
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    let first = words.split_whitespace().next().unwrap_or_default();
    let digits_and_dots = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let is_code = !first.is_empty() && first.bytes().all(digits_and_dots);
    if is_code { format!(" {first}") } else { String::new() }
}

#[cfg(test)]
mod tests;
