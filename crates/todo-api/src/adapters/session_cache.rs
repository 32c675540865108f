//! A small memory of session states in front of the table.

use std::sync::Arc;

use async_trait::async_trait;
use moka::ops::compute::Op;
use moka::sync::Cache;
use todo_domain::{
    Clock, NewSession, OpenSession, RefreshDigest, Rotation, SessionId, SessionRepo, SessionState,
    StoreError, Timestamp, UserId,
};

use super::{CACHE_CAPACITY, is_fresh};

/// What is known of a session.
#[derive(Clone, Debug)]
enum Known {
    /// The table said so when it was asked.
    Read { state: Option<SessionState>, asked_at: Timestamp },
    /// It was ended here, and nothing opens it again.
    Ended,
}

/// Answers [`SessionRepo::find_state`] from memory for a while. A session that is revoked through
/// it is over at once; one that another replica revoked, within
/// [`CACHE_MAX_AGE`](super::CACHE_MAX_AGE).
pub(crate) struct CachedSessionRepo {
    sessions: Arc<dyn SessionRepo>,
    clock: Arc<dyn Clock>,
    known: Cache<SessionId, Known>,
}

impl CachedSessionRepo {
    /// A memory in front of `sessions`.
    pub(crate) fn new(sessions: Arc<dyn SessionRepo>, clock: Arc<dyn Clock>) -> Self {
        Self { sessions, clock, known: Cache::new(CACHE_CAPACITY) }
    }
}

#[async_trait]
impl SessionRepo for CachedSessionRepo {
    async fn create(&self, session: &NewSession) -> Result<(), StoreError> {
        self.sessions.create(session).await
    }

    async fn find_state(&self, id: SessionId) -> Result<Option<SessionState>, StoreError> {
        let asked_at = self.clock.now();
        match self.known.get(&id) {
            Some(Known::Ended) => return Ok(None),
            Some(Known::Read { state, asked_at: before })
                if is_fresh(before, asked_at) && holds(state.as_ref(), asked_at) =>
            {
                return Ok(state);
            }
            _ => {}
        }
        let state = self.sessions.find_state(id).await?;
        let read = Known::Read { state: state.clone(), asked_at };
        // Never in place of an end: this read may have begun before it.
        self.known.entry(id).and_compute_with(|known| match known.map(moka::Entry::into_value) {
            Some(Known::Ended) => Op::Nop,
            _ => Op::Put(read),
        });
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
        let (sessions, known) = (self.sessions.clone(), self.known.clone());
        to_the_end(async move {
            sessions.revoke(id, now).await?;
            remember_end(&known, id);
            Ok(())
        })
        .await
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
        let (sessions, known, user_id) =
            (self.sessions.clone(), self.known.clone(), user_id.clone());
        to_the_end(async move {
            let revoked = sessions.revoke_one(&user_id, id, now).await?;
            if revoked {
                remember_end(&known, id);
            }
            Ok(revoked)
        })
        .await
    }

    async fn revoke_others(
        &self,
        user_id: &UserId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError> {
        let (sessions, known, user_id) =
            (self.sessions.clone(), self.known.clone(), user_id.clone());
        to_the_end(async move {
            let revoked = sessions.revoke_others(&user_id, kept, now).await?;
            for id in &revoked {
                remember_end(&known, *id);
            }
            Ok(revoked)
        })
        .await
    }

    async fn delete_ended(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.sessions.delete_ended(before, limit).await
    }
}

/// Whether what was read may still be believed. A session that has expired may have been refreshed
/// since, here or on another replica; one that was revoked, or never was, does not come back.
fn holds(state: Option<&SessionState>, now: Timestamp) -> bool {
    state.is_none_or(|state| state.revoked || state.is_open(now))
}

/// Through the entry, as reads are remembered: a plain insert could be overwritten by one of them.
fn remember_end(known: &Cache<SessionId, Known>, id: SessionId) {
    known.entry(id).and_upsert_with(|_| Known::Ended);
}

/// Runs a change and what is remembered of it in a task of their own: both are done even if the
/// client that asked for it hangs up.
async fn to_the_end<T: Send + 'static>(
    change: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(change).await.map_err(|error| StoreError::Unavailable(error.into()))?
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
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock);

        assert_eq!(cached.find_state(id).await.unwrap(), Some(open()));
        assert_eq!(cached.find_state(id).await.unwrap(), Some(open()), "from memory");
        assert!(CACHE_MAX_AGE < Duration::from_secs(30));
        let age = i64::try_from(CACHE_MAX_AGE.as_micros()).unwrap();
        hand.fetch_add(age, Ordering::Relaxed);
        assert_eq!(cached.find_state(id).await.unwrap(), None, "from the table");
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
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock);

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
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock);

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
        let revoked_meanwhile = Arc::new(std::sync::OnceLock::<Cache<SessionId, Known>>::new());
        let known = revoked_meanwhile.clone();
        sessions.expect_find_state().times(1).returning(move |id| {
            known.get().unwrap().insert(id, Known::Ended);
            Ok(Some(open()))
        });
        let cached = CachedSessionRepo::new(Arc::new(sessions), clock);
        revoked_meanwhile.set(cached.known.clone()).unwrap();

        cached.find_state(id).await.unwrap();
        assert_eq!(cached.find_state(id).await.unwrap(), None);
    }
}
