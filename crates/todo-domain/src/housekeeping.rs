//! What becomes of rows that nobody needs any more.

use std::sync::Arc;
use std::time::Duration;

use crate::error::StoreError;
use crate::login_attempt::LoginAttempt;
use crate::ports::{Clock, LoginAttemptRepo, PasswordRepo, SessionRepo};

/// How long a session that has ended is kept, for whoever asks what happened.
const KEPT_AFTER_END: Duration = Duration::from_hours(24);

/// How many rows of a kind one step deletes at most.
const STEP: u32 = 1_000;

/// Deletes what has had its time, a bounded number of rows at once.
#[derive(Clone)]
pub struct Housekeeping {
    /// Keeps sessions.
    pub sessions: Arc<dyn SessionRepo>,
    /// Keeps what passwords are set by.
    pub passwords: Arc<dyn PasswordRepo>,
    /// Counts attempts to log in.
    pub attempts: Arc<dyn LoginAttemptRepo>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Housekeeping {
    /// Deletes some of what has had its time; `true` if there may be more.
    ///
    /// # Errors
    /// The storage's.
    pub async fn step(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let sessions = self.sessions.delete_ended(now.minus(KEPT_AFTER_END), STEP).await?;
        let resets = self.passwords.delete_expired_resets(now, STEP).await?;
        let attempts_before = now.minus(LoginAttempt::FORGOTTEN_AFTER);
        let networks_before = now.minus(LoginAttempt::NETWORK_KNOWN_FOR);
        let attempts = self.attempts.delete_stale(attempts_before, networks_before, STEP).await?;
        Ok([sessions, resets, attempts].into_iter().any(|deleted| deleted >= u64::from(STEP)))
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::ports::{MockClock, MockLoginAttemptRepo, MockPasswordRepo, MockSessionRepo};
    use crate::timestamp::Timestamp;

    fn noon() -> Timestamp {
        Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
    }

    #[tokio::test]
    async fn sessions_are_deleted_a_day_after_their_end_and_a_thousand_at_a_time() {
        for (deleted, more) in [(999, false), (1_000, true)] {
            let mut clock = MockClock::new();
            clock.expect_now().returning(noon);
            let (mut sessions, mut passwords, mut attempts) =
                (MockSessionRepo::new(), MockPasswordRepo::new(), MockLoginAttemptRepo::new());
            let yesterday = noon().minus(Duration::from_hours(24));
            sessions
                .expect_delete_ended()
                .with(eq(yesterday), eq(1_000))
                .once()
                .returning(move |_, _| Ok(deleted));
            passwords.expect_delete_expired_resets().returning(|_, _| Ok(0));
            attempts.expect_delete_stale().returning(|_, _, _| Ok(0));
            let housekeeping = Housekeeping {
                sessions: Arc::new(sessions),
                passwords: Arc::new(passwords),
                attempts: Arc::new(attempts),
                clock: Arc::new(clock),
            };
            assert_eq!(housekeeping.step().await.unwrap(), more);
        }
    }
}
