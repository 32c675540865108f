//! Passwords that are set, remembered for what they end.

use std::sync::Arc;

use async_trait::async_trait;
use todo_domain::{
    NewPassword, NewPasswordReset, PasswordHash, PasswordRepo, RedeemedReset, ResetDigest,
    SessionId, StoreError, Timestamp, UserId,
};

use super::SessionMemory;

/// Tells the memory of sessions which of them a new password ended.
pub(crate) struct RememberingPasswordRepo {
    passwords: Arc<dyn PasswordRepo>,
    memory: SessionMemory,
}

impl RememberingPasswordRepo {
    /// In front of `passwords`.
    pub(crate) fn new(passwords: Arc<dyn PasswordRepo>, memory: SessionMemory) -> Self {
        Self { passwords, memory }
    }
}

#[async_trait]
impl PasswordRepo for RememberingPasswordRepo {
    async fn set(&self, password: &NewPassword) -> Result<Option<Vec<SessionId>>, StoreError> {
        let (passwords, password) = (self.passwords.clone(), password.clone());
        let change = async move { passwords.set(&password).await };
        self.memory.through(change, |ended| ended.clone().unwrap_or_default()).await
    }

    async fn create_reset(
        &self,
        reset: &NewPasswordReset,
        quiet_since: Timestamp,
    ) -> Result<bool, StoreError> {
        self.passwords.create_reset(reset, quiet_since).await
    }

    async fn find_reset(
        &self,
        digest: &ResetDigest,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        self.passwords.find_reset(digest, now).await
    }

    async fn redeem_reset(
        &self,
        digest: &ResetDigest,
        hash: &PasswordHash,
        now: Timestamp,
    ) -> Result<Option<RedeemedReset>, StoreError> {
        let (passwords, digest, hash) = (self.passwords.clone(), *digest, hash.clone());
        let change = async move { passwords.redeem_reset(&digest, &hash, now).await };
        let ended = |reset: &Option<RedeemedReset>| {
            reset.as_ref().map(|reset| reset.ended.clone()).unwrap_or_default()
        };
        self.memory.through(change, ended).await
    }

    async fn delete_expired_resets(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.passwords.delete_expired_resets(now, limit).await
    }
}
