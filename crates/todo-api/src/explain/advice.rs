//! What to change so that a token is accepted.

use serde_json::Value;
use todo_domain::{Timestamp, TokenRejection};

use super::summary::span;
use crate::adapters::{Algorithm, Header, Hs256Tokens, instant};
use crate::config::JwksSettings;
use crate::printable::printable;

/// What is known of a token and of the settings that it was judged under.
pub(super) struct Advisor<'a> {
    pub(super) header: Option<&'a Header>,
    pub(super) claims: Value,
    pub(super) jwks: Option<JwksSettings>,
    /// The keys of the issuer, as far as they were fetched.
    pub(super) known_keys: Vec<(String, Algorithm)>,
    /// Whether there is a shared secret.
    pub(super) has_secret: bool,
    pub(super) now: Timestamp,
}

impl Advisor<'_> {
    /// What to do about a token that is refused for this reason.
    pub(super) fn advice(&self, rejection: TokenRejection) -> String {
        match rejection {
            TokenRejection::Malformed => {
                "An access token has three parts between dots, the first two JSON in base64url.\n\
                 A session token of Better Auth is none: GET /api/auth/token gives one for it."
                    .to_owned()
            }
            TokenRejection::Algorithm => self.algorithm(),
            TokenRejection::Kind => {
                "The `typ` of an access token is absent, JWT or at+jwt. Send the token of \
                 GET /api/auth/token, not a cookie."
                    .to_owned()
            }
            TokenRejection::Extension => "Let the issuer sign without `crit`.".to_owned(),
            TokenRejection::NoKeyId => {
                "Let the issuer name the key in the header `kid`, as Better Auth does.".to_owned()
            }
            TokenRejection::UnknownKey => {
                format!("{}\nDoes JWKS_URL lead to the issuer that signed it?", self.keys())
            }
            TokenRejection::KeyAlgorithm => {
                format!("{}\nLet the issuer sign with the algorithm of the key.", self.keys())
            }
            TokenRejection::Signature => self.signature(),
            TokenRejection::Issuer => {
                let expected = self.jwks.as_ref().map(|jwks| jwks.issuer.as_str());
                self.contrast("iss", "JWT_ISSUER", expected)
            }
            TokenRejection::Audience => {
                let expected = self.jwks.as_ref().map(|jwks| jwks.audience.as_str());
                self.contrast("aud", "JWT_AUDIENCE", expected)
            }
            TokenRejection::Expired => {
                let ago = self.time("exp").map(|exp| span(self.now.since(exp)));
                let ago = ago.unwrap_or_else(|| "long".to_owned());
                format!("It expired {ago} ago, and it is {} now. Fetch a new one.", self.now)
            }
            TokenRejection::NotYetValid => {
                let wait = self.time("nbf").map(|nbf| span(nbf.since(self.now)));
                let wait = wait.unwrap_or_else(|| "a long time".to_owned());
                format!("It begins to hold in {wait}: do the clocks of both machines agree?")
            }
            TokenRejection::Claim("sub") => {
                "The user must be a text in `sub`, else `id`, `user_id` or `userId`: 1 to 64 visible \
                 ASCII characters without / ? # % \\."
                    .to_owned()
            }
            TokenRejection::Claim("sid") => {
                "A token whose `iss` is `todo-api` must be one of this service's own.".to_owned()
            }
            TokenRejection::Claim(name) => {
                format!("`{name}` must be a number: the seconds since 1970.")
            }
            TokenRejection::SessionCookie => {
                "Send the token of GET /api/auth/token of Better Auth's JWT plugin, not the cookie."
                    .to_owned()
            }
            TokenRejection::UserDisabled => {
                "`todo-api admin users enable` lets the user in again.".to_owned()
            }
            TokenRejection::UserDeleted => {
                "Tokens from before an account's deletion are refused. A token that the issuer makes \
                 now is taken, a minute after the deletion, and begins a new account."
                    .to_owned()
            }
            TokenRejection::SessionEnded => {
                "It was logged out, revoked or not refreshed in time, or its database is another one \
                 than DATABASE_URL. Log in again."
                    .to_owned()
            }
        }
    }

    /// How far the clocks differ, if the token comes from the future.
    pub(super) fn clock_skew(&self) -> Option<String> {
        let issued_at = self.time("iat").filter(|issued_at| *issued_at > self.now)?;
        let apart = span(issued_at.since(self.now));
        Some(format!("Its `iat` is in the future: the clocks of both machines differ by {apart}."))
    }

    fn algorithm(&self) -> String {
        let name = self.header.map_or("", |header| header.alg.as_str());
        if name == Hs256Tokens::ALGORITHM && !self.has_secret {
            "Set BETTER_AUTH_SECRET to the secret that it is signed with.".to_owned()
        } else if Algorithm::parse(name).is_some() && self.jwks.is_none() {
            "Set JWKS_URL to where its issuer publishes its keys: \
             https://HOST/api/auth/jwks of Better Auth."
                .to_owned()
        } else {
            let supported = Algorithm::ALL.map(Algorithm::name).join(", ");
            format!("Let the issuer sign with {supported}, or with HS256 and BETTER_AUTH_SECRET.")
        }
    }

    fn signature(&self) -> String {
        if self.header.is_some_and(|header| header.alg == Hs256Tokens::ALGORITHM) {
            "BETTER_AUTH_SECRET must be the same on both sides. Or the token was changed."
                .to_owned()
        } else {
            "It was changed, or signed by another key with the same id. \
             Does JWKS_URL lead to the issuer that signed it?"
                .to_owned()
        }
    }

    fn keys(&self) -> String {
        let key = |(id, algorithm): &(String, Algorithm)| {
            format!("{} ({})", printable(id), algorithm.name())
        };
        let keys: Vec<_> = self.known_keys.iter().map(key).collect();
        if keys.is_empty() {
            "The key set of JWKS_URL has no key that can be used.".to_owned()
        } else {
            format!("The key set of JWKS_URL has: {}.", keys.join(", "))
        }
    }

    /// What a claim says, what it should, and which setting says so.
    fn contrast(&self, claim: &str, setting: &str, expected: Option<&str>) -> String {
        let expected = expected.unwrap_or_default();
        let found = match self.claims.get(claim) {
            Some(Value::String(text)) => printable(text),
            Some(other) => printable(&other.to_string()),
            None => "nothing".to_owned(),
        };
        format!(
            "`{claim}` is {found}, and {setting} is {expected}.\n\
             Change {setting} if that token is meant for this service."
        )
    }

    fn time(&self, claim: &str) -> Option<Timestamp> {
        self.claims.get(claim).and_then(instant)
    }
}
