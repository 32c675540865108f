//! Mails of a development machine.

use async_trait::async_trait;
use todo_domain::{Mail, MailError, Mailer};

use super::mail_text::{MailText, MailWriter};

/// Writes mails to the log in the place of a server that sends them, so that a newcomer can follow
/// their links. For development alone: whoever reads the log can do the same.
#[derive(Clone, Debug)]
pub(crate) struct LogMailer {
    writer: MailWriter,
}

impl LogMailer {
    /// A mailer of mails that `writer` writes.
    pub(crate) fn new(writer: MailWriter) -> Self {
        Self { writer }
    }
}

#[async_trait]
impl Mailer for LogMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let MailText { to, subject, link, body: _ } = self.writer.write(mail);
        // The link comes last and bare, so that a terminal finds its end.
        tracing::info!(to = to.as_str(), subject, %link, "a mail that is not sent");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use todo_domain::{Email, ResetToken};

    use super::*;
    use crate::telemetry::capture::Capture;

    #[tokio::test]
    async fn a_mail_is_one_line_that_ends_with_its_link() {
        let capture = Capture::start();
        let mailer = LogMailer::new(MailWriter::new("http://127.0.0.1:8000"));
        let to = Email::parse("ada@example.com").unwrap();
        let mail = Mail::PasswordReset { to, token: ResetToken::new("t0ken".to_owned()) };
        mailer.send(&mail).await.unwrap();

        let log = capture.text();
        assert_eq!(log.lines().count(), 1, "{log}");
        assert!(log.contains("ada@example.com") && log.contains("Reset your password"), "{log}");
        let link = "http://127.0.0.1:8000/reset-password?token=t0ken";
        assert!(log.trim_end().ends_with(link), "{log}");
    }
}
