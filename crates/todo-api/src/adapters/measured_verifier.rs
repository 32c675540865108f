//! Looks at tokens, counted.

use async_trait::async_trait;
use todo_domain::{Timestamp, TokenVerifier, VerificationError, VerifiedToken};

use crate::metrics::AuthMetrics;

/// Counts what comes of the tokens that `verifier` looks at.
pub(crate) struct MeasuredVerifier<V> {
    verifier: V,
    metrics: AuthMetrics,
}

impl<V: TokenVerifier> MeasuredVerifier<V> {
    /// In front of `verifier`.
    pub(crate) fn new(verifier: V, metrics: AuthMetrics) -> Self {
        Self { verifier, metrics }
    }
}

#[async_trait]
impl<V: TokenVerifier> TokenVerifier for MeasuredVerifier<V> {
    async fn verify(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<VerifiedToken, VerificationError> {
        let result = self.verifier.verify(token, now).await;
        self.metrics.verified(&result);
        result
    }
}
