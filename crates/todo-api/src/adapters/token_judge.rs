//! Which verifier judges a token.

use std::sync::Arc;

use async_trait::async_trait;
use todo_domain::{Timestamp, TokenRejection, TokenVerifier, VerificationError, VerifiedToken};

use super::{Algorithm, Hs256Tokens, JwksTokens, Jws};

/// Sends a token to the one verifier that its header's algorithm leads to: HS256 to the shared
/// secret, a signature with a pair of keys to the issuer's key set. So no key is ever tried with an
/// algorithm that it is not for (RFC 8725, section 3.1).
pub(crate) struct TokenJudge {
    /// `None`: there is no secret.
    pub(crate) shared_secret: Option<Arc<Hs256Tokens>>,
    /// `None`: no key set is configured.
    pub(crate) key_set: Option<Arc<JwksTokens>>,
}

#[async_trait]
impl TokenVerifier for TokenJudge {
    async fn verify(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<VerifiedToken, VerificationError> {
        if let Some(judged) = self.shared_secret.as_ref().and_then(|it| it.recall(token, now)) {
            return Ok(judged?);
        }
        let jws = Jws::parse(token)?;
        match (jws.header.alg.as_str(), &self.shared_secret, &self.key_set) {
            (Hs256Tokens::ALGORITHM, Some(tokens), _) => tokens.verify(token, now).await,
            (name, _, Some(tokens)) if Algorithm::parse(name).is_some() => {
                tokens.verify(token, now).await
            }
            _ => Err(TokenRejection::Algorithm.into()),
        }
    }
}
