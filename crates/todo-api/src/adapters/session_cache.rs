//! A small memory of session states in front of the table.

use std::sync::Arc;

use async_trait::async_trait;
use todo_domain::{
    Clock, KeptSession, NewSession, OpenSession, PasswordHash, RefreshDigest, Rotation, SessionId,
    SessionRepo, SessionState, StoreError, Timestamp, UserId,
};

use super::SessionMemory;
use crate::metrics::CacheLookups;

/// Answers [`SessionRepo::find_state`] from memory for a while.
pub(crate) struct CachedSessionRepo {
    sessions: Arc<dyn SessionRepo>,
    clock: Arc<dyn Clock>,
    memory: SessionMemory,
    lookups: Option<CacheLookups>,
}

impl CachedSessionRepo {
    /// A memory in front of `sessions`.
    pub(crate) fn new(
        sessions: Arc<dyn SessionRepo>,
        clock: Arc<dyn Clock>,
        memory: SessionMemory,
    ) -> Self {
        Self { sessions, clock, memory, lookups: None }
    }

    /// The same, and counts how often the memory knows.
    pub(crate) fn measured(self, lookups: CacheLookups) -> Self {
        Self { lookups: Some(lookups), ..self }
    }
}

#[async_trait]
impl SessionRepo for CachedSessionRepo {
    async fn create(&self, session: &NewSession, proof: &PasswordHash) -> Result<(), StoreError> {
        self.sessions.create(session, proof).await
    }

    async fn find_state(&self, id: SessionId) -> Result<Option<SessionState>, StoreError> {
        let asked_at = self.clock.now();
        let known = self.memory.recall(id, asked_at);
        if let Some(lookups) = &self.lookups {
            lookups.count(known.is_some());
        }
        if let Some(state) = known {
            return Ok(state);
        }
        let state = self.sessions.find_state(id).await?;
        self.memory.remember(id, state.clone(), asked_at);
        Ok(state)
    }

    async fn rotate(
        &self,
        id: SessionId,
        presented: &RefreshDigest,
        replacement: &RefreshDigest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Rotation, StoreError> {
        self.sessions.rotate(id, presented, replacement, now, expires_at).await
    }

    async fn revoke(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let sessions = self.sessions.clone();
        let change = async move { sessions.revoke(id, now).await };
        self.memory.through(change, move |()| vec![id]).await
    }

    async fn list(&self, user_id: &UserId, now: Timestamp) -> Result<Vec<OpenSession>, StoreError> {
        self.sessions.list(user_id, now).await
    }

    async fn revoke_one(
        &self,
        user_id: &UserId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (sessions, user_id) = (self.sessions.clone(), user_id.clone());
        let change = async move { sessions.revoke_one(&user_id, id, now).await };
        let ended = move |revoked: &bool| if *revoked { vec![id] } else { Vec::new() };
        self.memory.through(change, ended).await
    }

    async fn revoke_others(
        &self,
        user_id: &UserId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError> {
        let (sessions, user_id) = (self.sessions.clone(), user_id.clone());
        let change = async move { sessions.revoke_others(&user_id, kept, now).await };
        self.memory.through(change, Vec::clone).await
    }

    async fn list_kept(
        &self,
        user_id: &UserId,
        after: Option<SessionId>,
    ) -> Result<Vec<KeptSession>, StoreError> {
        self.sessions.list_kept(user_id, after).await
    }

    async fn delete_ended(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.sessions.delete_ended(before, limit).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    use todo_domain::{MockClock, MockSessionRepo, UserId};

    use super::*;
    use crate::adapters::CACHE_MAX_AGE;

    const NOON: i64 = 1_795_262_400_000_000;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_unix_micros(micros).unwrap()
    }

    fn open() -> SessionState {
        let user_id = UserId::parse("ada").unwrap();
        SessionState { user_id, expires_at: at(NOON * 2), revoked: false }
    }

    /// A clock that a test moves.
    fn clock() -> (Arc<dyn Clock>, Arc<AtomicI64>) {
        let hand = Arc::new(AtomicI64::new(NOON));
        let mut clock = MockClock::new();
        let shown = hand.clone();
        clock.expect_now().returning(move || at(shown.load(Ordering::Relaxed)));
        (Arc::new(clock), hand)
    }

    #[actix_web::test]
    async fn the_table_is_asked_again_within_thirty_seconds() {
        let (clock, hand) = clock();
        let id = SessionId::generate(at(NOON));
        let mut sessions = MockSessionRepo::new();
        sessions.expect_find_state().times(1).returning(|_| Ok(Some(open())));
        sessions.expect_find_state().times(1).returning(|_| Ok(None));
        sessions.expect_find_state().times(1).returning(|_| Ok(Some(open())));
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock, SessionMemory::new());

        assert_eq!(cached.find_state(id).await.unwrap(), Some(open()));
        assert_eq!(cached.find_state(id).await.unwrap(), Some(open()), "from memory");
        assert!(CACHE_MAX_AGE < Duration::from_secs(30));
        let age = i64::try_from(CACHE_MAX_AGE.as_micros()).unwrap();
        hand.fetch_add(age, Ordering::Relaxed);
        assert_eq!(cached.find_state(id).await.unwrap(), None, "from the table");
        hand.store(NOON, Ordering::Relaxed);
        let set_back = cached.find_state(id).await.unwrap();
        assert_eq!(set_back, Some(open()), "from the table though the clock was set back");
    }

    #[actix_web::test]
    async fn a_session_that_was_refreshed_lives_past_the_end_that_is_remembered() {
        let (clock, hand) = clock();
        let id = SessionId::generate(at(NOON));
        let mut sessions = MockSessionRepo::new();
        let ends =
            |seconds: i64| SessionState { expires_at: at(NOON + seconds * 1_000_000), ..open() };
        sessions.expect_find_state().times(1).returning(move |_| Ok(Some(ends(5))));
        sessions.expect_find_state().times(1).returning(move |_| Ok(Some(ends(60))));
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock, SessionMemory::new());

        assert_eq!(cached.find_state(id).await.unwrap(), Some(ends(5)));
        hand.fetch_add(5_000_000, Ordering::Relaxed);
        assert_eq!(cached.find_state(id).await.unwrap(), Some(ends(60)));
    }

    #[actix_web::test]
    async fn a_session_that_is_revoked_here_is_over_at_once_and_for_good() {
        let (clock, hand) = clock();
        let id = SessionId::generate(at(NOON));
        let mut sessions = MockSessionRepo::new();
        sessions.expect_find_state().times(1).returning(|_| Ok(Some(open())));
        sessions.expect_revoke().returning(|_, _| Ok(()));
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock, SessionMemory::new());

        assert_eq!(cached.find_state(id).await.unwrap(), Some(open()));
        cached.revoke(id, at(NOON)).await.unwrap();
        assert_eq!(cached.find_state(id).await.unwrap(), None);
        hand.fetch_add(60_000_000, Ordering::Relaxed);
        assert_eq!(cached.find_state(id).await.unwrap(), None);
    }

    #[actix_web::test]
    async fn a_read_that_began_before_a_revocation_does_not_undo_it() {
        let (clock, _) = clock();
        let id = SessionId::generate(at(NOON));
        let mut sessions = MockSessionRepo::new();
        let memory = SessionMemory::new();
        let revoked_meanwhile = memory.clone();
        sessions.expect_find_state().times(1).returning(move |id| {
            revoked_meanwhile.remember_end(id);
            Ok(Some(open()))
        });
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock, memory);

        cached.find_state(id).await.unwrap();
        assert_eq!(cached.find_state(id).await.unwrap(), None);
    }
}
