//! What lets a user who has forgotten the password choose a new one.

use crate::secret::Secret;

/// A secret that buys one new password, once. It goes to the user by mail, and only its digest is
/// kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetToken(Secret);

impl ResetToken {
    /// A token that an issuer made, or that a client presents.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(Secret(token))
    }

    /// The text, for its user and for the issuer.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0.0
    }
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
