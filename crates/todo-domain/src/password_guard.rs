//! The one place where a password is compared with an account's.

use std::sync::Arc;

use crate::error::{AuthError, TokenRejection};
use crate::login_attempt::{Admission, LoginAttempt};
use crate::network::Network;
use crate::ports::{Clock, LoginAttemptRepo, PasswordHasher, UserRepo};
use crate::session::{Caller, ClientInfo};
use crate::user::{Account, Email, Password, User};

/// Compares passwords, and keeps guessing slow.
#[derive(Clone)]
pub struct PasswordGuard {
    /// Counts attempts.
    pub attempts: Arc<dyn LoginAttemptRepo>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl PasswordGuard {
    /// Whether `password` is that of the account with this email. Takes the same steps and the same
    /// time whether there is an account or not.
    ///
    /// # Errors
    /// [`AuthError::TooManyAttempts`], [`AuthError::Hash`], [`AuthError::Store`].
    pub(crate) async fn matches(
        &self,
        password: Password,
        email: &Email,
        account: Option<&Account>,
        client: &ClientInfo,
    ) -> Result<bool, AuthError> {
        let attempt = self.attempt(email, client);
        if let Admission::Wait(wait) = self.attempts.admit(&attempt).await? {
            return Err(AuthError::TooManyAttempts(wait));
        }
        let hash = account.and_then(|account| account.password_hash.clone());
        let matches = self.hasher.verify(password, hash).await?;
        if matches && let Some(account) = account {
            self.attempts.succeed(&attempt, &account.user.id).await?;
        }
        Ok(matches)
    }

    /// The caller's account, if `password` is its own.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`], also where there is none; [`AuthError::InvalidToken`] if the
    /// account is gone; and those of [`PasswordGuard::matches`].
    pub(crate) async fn require(
        &self,
        caller: &Caller,
        password: Password,
        client: &ClientInfo,
        users: &dyn UserRepo,
    ) -> Result<Account, AuthError> {
        let account = users.find(&caller.user_id).await?;
        let account = account.ok_or(TokenRejection::UserDeleted)?;
        let email = account.user.email.clone();
        let matches = self.matches(password, &email, Some(&account), client).await?;
        if matches { Ok(account) } else { Err(AuthError::WrongPassword) }
    }

    /// Lets the user's next attempts from where this call comes from count for themselves.
    ///
    /// # Errors
    /// [`AuthError::Store`].
    pub(crate) async fn welcome(&self, user: &User, client: &ClientInfo) -> Result<(), AuthError> {
        Ok(self.attempts.succeed(&self.attempt(&user.email, client), &user.id).await?)
    }

    fn attempt(&self, email: &Email, client: &ClientInfo) -> LoginAttempt {
        LoginAttempt {
            email: email.clone(),
            network: client.address.map(Network::of),
            now: self.clock.now(),
        }
    }
}

#[cfg(test)]
mod tests;
