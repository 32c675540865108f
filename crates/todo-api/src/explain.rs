//! `todo-api token explain`: why a token is refused, or that it is accepted.
//!
//! It asks the verifiers that the server asks, so that it never says anything else than the server
//! does. It writes nothing: neither to the database nor a file.

mod account;
mod advice;
mod summary;

use std::sync::Arc;

use serde_json::Value;
use todo_domain::{Clock, TokenRejection, TokenVerifier as _, VerificationError};

use self::account::Account;
use self::advice::Advisor;
use crate::adapters::{Hs256Tokens, Jws};
use crate::app::{StartError, judge, known_secret, repos_to_read};
use crate::config::Config;
use crate::telemetry;

/// What there is to say of a token.
pub(crate) struct Explanation {
    /// For the operator to read. They hold neither the token nor its signature.
    pub(crate) lines: Vec<String>,
    /// Whether the server would accept the token.
    pub(crate) accepted: bool,
}

/// Explains `token` under these settings.
///
/// # Errors
/// [`StartError`] if the settings cannot be used.
pub(crate) async fn explain(
    config: &Config,
    token: &str,
    clock: &dyn Clock,
) -> Result<Explanation, StartError> {
    config.check()?;
    let now = clock.now();
    let secret = known_secret(config)?;
    let judge =
        judge(config, secret.as_ref().map(|secret| Arc::new(Hs256Tokens::new(secret))), None)?;
    let verdict = judge.verify(token, now).await;

    let jws = Jws::parse(token).ok();
    let claims = jws.as_ref().and_then(|jws| jws.claims::<Value>().ok());
    let mut lines = summary::summary(jws.as_ref().map(|jws| &jws.header), claims.as_ref(), now);
    let advisor = Advisor {
        header: jws.as_ref().map(|jws| &jws.header),
        claims: claims.unwrap_or_default(),
        jwks: config.jwks()?,
        known_keys: judge.key_set.map(|key_set| key_set.known_keys()).unwrap_or_default(),
        has_secret: secret.is_some(),
        now,
    };
    let (accepted, words) = match verdict {
        Ok(verified) => match account::look_up(repos_to_read(config).await, &verified, now).await {
            Account::SessionEnded => refused(&advisor, TokenRejection::SessionEnded),
            Account::Disabled => refused(&advisor, TokenRejection::UserDisabled),
            Account::Deleted => refused(&advisor, TokenRejection::UserDeleted),
            Account::EmailTaken => (
                false,
                "Refused: its email belongs to another account here.\n\
                 Accounts are never merged. Log in to that account, or use another email."
                    .to_owned(),
            ),
            Account::Good(words) => (true, format!("Accepted.\n{words}")),
            Account::Unknown(why) => (
                false,
                format!(
                    "Nobody can tell: the token itself holds, but its user could not be looked \
                     up.\n{why}."
                ),
            ),
        },
        Err(VerificationError::Rejected(rejection)) => refused(&advisor, rejection),
        Err(error @ VerificationError::KeysUnavailable(_)) => (
            false,
            format!(
                "Nobody can tell: {}.\n\
                 Until JWKS_URL answers, the server answers 503. Better Auth publishes its keys at \
                 /api/auth/jwks.",
                telemetry::chain(&error)
            ),
        ),
    };
    lines.push("Verdict".to_owned());
    lines.extend(
        words.lines().chain(advisor.clock_skew().as_deref()).map(|line| format!("  {line}")),
    );
    Ok(Explanation { lines, accepted })
}

fn refused(advisor: &Advisor<'_>, rejection: TokenRejection) -> (bool, String) {
    (false, format!("Refused: {rejection}.\n{}", advisor.advice(rejection)))
}
