//! Who is calling, and the sessions that a user's sign-ins open.

use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;

use crate::secret::secret_text;
use crate::timestamp::Timestamp;
use crate::user::{DisplayName, Email, UserId, uuid_v7};

/// Names a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(Uuid);

impl SessionId {
    /// A fresh id: UUIDv7.
    #[must_use]
    pub fn generate(now: Timestamp) -> Self {
        Self(uuid_v7(now))
    }

    /// Reads the usual text form of a UUID.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hyphenated = text.len() == uuid::fmt::Hyphenated::LENGTH;
        hyphenated.then(|| Uuid::try_parse(text).ok()).flatten().map(Self)
    }

    /// The sixteen bytes of the id.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The id of these sixteen bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

secret_text! {
    /// A secret that buys the next access token, once. Only its digest is kept.
    RefreshToken
}

/// The SHA-256 digest of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefreshDigest(pub [u8; 32]);

/// A refresh token with what is kept of it.
#[derive(Clone, Debug)]
pub struct IssuedRefreshToken {
    /// For the client.
    pub token: RefreshToken,
    /// For the database.
    pub digest: RefreshDigest,
}

/// The name a client's software gives itself, cut to 255 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserAgent(String);

impl UserAgent {
    /// The most Unicode scalar values that are kept.
    pub const MAX_CHARS: u32 = 255;

    /// The beginning of `text`; `None` if there is none.
    #[must_use]
    pub fn clip(text: &str) -> Option<Self> {
        let kept: String =
            text.chars().filter(|c| *c != '\0').take(Self::MAX_CHARS as usize).collect();
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a sign-in comes from, for the user to recognise it by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientInfo {
    /// The client's software.
    pub user_agent: Option<UserAgent>,
    /// The client's address.
    pub address: Option<IpAddr>,
}

/// A session to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Names the session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Of its first refresh token.
    pub refresh_digest: RefreshDigest,
    /// Where it was opened from.
    pub client: ClientInfo,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its refresh token ends.
    pub expires_at: Timestamp,
}

/// A session as far as a refresh needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names the session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
}

/// An open session, for its user to recognise it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Names the session.
    pub id: SessionId,
    /// Where it was opened from.
    pub client: ClientInfo,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last refreshed, or opened.
    pub last_used_at: Timestamp,
    /// When its refresh token ends.
    pub expires_at: Timestamp,
}

impl OpenSession {
    /// The most sessions that a user is shown; one may have opened any number of them.
    pub const MAX_LISTED: u64 = 100;
}

/// A session as it is kept, open or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSession {
    /// What its user is shown of it while it is open.
    pub session: OpenSession,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
}

/// What came of presenting a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was the newest of its session, and is now replaced.
    Rotated(Session),
    /// It was the one just before the newest, replaced at `replaced_at`: two tabs, or a theft.
    Replaced {
        /// Its session, still open.
        session: Session,
        /// When it was replaced.
        replaced_at: Timestamp,
    },
    /// It names an open session but is neither its newest token nor the one before.
    Superseded {
        /// Its session, still open.
        session: Session,
        /// When the session's newest token was made.
        replaced_at: Timestamp,
    },
    /// It names no session that is open.
    Unknown,
}

impl Rotation {
    /// The open session that the token names.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Rotated(session)
            | Self::Replaced { session, .. }
            | Self::Superseded { session, .. } => Some(session),
            Self::Unknown => None,
        }
    }
}

/// What decides whether a session's access tokens are still good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionState {
    /// Whose it is.
    pub user_id: UserId,
    /// When its refresh token ends.
    pub expires_at: Timestamp,
    /// Ended before its time.
    pub revoked: bool,
}

impl SessionState {
    /// Whether the session is open at `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.expires_at
    }
}

/// What a token that holds says about its bearer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifiedToken {
    /// One of our own.
    Own {
        /// The claim `sub`.
        user_id: UserId,
        /// The claim `sid`.
        session_id: SessionId,
    },
    /// Another issuer's.
    External {
        /// The issuer's name for the user.
        user_id: UserId,
        /// The user's address, if the issuer told one.
        email: Option<Email>,
        /// The user's name, if the issuer told one.
        name: Option<DisplayName>,
        /// The claim `iat`, if it is there and an instant.
        issued_at: Option<Timestamp>,
    },
}

impl VerifiedToken {
    /// How far the clock of another issuer may be ahead of ours.
    const ISSUER_CLOCK_LEEWAY: Duration = Duration::from_mins(1);

    /// Since when, at the latest, an issuer must have known of a user's deletion here, for a token
    /// that it says it made at `issued_at`. A time that has not come yet tells nothing.
    #[must_use]
    pub fn vouched_at(issued_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        let believed = issued_at.filter(|it| *it <= now.plus(Self::ISSUER_CLOCK_LEEWAY));
        believed.map(|issued_at| issued_at.minus(Self::ISSUER_CLOCK_LEEWAY))
    }
}

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user_id: UserId,
    /// The session of the token; `None` for a token of another issuer.
    pub session_id: Option<SessionId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_cut_and_never_refused() {
        assert_eq!(UserAgent::clip(""), None);
        assert_eq!(UserAgent::clip(&"é".repeat(300)).unwrap().as_str().chars().count(), 255);
        assert_eq!(UserAgent::clip("a\0b").unwrap().as_str(), "ab");
    }

    #[test]
    fn a_session_ends_at_the_instant_it_says() {
        let at = |micros| Timestamp::from_unix_micros(micros).unwrap();
        let user_id = UserId::parse("u").unwrap();
        let state = SessionState { user_id, expires_at: at(10), revoked: false };
        assert!(state.is_open(at(9)) && !state.is_open(at(10)));
        assert!(!SessionState { revoked: true, ..state }.is_open(at(9)));
    }
}
