//! A small memory of users in front of the table.

use std::sync::Arc;

use async_trait::async_trait;
use moka::sync::Cache;
use todo_domain::{
    Account, Clock, DisplayName, Email, NewAccount, NewSession, SessionId, Standing, StoreError,
    Timestamp, User, UserId, UserRepo,
};

use super::{CACHE_CAPACITY, SessionMemory, is_fresh};
use crate::metrics::CacheLookups;

/// That a user may come in.
#[derive(Clone, Copy, Debug)]
struct Vouched {
    /// For whom an issuer vouched then, or later.
    at: Option<Timestamp>,
    /// When the table said so.
    asked_at: Timestamp,
}

/// Remembers for a while who may come in, so that [`UserRepo::provision`] costs a user of another
/// issuer no round trip on each call, and tells the memory of sessions which of them ended with
/// their users.
pub(crate) struct CachedUserRepo {
    users: Arc<dyn UserRepo>,
    clock: Arc<dyn Clock>,
    active: Cache<UserId, Vouched>,
    memory: SessionMemory,
    lookups: Option<CacheLookups>,
}

impl CachedUserRepo {
    /// A memory in front of `users`.
    pub(crate) fn new(
        users: Arc<dyn UserRepo>,
        clock: Arc<dyn Clock>,
        memory: SessionMemory,
    ) -> Self {
        Self { users, clock, active: Cache::new(CACHE_CAPACITY), memory, lookups: None }
    }

    /// The same, and counts how often the memory knows.
    pub(crate) fn measured(self, lookups: CacheLookups) -> Self {
        Self { lookups: Some(lookups), ..self }
    }

    /// Whether the user is known to be active, at `now`, to whoever vouched for them then.
    fn is_known(&self, id: &UserId, vouched_at: Option<Timestamp>, now: Timestamp) -> bool {
        let known = self.active.get(id);
        let is_known =
            known.is_some_and(|known| is_fresh(known.asked_at, now) && vouched_at >= known.at);
        if let Some(lookups) = &self.lookups {
            lookups.count(is_known);
        }
        is_known
    }
}

#[async_trait]
impl UserRepo for CachedUserRepo {
    async fn create(&self, account: &NewAccount, session: &NewSession) -> Result<User, StoreError> {
        self.users.create(account, session).await
    }

    async fn provision(
        &self,
        account: &NewAccount,
        vouched_at: Option<Timestamp>,
    ) -> Result<Standing, StoreError> {
        let asked_at = self.clock.now();
        if self.is_known(&account.id, vouched_at, asked_at) {
            return Ok(Standing::Active);
        }
        let standing = self.users.provision(account, vouched_at).await?;
        if standing == Standing::Active {
            self.active.insert(account.id.clone(), Vouched { at: vouched_at, asked_at });
        }
        Ok(standing)
    }

    async fn standing(
        &self,
        id: &UserId,
        vouched_at: Option<Timestamp>,
    ) -> Result<Option<Standing>, StoreError> {
        self.users.standing(id, vouched_at).await
    }

    async fn find(&self, id: &UserId) -> Result<Option<Account>, StoreError> {
        self.users.find(id).await
    }

    async fn find_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        self.users.find_by_email(email).await
    }

    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, StoreError> {
        self.users.list(after, limit).await
    }

    async fn rename(
        &self,
        id: &UserId,
        name: Option<DisplayName>,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        self.users.rename(id, name, now).await
    }

    async fn set_active(
        &self,
        id: &UserId,
        active: bool,
        now: Timestamp,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        let (users, id, known) = (self.users.clone(), id.clone(), self.active.clone());
        let change = async move {
            let ended = users.set_active(&id, active, now).await?;
            known.invalidate(&id);
            Ok(ended)
        };
        self.memory.through(change, |ended| ended.clone().unwrap_or_default()).await
    }

    async fn delete(
        &self,
        id: &UserId,
        now: Timestamp,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        let (users, id, known) = (self.users.clone(), id.clone(), self.active.clone());
        let change = async move {
            let ended = users.delete(&id, now).await?;
            known.invalidate(&id);
            Ok(ended)
        };
        self.memory.through(change, |ended| ended.clone().unwrap_or_default()).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use todo_domain::{MockClock, MockUserRepo};

    use super::*;
    use crate::adapters::CACHE_MAX_AGE;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_unix_micros(micros).unwrap()
    }

    fn ada() -> NewAccount {
        let id = UserId::parse("ada").unwrap();
        let email = Email::parse("ada@issuer.example").unwrap();
        NewAccount { id, email, name: None, password_hash: None, created_at: at(0) }
    }

    #[actix_web::test]
    async fn a_row_is_looked_for_once_in_a_while() {
        let hand = Arc::new(AtomicI64::new(0));
        let shown = hand.clone();
        let mut clock = MockClock::new();
        clock.expect_now().returning(move || at(shown.load(Ordering::Relaxed)));
        let mut users = MockUserRepo::new();
        users.expect_provision().times(2).returning(|_, _| Ok(Standing::Active));
        let cached = CachedUserRepo::new(Arc::new(users), Arc::new(clock), SessionMemory::new());

        cached.provision(&ada(), None).await.unwrap();
        cached.provision(&ada(), None).await.unwrap();
        let age = i64::try_from(CACHE_MAX_AGE.as_micros()).unwrap();
        hand.fetch_add(age, Ordering::Relaxed);
        cached.provision(&ada(), None).await.unwrap();
    }

    #[actix_web::test]
    async fn who_is_vouched_for_now_was_not_vouched_for_before() {
        let mut clock = MockClock::new();
        clock.expect_now().returning(|| at(9));
        let mut users = MockUserRepo::new();
        users
            .expect_provision()
            .withf(|_, vouched_at| *vouched_at == Some(at(5)))
            .once()
            .returning(|_, _| Ok(Standing::Active));
        users.expect_provision().times(2).returning(|_, _| Ok(Standing::Deleted));
        let cached = CachedUserRepo::new(Arc::new(users), Arc::new(clock), SessionMemory::new());

        for (vouched_at, standing) in [
            (Some(at(5)), Standing::Active),
            (Some(at(5)), Standing::Active),
            (Some(at(6)), Standing::Active),
            (Some(at(4)), Standing::Deleted),
            (None, Standing::Deleted),
        ] {
            assert_eq!(cached.provision(&ada(), vouched_at).await.unwrap(), standing);
        }
    }

    #[actix_web::test]
    async fn a_refusal_is_not_remembered() {
        let mut clock = MockClock::new();
        clock.expect_now().returning(|| at(0));
        let mut users = MockUserRepo::new();
        users.expect_provision().times(1).returning(|_, _| Err(StoreError::Conflict));
        for standing in [Standing::Disabled, Standing::Deleted, Standing::Active] {
            users.expect_provision().times(1).returning(move |_, _| Ok(standing));
        }
        let cached = CachedUserRepo::new(Arc::new(users), Arc::new(clock), SessionMemory::new());

        assert!(cached.provision(&ada(), None).await.is_err());
        for standing in [Standing::Disabled, Standing::Deleted, Standing::Active] {
            assert_eq!(cached.provision(&ada(), None).await.unwrap(), standing);
        }
    }
}
