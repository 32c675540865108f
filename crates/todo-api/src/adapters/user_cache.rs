//! A small memory of the users of other issuers in front of the table.

use std::sync::Arc;

use async_trait::async_trait;
use moka::sync::Cache;
use todo_domain::{
    Account, Clock, Email, NewAccount, NewSession, StoreError, Timestamp, User, UserId, UserRepo,
};

use super::{CACHE_CAPACITY, CACHE_MAX_AGE};

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
            && asked_at.since(before) < CACHE_MAX_AGE
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
