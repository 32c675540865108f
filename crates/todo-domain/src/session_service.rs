//! The use cases of a user's own sessions.

use std::sync::Arc;
use std::time::Duration;

use crate::error::SessionError;
use crate::ports::{Clock, SessionRepo};
use crate::session::{Caller, OpenSession, SessionId};

/// How long a session that has ended is kept, for whoever asks what happened.
const KEPT_AFTER_END: Duration = Duration::from_hours(24);

/// How many sessions one step of the clean-up deletes at most.
const CLEAN_UP_STEP: u32 = 1_000;

/// What a user can do with their sessions, and what becomes of those that have ended.
///
/// # Errors
/// Each method fails with [`SessionError::Store`] when storage does; other errors are named at the
/// method.
#[derive(Clone)]
pub struct SessionService {
    /// Keeps sessions.
    pub sessions: Arc<dyn SessionRepo>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl SessionService {
    /// The caller's open sessions, the last used first.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<OpenSession>, SessionError> {
        Ok(self.sessions.list(&caller.user_id, self.clock.now()).await?)
    }

    /// Ends one of the caller's sessions, be it the one of this very call.
    ///
    /// # Errors
    /// [`SessionError::NotFound`] if the caller has no such open session.
    pub async fn end(&self, caller: &Caller, id: SessionId) -> Result<(), SessionError> {
        let ended = self.sessions.revoke_one(&caller.user_id, id, self.clock.now()).await?;
        ended.then_some(()).ok_or(SessionError::NotFound)
    }

    /// Ends all of the caller's sessions but the one of this call.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn end_others(&self, caller: &Caller) -> Result<(), SessionError> {
        let now = self.clock.now();
        self.sessions.revoke_others(&caller.user_id, caller.session_id, now).await?;
        Ok(())
    }

    /// Deletes some of the sessions that ended more than a day ago; `true` if there may be more.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn clean_up(&self) -> Result<bool, SessionError> {
        let before = self.clock.now().minus(KEPT_AFTER_END);
        let deleted = self.sessions.delete_ended(before, CLEAN_UP_STEP).await?;
        Ok(deleted >= u64::from(CLEAN_UP_STEP))
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::ports::{MockClock, MockSessionRepo};
    use crate::timestamp::Timestamp;
    use crate::user::UserId;

    fn noon() -> Timestamp {
        Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
    }

    fn service(sessions: MockSessionRepo) -> SessionService {
        let mut clock = MockClock::new();
        clock.expect_now().returning(noon);
        SessionService { sessions: Arc::new(sessions), clock: Arc::new(clock) }
    }

    fn ada(session_id: Option<SessionId>) -> Caller {
        Caller { user_id: UserId::parse("ada").unwrap(), session_id }
    }

    #[tokio::test]
    async fn a_session_that_is_not_the_callers_is_not_found() {
        let mut sessions = MockSessionRepo::new();
        sessions.expect_revoke_one().returning(|_, _, _| Ok(false));
        let ended = service(sessions).end(&ada(None), SessionId::from_bytes([1; 16])).await;
        assert!(matches!(ended, Err(SessionError::NotFound)));
    }

    #[tokio::test]
    async fn the_session_of_the_call_itself_is_kept_among_the_others() {
        for current in [Some(SessionId::from_bytes([1; 16])), None] {
            let mut sessions = MockSessionRepo::new();
            sessions
                .expect_revoke_others()
                .with(eq(ada(None).user_id), eq(current), eq(noon()))
                .once()
                .returning(|_, _, _| Ok(Vec::new()));
            service(sessions).end_others(&ada(current)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn sessions_are_deleted_a_day_after_their_end_and_a_thousand_at_a_time() {
        for (deleted, more) in [(999, false), (1_000, true)] {
            let mut sessions = MockSessionRepo::new();
            let yesterday = noon().minus(Duration::from_hours(24));
            sessions
                .expect_delete_ended()
                .with(eq(yesterday), eq(1_000))
                .once()
                .returning(move |_, _| Ok(deleted));
            assert_eq!(service(sessions).clean_up().await.unwrap(), more);
        }
    }
}
