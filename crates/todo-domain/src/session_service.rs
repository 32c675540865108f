//! The use cases of a user's own sessions.

use std::sync::Arc;

use crate::error::SessionError;
use crate::ports::{Clock, SecurityLog, SessionRepo};
use crate::security::{Action, Subject};
use crate::session::{Caller, OpenSession, SessionId};

/// What a user can do with their sessions.
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
    /// Writes down what happens.
    pub log: Arc<dyn SecurityLog>,
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
        if !ended {
            return Err(SessionError::NotFound);
        }
        self.log.success(Action::EndSessions, Subject::user(&caller.user_id));
        Ok(())
    }

    /// Ends all of the caller's sessions but the one of this call.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn end_others(&self, caller: &Caller) -> Result<(), SessionError> {
        let now = self.clock.now();
        self.sessions.revoke_others(&caller.user_id, caller.session_id, now).await?;
        self.log.success(Action::EndSessions, Subject::user(&caller.user_id));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::ports::{MockClock, MockSecurityLog, MockSessionRepo};
    use crate::timestamp::Timestamp;
    use crate::user::UserId;

    fn noon() -> Timestamp {
        Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
    }

    fn service(sessions: MockSessionRepo) -> SessionService {
        let mut clock = MockClock::new();
        clock.expect_now().returning(noon);
        let mut log = MockSecurityLog::new();
        log.expect_record().returning(|_| ());
        let (sessions, clock, log) = (Arc::new(sessions), Arc::new(clock), Arc::new(log));
        SessionService { sessions, clock, log }
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
}
