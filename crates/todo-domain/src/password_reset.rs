//! What lets a user who has forgotten the password choose a new one.

use std::time::Duration;

use crate::secret::secret_text;
use crate::session::SessionId;
use crate::timestamp::Timestamp;
use crate::user::UserId;

secret_text! {
    /// A secret that buys one new password, once. It goes to the user by mail, and only its digest is
    /// kept.
    ResetToken
}

/// The SHA-256 digest of a reset token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResetDigest(pub [u8; 32]);

/// A reset token with what is kept of it.
#[derive(Clone, Debug)]
pub struct IssuedResetToken {
    /// For the user.
    pub token: ResetToken,
    /// For the database.
    pub digest: ResetDigest,
}

/// A way to reset a password, to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasswordReset {
    /// Of the token.
    pub digest: ResetDigest,
    /// Whose password it resets.
    pub user_id: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ceases to hold.
    pub expires_at: Timestamp,
}

impl NewPasswordReset {
    /// How long a token holds.
    pub const LIFETIME: Duration = Duration::from_hours(1);
    /// How long a user is sent no second mail: somebody else may be asking.
    pub const QUIET: Duration = Duration::from_mins(1);
}

/// A password was reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedeemedReset {
    /// Whose.
    pub user_id: UserId,
    /// The sessions that ended with it.
    pub ended: Vec<SessionId>,
}
