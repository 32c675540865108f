//! Who is let in, and who is not.

use prometheus::{IntCounter, IntCounterVec, Opts, Registry, Result};
use todo_domain::{Action, Outcome, TokenRejection, VerificationError};

use super::{OUTCOMES, entered};

/// What a token that holds is counted as.
const ACCEPTED: &str = "accepted";
/// What a token that nobody can judge is counted as.
const KEYS_UNAVAILABLE: &str = "keys_unavailable";

/// Counts what comes of tokens and of whatever else happens to accounts.
#[derive(Clone, Debug)]
pub(crate) struct AuthMetrics {
    events: IntCounterVec,
    verifications: IntCounterVec,
    /// How often the keys of another issuer were fetched.
    pub(crate) key_fetches: KeyFetches,
}

impl AuthMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self> {
        let events = Opts::new(
            "todo_security_events_total",
            "What happened to accounts, as the log with the target `security` tells it.",
        );
        let events = entered(registry, IntCounterVec::new(events, &["action", "outcome"]))?;
        for action in Action::ALL {
            for outcome in [Outcome::Success, Outcome::Refused(String::new())] {
                events.with_label_values(&[action.as_str(), outcome_label(&outcome)]);
            }
        }
        let verifications = Opts::new(
            "todo_token_verifications_total",
            "Access tokens looked at: accepted, or why not. Sessions and users are judged later.",
        );
        let verifications = entered(registry, IntCounterVec::new(verifications, &["result"]))?;
        for result in [ACCEPTED, KEYS_UNAVAILABLE] {
            verifications.with_label_values(&[result]);
        }
        let key_fetches = KeyFetches::new(registry)?;
        Ok(Self { events, verifications, key_fetches })
    }

    /// Counts what came of an action.
    pub(crate) fn event(&self, action: Action, outcome: &Outcome) {
        self.events.with_label_values(&[action.as_str(), outcome_label(outcome)]).inc();
    }

    /// Counts a look at a token.
    pub(crate) fn verified<T>(&self, result: &std::result::Result<T, VerificationError>) {
        let result = match result {
            Ok(_) => ACCEPTED,
            Err(VerificationError::Rejected(rejection)) => rejection_label(*rejection),
            Err(VerificationError::KeysUnavailable(_)) => KEYS_UNAVAILABLE,
        };
        self.verifications.with_label_values(&[result]).inc();
    }
}

/// Counts fetches of the keys of another issuer.
#[derive(Clone, Debug)]
pub(crate) struct KeyFetches {
    succeeded: IntCounter,
    failed: IntCounter,
}

impl KeyFetches {
    fn new(registry: &Registry) -> Result<Self> {
        let fetches =
            Opts::new("todo_jwks_fetches_total", "Fetches of the keys at JWKS_URL, by outcome.");
        let fetches = entered(registry, IntCounterVec::new(fetches, &["outcome"]))?;
        let [succeeded, failed] = OUTCOMES.map(|outcome| fetches.with_label_values(&[outcome]));
        Ok(Self { succeeded, failed })
    }

    /// Counts a fetch.
    pub(crate) fn count(&self, succeeded: bool) {
        if succeeded { self.succeeded.inc() } else { self.failed.inc() }
    }
}

/// The outcome without its reason, which may hold numbers.
fn outcome_label(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "success",
        Outcome::Refused(_) => "refused",
    }
}

fn rejection_label(rejection: TokenRejection) -> &'static str {
    match rejection {
        TokenRejection::Malformed => "malformed",
        TokenRejection::Algorithm => "algorithm",
        TokenRejection::Kind => "kind",
        TokenRejection::Extension => "extension",
        TokenRejection::NoKeyId => "no_key_id",
        TokenRejection::UnknownKey => "unknown_key",
        TokenRejection::KeyAlgorithm => "key_algorithm",
        TokenRejection::Signature => "signature",
        TokenRejection::Issuer => "issuer",
        TokenRejection::Audience => "audience",
        TokenRejection::Expired => "expired",
        TokenRejection::NotYetValid => "not_yet_valid",
        TokenRejection::Claim(_) => "claim",
        TokenRejection::SessionCookie => "session_cookie",
        TokenRejection::SessionEnded => "session_ended",
        TokenRejection::UserDisabled => "user_disabled",
        TokenRejection::UserDeleted => "user_deleted",
    }
}
