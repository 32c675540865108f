//! Tokens that an issuer signed with keys of its own, which it publishes as a set (RFC 7517).
//!
//! ```text
//! JwksTokens ─ CachedKeySet ─ KeySource ─ HTTP
//!                  KeySet ─ Key
//! ```

mod cached_key_set;
mod key;
mod key_set;
mod key_source;

use std::sync::Arc;

use async_trait::async_trait;
use todo_domain::{Timestamp, TokenRejection, TokenVerifier, VerificationError, VerifiedToken};

use self::cached_key_set::CachedKeySet;
pub(crate) use self::key::Algorithm;
use self::key_source::KeySource;
use super::claims::Claims;
use super::jws::Jws;
use crate::config::JwksSettings;
use crate::metrics::KeyFetches;

/// Judges the tokens of one issuer by its published keys.
pub struct JwksTokens {
    keys: Arc<CachedKeySet>,
    issuer: String,
    audience: String,
}

impl JwksTokens {
    /// Tokens of the issuer that these settings name. Nothing is fetched before the first token.
    ///
    /// # Errors
    /// If no HTTPS client can be made, for the machine knows no certificate authority.
    pub fn new(settings: JwksSettings) -> Result<Self, reqwest::Error> {
        Self::measured(settings, None)
    }

    /// The same, and counts how often the keys are fetched.
    ///
    /// # Errors
    /// Those of [`JwksTokens::new`].
    pub(crate) fn measured(
        settings: JwksSettings,
        fetches: Option<KeyFetches>,
    ) -> Result<Self, reqwest::Error> {
        let JwksSettings { url, issuer, audience } = settings;
        let keys = Arc::new(CachedKeySet::new(KeySource::new(url)?, fetches));
        Ok(Self { keys, issuer, audience })
    }

    /// The ids of the keys that are known, each with its algorithm.
    pub(crate) fn known_keys(&self) -> Vec<(String, Algorithm)> {
        self.keys.known_keys()
    }
}

#[async_trait]
impl TokenVerifier for JwksTokens {
    async fn verify(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<VerifiedToken, VerificationError> {
        let jws = Jws::parse(token)?;
        jws.header.check()?;
        let algorithm = Algorithm::parse(&jws.header.alg).ok_or(TokenRejection::Algorithm)?;
        let key_id = jws.header.kid.as_deref().ok_or(TokenRejection::NoKeyId)?;
        let key = self.keys.find(key_id, now).await?.ok_or(TokenRejection::UnknownKey)?;
        if key.algorithm != algorithm {
            return Err(TokenRejection::KeyAlgorithm.into());
        }
        if !key.has_signed(jws.signed.as_bytes(), &jws.signature()?) {
            return Err(TokenRejection::Signature.into());
        }
        let claims: Claims = jws.claims()?;
        if claims.issuer() != Some(&self.issuer) {
            return Err(TokenRejection::Issuer.into());
        }
        if !claims.is_for(&self.audience) {
            return Err(TokenRejection::Audience.into());
        }
        claims.times()?.check(now)?;
        Ok(claims.read_external()?)
    }
}
