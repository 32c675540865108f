//! The one place where a password is compared with an account's.

use std::sync::Arc;

use crate::error::{AuthError, StoreError, TokenRejection};
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
        let attempt = self.attempt(email, client, false);
        self.compare(&attempt, password, account).await
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
        let attempt = self.attempt(&account.user.email, client, true);
        if self.compare(&attempt, password, Some(&account)).await? {
            return Ok(account);
        }
        // The account may have been deleted meanwhile.
        users.find(&caller.user_id).await?.ok_or(TokenRejection::UserDeleted)?;
        Err(AuthError::WrongPassword)
    }

    /// Lets the user's next attempts from where this call comes from count for themselves. That this
    /// fails is no reason to undo what the user came for.
    pub(crate) async fn welcome(&self, user: &User, client: &ClientInfo) {
        let attempt = self.attempt(&user.email, client, false);
        drop(self.attempts.succeed(&attempt, &user.id).await);
    }

    /// Whether the password is the account's. Its place among those that wait comes first: whoever
    /// is turned away for want of one has not guessed, and nothing is counted.
    async fn compare(
        &self,
        attempt: &LoginAttempt,
        password: Password,
        account: Option<&Account>,
    ) -> Result<bool, AuthError> {
        let place = self.hasher.queue()?;
        if let Admission::Wait(wait) = self.attempts.admit(attempt).await? {
            return Err(AuthError::TooManyAttempts(wait));
        }
        let hash = account.and_then(|account| account.password_hash.clone());
        let matches = self.hasher.verify(place, password, hash).await?;
        let Some(account) = account.filter(|_| matches) else { return Ok(false) };
        match self.attempts.succeed(attempt, &account.user.id).await {
            Ok(()) => Ok(true),
            // The account was deleted while its password was being compared.
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn attempt(&self, email: &Email, client: &ClientInfo, is_caller: bool) -> LoginAttempt {
        LoginAttempt {
            email: email.clone(),
            network: client.address.map(Network::of),
            is_caller,
            now: self.clock.now(),
        }
    }
}

#[cfg(test)]
mod tests;
