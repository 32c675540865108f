//! A small memory of the users of other issuers in front of the table.

use std::sync::Arc;

use async_trait::async_trait;
use moka::sync::Cache;
use todo_domain::{
    Account, Clock, Email, NewAccount, NewSession, StoreError, Timestamp, User, UserId, UserRepo,
};

use super::{CACHE_CAPACITY, is_fresh};

/// Remembers for a while whose row is there, so that [`UserRepo::provision`] costs a user of
/// another issuer no round trip on each call.
pub(crate) struct CachedUserRepo {
    users: Arc<dyn UserRepo>,
    clock: Arc<dyn Clock>,
    provisioned: Cache<UserId, Timestamp>,
}

impl CachedUserRepo {
    /// A memory in front of `users`.
    pub(crate) fn new(users: Arc<dyn UserRepo>, clock: Arc<dyn Clock>) -> Self {
        Self { users, clock, provisioned: Cache::new(CACHE_CAPACITY) }
    }
}

#[async_trait]
impl UserRepo for CachedUserRepo {
    async fn create(&self, account: &NewAccount, session: &NewSession) -> Result<User, StoreError> {
        self.users.create(account, session).await
    }

    async fn provision(&self, account: &NewAccount) -> Result<(), StoreError> {
        let asked_at = self.clock.now();
        if let Some(before) = self.provisioned.get(&account.id)
            && is_fresh(before, asked_at)
        {
            return Ok(());
        }
        self.users.provision(account).await?;
        self.provisioned.insert(account.id.clone(), asked_at);
        Ok(())
    }

    async fn find(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        self.users.find(id).await
    }

    async fn find_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        self.users.find_by_email(email).await
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
        users.expect_provision().times(2).returning(|_| Ok(()));
        let cached = CachedUserRepo::new(Arc::new(users), Arc::new(clock));

        cached.provision(&ada()).await.unwrap();
        cached.provision(&ada()).await.unwrap();
        let age = i64::try_from(CACHE_MAX_AGE.as_micros()).unwrap();
        hand.fetch_add(age, Ordering::Relaxed);
        cached.provision(&ada()).await.unwrap();
    }

    #[actix_web::test]
    async fn a_refusal_is_not_remembered() {
        let mut clock = MockClock::new();
        clock.expect_now().returning(|| at(0));
        let mut users = MockUserRepo::new();
        users.expect_provision().times(1).returning(|_| Err(StoreError::Conflict));
        users.expect_provision().times(1).returning(|_| Ok(()));
        let cached = CachedUserRepo::new(Arc::new(users), Arc::new(clock));

        assert!(cached.provision(&ada()).await.is_err());
        assert!(cached.provision(&ada()).await.is_ok());
    }
}
