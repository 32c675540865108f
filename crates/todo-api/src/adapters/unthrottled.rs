//! Attempts to log in that nobody counts, for load tests.

use std::sync::Arc;

use async_trait::async_trait;
use todo_domain::{
    Admission, KnownNetwork, LoginAttempt, LoginAttemptRepo, StoreError, Timestamp, UserId,
};

/// Admits every attempt and remembers none: the setting `RATE_LIMIT=off`.
pub(crate) struct UnthrottledAttempts(pub(crate) Arc<dyn LoginAttemptRepo>);

#[async_trait]
impl LoginAttemptRepo for UnthrottledAttempts {
    async fn admit(&self, _: &LoginAttempt) -> Result<Admission, StoreError> {
        Ok(Admission::Admitted)
    }

    async fn succeed(&self, _: &LoginAttempt, _: &UserId) -> Result<(), StoreError> {
        Ok(())
    }

    async fn list_networks(&self, user_id: &UserId) -> Result<Vec<KnownNetwork>, StoreError> {
        self.0.list_networks(user_id).await
    }

    async fn delete_stale(
        &self,
        attempts_before: Timestamp,
        networks_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.0.delete_stale(attempts_before, networks_before, limit).await
    }
}
