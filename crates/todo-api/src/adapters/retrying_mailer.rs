//! A second and a third try for mails.

use std::time::Duration;

use async_trait::async_trait;
use todo_domain::{Mail, MailError, Mailer};

/// Sends through another mailer, and tries again as long as that may help.
pub(crate) struct RetryingMailer<M> {
    mailer: M,
    waits: [Duration; 2],
}

impl<M> RetryingMailer<M> {
    /// The waits before the second try and before the third.
    pub(crate) const WAITS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

    /// Tries `mailer` up to three times, with `waits` between.
    pub(crate) fn new(mailer: M, waits: [Duration; 2]) -> Self {
        Self { mailer, waits }
    }
}

#[async_trait]
impl<M: Mailer> Mailer for RetryingMailer<M> {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        for wait in self.waits {
            match self.mailer.send(mail).await {
                Err(MailError::Unavailable(_)) => tokio::time::sleep(wait).await,
                done => return done,
            }
        }
        self.mailer.send(mail).await
    }
}

#[cfg(test)]
mod tests {
    use todo_domain::{Email, MockMailer, ResetToken};
    use tokio::time::Instant;

    use super::*;

    fn mail() -> Mail {
        let to = Email::parse("ada@example.com").unwrap();
        Mail::PasswordReset { to, token: ResetToken::new("t0ken".to_owned()) }
    }

    fn retrying(mailer: MockMailer) -> RetryingMailer<MockMailer> {
        RetryingMailer::new(mailer, RetryingMailer::<MockMailer>::WAITS)
    }

    #[tokio::test(start_paused = true)]
    async fn the_third_try_comes_after_a_second_and_five_more() {
        let mut mailer = MockMailer::new();
        mailer.expect_send().times(2).returning(|_| Err(MailError::Unavailable("later".into())));
        mailer.expect_send().once().returning(|_| Ok(()));
        let start = Instant::now();
        retrying(mailer).send(&mail()).await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn after_three_tries_the_mail_is_given_up() {
        let mut mailer = MockMailer::new();
        mailer.expect_send().times(3).returning(|_| Err(MailError::Unavailable("later".into())));
        let sent = retrying(mailer).send(&mail()).await;
        assert!(matches!(sent, Err(MailError::Unavailable(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_refused_is_not_tried_again() {
        let mut mailer = MockMailer::new();
        mailer.expect_send().once().returning(|_| Err(MailError::Refused("never".into())));
        let start = Instant::now();
        let sent = retrying(mailer).send(&mail()).await;
        assert!(matches!(sent, Err(MailError::Refused(_))));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
