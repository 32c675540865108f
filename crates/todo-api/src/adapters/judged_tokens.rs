//! What is known of tokens that were judged before.

use std::sync::Arc;

use moka::sync::Cache;
use todo_domain::{Timestamp, TokenRejection, VerifiedToken};

use super::claims::Times;
use super::sha256;

/// How many tokens are remembered: some 3 MB of our own, and 12 MB at worst of another issuer's with long
/// names.
const CAPACITY: u64 = 10_000;

/// Remembers what tokens say whose signature holds. What held once holds for as long as the key does;
/// the times are looked at anew each time. Their digests are kept in place of the tokens: they are short and
/// of one length.
pub(super) struct JudgedTokens(Cache<[u8; 32], Arc<Judged>>);

struct Judged {
    times: Times,
    token: VerifiedToken,
}

impl JudgedTokens {
    /// None yet.
    pub(super) fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }

    /// What `token` says and whether its time is `now`, if it was judged before.
    pub(super) fn recall(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Option<Result<VerifiedToken, TokenRejection>> {
        let judged = self.0.get(&sha256(token))?;
        Some(judged.times.check(now).map(|()| judged.token.clone()))
    }

    /// Remembers what a token says whose signature holds.
    pub(super) fn remember(&self, token: &str, times: Times, verified: VerifiedToken) {
        self.0.insert(sha256(token), Arc::new(Judged { times, token: verified }));
    }
}
